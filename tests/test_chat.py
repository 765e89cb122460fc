"""Chat templates in the styles of the families there are: what stands around what we say, rendered in a sandbox."""

import json

import pytest

from copilot.inference.chat import chat
from copilot.inference.manifest import ModelUnusable
from tests.checkpoints import CHATML

LLAMA = (
    "{{- bos_token }}{%- if date_string is not defined %}{% set date_string = strftime_now('%d %b %Y') %}{% endif -%}"
    "{%- for m in messages %}<|start_header_id|>{{ m['role'] }}<|end_header_id|>\n\n"
    "{% if m['role'] == 'system' %}Today: {{ date_string }}\n{% endif %}{{ m['content'] | trim }}<|eot_id|>"
    "{% endfor -%}"
    "{%- if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
GEMMA = (
    "{{ bos_token }}{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}"
    "{% for m in messages %}<start_of_turn>{{ 'model' if m.role == 'assistant' else m.role }}\n{{ m.content | trim }}"
    "<end_of_turn>\n{% endfor %}{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
MISTRAL = (
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]"
    "{% elif m.role == 'assistant' %} {{ m.content }}{{ eos_token }}{% endif %}{% endfor %}"
)
PHI = (
    "{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
THINKING = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{% generation %}{{ m.content }}{% endgeneration %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and enable_thinking is false %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)


def framed(folder, template, **tokens):
    config = {"bos_token": "<s>", "eos_token": {"content": "</s>", "special": True}, "chat_template": template} | tokens
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    found = chat(folder)
    return found and (found.before, found.between, found.after, found.end)


@pytest.mark.parametrize(
    ("template", "before", "between", "after", "end"),
    [
        (
            CHATML, "<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n", "<|im_end|>\n<|im_start|>assistant\n",
            "<|im_end|>",
        ),
        (
            LLAMA, "<s><|start_header_id|>system<|end_header_id|>\n\nToday: 26 Jul 2024\n",
            "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
            "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n", "<|eot_id|>",
        ),
        (GEMMA, "<s><start_of_turn>user\n", "\n\n", "<end_of_turn>\n<start_of_turn>model\n", "<end_of_turn>"),
        (MISTRAL, "<s>[INST] ", "\n\n", " [/INST]", "</s>"),
        (PHI, "<|system|>\n", "<|end|>\n<|user|>\n", "<|end|>\n<|assistant|>\n", "<|end|>"),
        (
            THINKING, "<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n",
            "<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n", "<|im_end|>",
        ),
    ],
    ids=["chatml", "llama", "gemma", "mistral", "phi", "thinking"],
)  # fmt: skip
def test_the_families_frames(tmp_path, template, before, between, after, end):
    assert framed(tmp_path, template) == (before, between, after, end)


def test_of_several_templates_the_default_is_used_and_a_file_comes_first(tmp_path):
    several = [{"name": "tool_use", "template": "x"}, {"name": "default", "template": PHI}]
    assert framed(tmp_path, several)[0] == "<|system|>\n"
    (tmp_path / "chat_template.jinja").write_text(CHATML)
    assert framed(tmp_path, several)[0] == "<|im_start|>system\n"


@pytest.mark.parametrize("template", [None, "", []])
def test_a_model_without_a_template_has_no_frame(tmp_path, template):
    assert framed(tmp_path, template) is None
    (tmp_path / "tokenizer_config.json").unlink()
    assert chat(tmp_path) is None


@pytest.mark.parametrize(
    "template",
    [
        "{% for m in messages %}", "{{ messages[7].content }}", "nothing of ours", "{{ raise_exception('never') }}",
        "{% for m in messages %}{{ m.content }}{{ m.content }}{% endfor %}", "{{ 1 / messages }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ messages.append(1) }}",
    ],
)  # fmt: skip
def test_a_template_that_fails_is_named_with_what_to_do(tmp_path, template):
    with pytest.raises(ModelUnusable, match=r"chat template of .* cannot be used .*chat_template\.jinja"):
        framed(tmp_path, template)


def test_a_configuration_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "tokenizer_config.json").write_text("{")
    with pytest.raises(ModelUnusable, match=r"tokenizer_config\.json cannot be read"):
        chat(tmp_path)
