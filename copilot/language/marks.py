"""A model's text read leniently: its sentences, and the numbers that each of them names, however it writes them.

Invariant: reading adds no word; what is taken away is marks, layout, a model's aside and a sentence that was not ended.
"""

import re
from dataclasses import dataclass

from copilot.language.sentences import sentences

_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL | re.IGNORECASE)
_TURN_ENDS = re.compile(r"<[|｜](?:im_end|eot_id|end|endoftext|end_of_text|eot)[|｜]>|<end_of_turn>|</s>|<eos>")
_CONTROL = re.compile(r"<[|｜][^<>|｜\n]{1,40}[|｜]>|<start_of_turn>|<s>|<bos>|<pad>|\[/?INST\]")
_FENCE = re.compile(r"^\s*```.*$", re.MULTILINE)
_LAYOUT = re.compile(r"^\s*(?:>\s+|#{1,6}\s+|[-*•]\s+|\d{1,2}[.)]\s+)+", re.MULTILINE)
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")

_LIST = r"\^?\d{1,2}(?:\s*(?:[,;&–-]|,?\s*(?:and|et))\s*\^?\d{1,2})*"
_WORD = r"(?:sources?|facts?|faits?|passages?|preuves?|evidence|réf(?:érence)?s?|ref(?:erence)?s?)\.?\s*(?:n°|#|:)?\s*"
_BRACKETED = re.compile(rf"[\[【]\s*(?:{_WORD})?#?\s*({_LIST})\s*[\]】]", re.IGNORECASE)
# "(10) of them" is no mark: what is only in round brackets closes something.
_ROUND = re.compile(
    rf"\(\s*{_WORD}\[?\s*({_LIST})\s*\]?\s*\)|\(\s*\[?({_LIST})\]?\s*\)(?=\s*(?:[.!?,;:([]|$))",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = re.compile(rf"(?<!\w)(?:sources?|réf\w*\.?|ref\w*\.?)\s*:\s*({_LIST})(?!\w)", re.IGNORECASE)
_RAISED = re.compile(r"(?:(?<=[.!?,;:»”\"')])|(?<=[^\W\d]{3}))([⁰¹²³⁴-⁹]{1,2})(?!\w)")
_RAISED_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

_MARK = r"\[\d{1,2}(?:,\d{1,2})*\]"
_MARKS = re.compile(rf"\s*{_MARK}")
_FOLLOWS_STOP = re.compile(rf"([.!?…][\"”»')]*)\s*({_MARK}(?:[\s,]*{_MARK})*)(?:\s*\.(?!\w))?[ \t]*")
_LEADS = re.compile(rf"\s*{_MARK}\s*[^\W\d]")
_ENDS = re.compile(rf"(?:[.!?…:][\"”»')\]]*|{_MARK})\s*$")


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence without its marks, and the numbers they name, in order."""

    text: str
    numbers: tuple[int, ...]


def read(text: str, language: str) -> list[Said]:
    """The sentences of a generated text; one that was cut off in the middle is left out."""
    marked = _marked(_prose(text))
    found = sentences(_led(marked) if _LEADS.match(marked) else _FOLLOWS_STOP.sub(r" \2\1 ", marked), language)
    if found and not _ENDS.search(found[-1]):
        found.pop()
    said = (Said(_MARKS.sub("", sentence).strip(), _numbers(sentence)) for sentence in found)
    return [one for one in said if any(map(str.isalnum, one.text))]


def _prose(text: str) -> str:
    """Without thoughts aloud, leftovers of the chat template, and Markdown; nothing after the end of the turn."""
    spoken = _THOUGHT.sub("", text).rpartition("</think>")[2]
    turn = _CONTROL.sub(" ", _TURN_ENDS.split(spoken.strip(), maxsplit=1)[0])
    return _BOLD.sub(r"\2", _LAYOUT.sub("", _FENCE.sub("", turn))).strip()


def _marked(text: str) -> str:
    """Every way to name a source becomes `[1]` or `[1,2]`."""
    text = _RAISED.sub(lambda match: f"[{match[1].translate(_RAISED_DIGITS)}]", text)
    for way in (_ROUND, _BRACKETED, _NAMED):
        text = way.sub(_mark, text)
    return text


def _mark(match: re.Match[str]) -> str:
    return f"[{','.join(re.findall(r'[0-9]+', match[0]))}]"


def _led(text: str) -> str:
    """The marks stand before their sentences: each begins a line."""
    return re.sub(rf"([.!?…][\"”»')]*)\s*(?={_MARK}\s*[^\W\d])", "\\1\n", text)


def _numbers(sentence: str) -> tuple[int, ...]:
    named = [int(number) for mark in re.findall(_MARK, sentence) for number in re.findall(r"\d+", mark)]
    return tuple(dict.fromkeys(named))
