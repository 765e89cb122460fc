"""A model's own chat template, rendered once: what stands before, between and after what we say.

Invariant: a template sees no text of a customer or of an article, only our markers, so nothing that anybody writes can
change how it is rendered; and it runs in a sandbox, since it comes with the model.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, TemplateError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from copilot.inference.manifest import ModelUnusable

_FIXED, _ASKED, _REPLY = "souffleur-fixed-part", "souffleur-asked-part", "souffleur-reply-part"
_SEPARATOR = "\n\n"
# Some templates print the day; ours never changes, so that a prompt stays the same prompt.
_DAY = date(2024, 7, 26)
_FILE = "chat_template.jinja"


@dataclass(frozen=True, slots=True)
class Chat:
    """`before` the instructions, `between` them and what is asked, `after` it; `end` is what closes a reply."""

    before: str
    between: str
    after: str
    end: str


def chat(folder: Path) -> Chat | None:
    """The chat frame of the model at `folder`, None where it has no template. Raises ModelUnusable."""
    config = _config(folder)
    source = _source(folder, config)
    if not source.strip():
        return None
    try:
        return _framed(source, {"bos_token": _token(config, "bos_token"), "eos_token": _token(config, "eos_token")})
    except (TemplateError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise ModelUnusable(
            f"the chat template of {folder} cannot be used ({error}): put one that can into {folder / _FILE}; "
            "an empty file there means that the model has none"
        ) from error


def _config(folder: Path) -> dict[str, Any]:
    file = folder / "tokenizer_config.json"
    if not file.exists():
        return {}
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelUnusable(f"{file} cannot be read ({error}): run `manage.py convert` again") from error


def _source(folder: Path, config: dict[str, Any]) -> str:
    """The template: a file of its own, a string, or the one called default of several."""
    if (folder / _FILE).exists():
        return (folder / _FILE).read_text(encoding="utf-8")
    said = config.get("chat_template") or ""
    if isinstance(said, list):
        named = {entry["name"]: entry["template"] for entry in said}
        said = named.get("default", "")
    return str(said)


def _token(config: dict[str, Any], name: str) -> str:
    said = config.get(name) or ""
    return str(said.get("content", "") if isinstance(said, dict) else said)


def _framed(source: str, tokens: dict[str, str]) -> Chat:
    template = _environment().from_string(source)

    def rendered(*messages: tuple[str, str], reply: bool = True) -> str:
        told = [{"role": role, "content": content} for role, content in messages]
        return template.render(messages=told, add_generation_prompt=reply, enable_thinking=False, tools=None, **tokens)

    apart = [("system", _FIXED), ("user", _ASKED)]
    together = [("user", f"{_FIXED}{_SEPARATOR}{_ASKED}")]
    messages = apart if _has_system(rendered, apart) else together
    before, rest = _split(rendered(*messages), _FIXED)
    between, after = _split(rest, _ASKED)
    return Chat(before, between, after, _end(rendered, messages))


def _has_system(rendered: Any, messages: list[tuple[str, str]]) -> bool:
    """Whether the template takes a system message; Gemma's and the older Mistral's refuse or forget it."""
    try:
        return _FIXED in rendered(*messages)
    except TemplateError:
        return False


def _end(rendered: Any, messages: list[tuple[str, str]]) -> str:
    """What the template puts after a finished reply."""
    return _split(rendered(*messages, ("assistant", _REPLY), reply=False), _REPLY)[1].strip()


def _split(text: str, marker: str) -> tuple[str, str]:
    if text.count(marker) != 1:
        raise ValueError("it does not show each message exactly once")
    before, _, after = text.partition(marker)
    return before, after


def _environment() -> Environment:
    """As templates of checkpoints expect it: trimmed blocks, `break`, and a few functions."""
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols", _Generation]
    )
    environment.filters["tojson"] = _as_json
    environment.globals["raise_exception"] = _refuse
    environment.globals["strftime_now"] = _DAY.strftime
    return environment


def _as_json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse(message: str) -> str:
    raise TemplateError(message)


class _Generation(Extension):
    """`{% generation %}` marks what a model is trained on; for us it is only its body."""

    tags = {"generation"}

    def parse(self, parser: Parser) -> list[nodes.Node]:
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)
