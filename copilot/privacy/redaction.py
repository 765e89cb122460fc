"""`redact`: a customer's words to text that a model may read.

Invariant: `redact(x).restore() == x` for every x, and no placeholder ever stands for two values. What already looks
like a placeholder when it comes in is itself replaced, so nobody can type their way to another person's data.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from copilot.privacy.births import birth_dates
from copilot.privacy.companies import bics, companies
from copilot.privacy.credentials import credentials
from copilot.privacy.detectors import cards, emails, ibans, ip_addresses
from copilot.privacy.identity import id_numbers, lone_numbers
from copilot.privacy.links import private_links
from copilot.privacy.names import people_in
from copilot.privacy.phones import phones
from copilot.privacy.policy import DEFAULT, Policy
from copilot.privacy.references import references
from copilot.privacy.secrets import secrets
from copilot.privacy.spans import HIDDEN, KINDS, Span, merge
from copilot.privacy.tagging import tagged
from copilot.privacy.text import PLACEHOLDER, Redacted

DETECTORS = (
    emails, phones, cards, ibans, bics, ip_addresses, private_links, id_numbers, companies, birth_dates, secrets,
    credentials, lone_numbers, tagged,
)  # fmt: skip
MIN_KNOWN = 4  # characters; a shorter value known from before is only masked where a detector sees it


def redact(
    text: str, *, people: Sequence[str] = (), known: Mapping[str, str] | None = None, policy: Policy = DEFAULT
) -> Redacted:
    """`text` with every private value and `people` replaced by `[KIND_n]`, as `policy` says.

    `people` are names the ticket knows. `known` holds the placeholders the ticket has issued so far: a value among
    them gets its placeholder again, and new numbers go on from theirs. The result's `originals` are `known` and the
    new ones together. Raises ValueError when a key of `known` is not a placeholder.
    """
    issued = _Issued(known or {})
    pieces, end = [], 0
    for span in spans(text, people, issued.originals, policy):
        pieces += [text[end : span.start], issued.placeholder(span.kind, text[span.start : span.end])]
        end = span.end
    return Redacted("".join([*pieces, text[end:]]), issued.originals)


def spans(
    text: str, people: Sequence[str] = (), known: Mapping[str, str] | None = None, policy: Policy = DEFAULT
) -> list[Span]:
    """What `redact` masks in `text`, in order and without overlaps."""
    typed = [Span(*match.span(), "TEXT") for match in PLACEHOLDER.finditer(text)]
    found = policy.without_allowed(text, _found(text, people, known or {}, policy))
    return merge([*typed, *found])


def _found(text: str, people: Sequence[str], known: Mapping[str, str], policy: Policy) -> Iterator[Span]:
    for detector in DETECTORS:
        yield from detector(text)
    if policy.optional:
        yield from (span for span in references(text) if span.kind in policy.optional)
    yield from policy.custom(text)
    yield from people_in(text, people)
    yield from _seen_before(text, known)


def _seen_before(text: str, known: Mapping[str, str]) -> Iterator[Span]:
    """Values already masked in this ticket, also where their surroundings would not give them away."""
    for placeholder, value in known.items():
        kind = _kind(placeholder)
        if kind == HIDDEN:  # a person has said so: however short it is, and over a line's end
            pattern = r"\s+".join(map(re.escape, value.split()))
        elif len(value) >= MIN_KNOWN and value in text:
            pattern = re.escape(value)
        else:
            continue
        for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text):
            yield Span(*match.span(), kind)


def _kind(placeholder: str) -> str:
    return placeholder[1:].rpartition("_")[0]


class _Issued:
    """Placeholders given so far, in both directions."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self.originals = dict(known)
        self._placeholders = {value: placeholder for placeholder, value in known.items()}
        self._last: dict[str, int] = defaultdict(int)
        for placeholder in known:
            if not PLACEHOLDER.fullmatch(placeholder) or _kind(placeholder) not in KINDS:
                raise ValueError("a key of `known` is not a placeholder such as [EMAIL_1]")
            number = int(placeholder[1:-1].rpartition("_")[2])
            self._last[_kind(placeholder)] = max(number, self._last[_kind(placeholder)])

    def placeholder(self, kind: str, value: str) -> str:
        if value not in self._placeholders:
            self._last[kind] += 1
            placeholder = f"[{kind}_{self._last[kind]}]"
            self._placeholders[value] = placeholder
            self.originals[placeholder] = value
        return self._placeholders[value]
