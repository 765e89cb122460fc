"""Amounts as pairs of number and unit, the same in English and French: `£39`, `10 working days`, `18:00`, `3 March`.

Invariant: two texts that state the same amounts give equal sets, however they write them. A number without a unit
that we know is a pair with an empty unit. Both ends of a range carry its unit, and a range is one more pair, so that
"5 to 10 days" is not "10 days".
"""

import re

from copilot.language.unchanged import bare, digits_for_words, unit_after, unit_before

Amount = tuple[str, str]
_CLOCK_UNIT = "o'clock"
_NUMBER = r"\d+(?:[ \u00a0\u202f]\d{3}\b)*(?:[.,]\d+)*"
_FOUND = re.compile(_NUMBER)
_CLOCK = re.compile(r"\b(\d{1,2})(?::(\d\d)| ?h(?: ?(\d\d))?\b)(?: ?(am|pm)\b)?|\b(\d{1,2}) ?(am|pm)\b", re.IGNORECASE)
_BETWEEN = re.compile(r"^[^\d,.;]{0,12}?\b(?:to|and|or|et|à|ou)\b[^\d,.;]{0,4}$|^\s*[-–]\s*$")


def amounts(text: str) -> set[Amount]:
    """Every amount of the text; written small numbers count as digits."""
    rest, clocks = _without_clocks(digits_for_words(text))
    found = list(_FOUND.finditer(rest))
    units = [unit_before(rest[: match.start()]) or unit_after(rest[match.end() :]) for match in found]
    result = set(clocks)
    for n, match in enumerate(found):
        following = found[n + 1] if n + 1 < len(found) else None
        if following and _BETWEEN.match(rest[match.end() : following.start()]):
            units[n] = units[n] or units[n + 1]
            result.add((f"{bare(match[0])}-{bare(following[0])}", units[n]))
        result.add((bare(match[0]), units[n]))
    return result


def even_clocks(text: str) -> str:
    """The text with hours of the twelve-hour clock as the others are written: `6 pm` as `18:00`."""
    return _CLOCK.sub(lambda match: _of_day(match) if match[4] or match[6] else match[0], text)


def _without_clocks(text: str) -> tuple[str, list[Amount]]:
    clocks: list[Amount] = []

    def note(match: re.Match[str]) -> str:
        clocks.append((_of_day(match), _CLOCK_UNIT))
        return " ; "

    return _CLOCK.sub(note, text), clocks


def _of_day(match: re.Match[str]) -> str:
    """Hours and minutes on a clock of 24 hours."""
    hour, half = int(match[1] or match[5]), (match[4] or match[6] or "").lower()
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return f"{hour}:{match[2] or match[3] or '00'}"


def conflicts(said: set[Amount], held: set[Amount]) -> bool:
    """Whether an amount that is said is not held: another number, or the same with another unit."""
    return any(not any(_same(amount, other) for other in held) for amount in said)


def _same(amount: Amount, other: Amount) -> bool:
    if {amount[1], other[1]} == {_CLOCK_UNIT, "hour"}:  # "18 h" is an hour of the day or a time it takes
        return amount[0].removesuffix(":00") == other[0].removesuffix(":00")
    return amount[0] == other[0] and (amount[1] == other[1] or not amount[1] or not other[1])
