"""Small checkpoints with random weights and a real byte-level BPE, for tests of what a customer may plug in."""

import json
from pathlib import Path

END, START = "<|im_end|>", "<|im_start|>"
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TEXTS = [
    "A duplicate charge is refunded to the card within 10 working days. It needs no action from you. [1] [2]",
    "Use only the numbered facts between <facts> and </facts>. End every sentence with the number of its fact.",
    "To pair the bike: open Settings, press Pairing on the bike, confirm the pairing code. <ticket> </ticket>",
]
VOCABULARY = 420


def tokenizer(folder, template=CHATML, closing=""):
    """A byte-level BPE trained here, saved as transformers does; `closing` ends what an encoder reads."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=["<pad>", "</s>", START, END, "<unk>", "<s>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False,
    )  # fmt: skip
    made.train_from_iterator(TEXTS, trainer)
    if closing:
        number = made.token_to_id(closing)
        made.post_processor = processors.TemplateProcessing(f"$A {closing}", special_tokens=[(closing, number)])
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", bos_token="<s>"
    )
    fast.chat_template = template
    fast.save_pretrained(folder)


def causal(folder, family="Qwen2", template=CHATML, **changes):
    """A decoder-only checkpoint of `family`; weights wide enough that texts differ from prompt to prompt."""
    import torch
    import transformers

    tokenizer(folder, template)
    sizes = {
        "vocab_size": VOCABULARY, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 2048,
        "bos_token_id": None, "eos_token_id": 1, "pad_token_id": 0,
    }  # fmt: skip
    torch.manual_seed(0)
    config = getattr(transformers, f"{family}Config")(**sizes | changes)
    model = getattr(transformers, f"{family.removesuffix('Text')}ForCausalLM")(config)
    _widened(model).save_pretrained(folder)
    generation = {"eos_token_id": [1, 3]}
    (folder / "generation_config.json").write_text(json.dumps(generation))
    return str(folder)


def t5(folder):
    """An encoder-decoder checkpoint."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    tokenizer(folder, template=None, closing="</s>")
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=VOCABULARY, d_model=32, d_kv=8, d_ff=64, num_layers=1, num_heads=4, decoder_start_token_id=0,
        pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    _widened(T5ForConditionalGeneration(config)).save_pretrained(folder)
    return str(folder)


def _widened(model):
    import torch

    for weights in model.parameters():
        if weights.dim() > 1:
            torch.nn.init.normal_(weights, std=0.3)
    return model


def copied(source: Path, target: Path, **changed: str) -> Path:
    """The converted folder again, with other contents in some files (`a__json` stands for a.json)."""
    target.mkdir()
    for file in source.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    for name, text in changed.items():
        (target / name.replace("__", ".")).write_text(text)
    return target
