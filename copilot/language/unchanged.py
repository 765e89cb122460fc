"""What a translation may not change: numbers, money, units of time, days and months, the same in both languages.

Invariant: equal things have equal names here, in whichever language they were said; a text in English and its
faithful translation to French give the same sets. Words with a second meaning (`May`, `livre`) are left out.
"""

import re

_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3}\b)*(?:[.,]\d+)*")
_FULL_HOUR = re.compile(r"(?<=\d):00\b")  # 18:00 is 18 h
# Small numbers that are written out. One is left out: in French it is also the article.
_WRITTEN = {
    "2": "two|twice|deux", "3": "three|trois", "4": "four|quatre", "5": "five|cinq", "6": "six", "7": "seven|sept",
    "8": "eight|huit", "9": "nine|neuf", "10": "ten|dix", "12": "twelve|douze", "15": "fifteen|quinze",
    "20": "twenty|vingt", "30": "thirty|trente",
}  # fmt: skip
_MONEY = {
    "£": "£|pounds?(?! of)|livres sterling", "€": "€|euros?|eur", "$": r"\$|dollars?|usd", "cent": "cents?|centimes?",
    "%": "%|per ?cent|pour ?cent",
}  # fmt: skip
_TIMES = {
    "second": "seconds?(?= |$|[.,;])|secondes?", "minute": "minutes?|mins?",
    "hour": r"hours?|hourly|(?<!['’])heures?|h|(?<=\d):(?=\d\d)",
    "day": "days?|daily|(?<!à )jours?|journ[ée]es?|quotidien\\w*", "week": "weeks?|weekly|semaines?|hebdomadaires?",
    "month": "months?|monthly|mois|mensuel\\w*",
    "year": "years?|yearly|annual\\w*|ans|(?:un|par) an|ann[ée]es?|annuel\\w*",
}  # fmt: skip
_SIZES = {
    "KB": "kb|ko", "MB": "mb|mo", "GB": "gb|go", "TB": "tb|to(?= )", "g": "g", "kg": "kg", "lb": "lbs?", "km": "km",
    "m": "m|met(?:re|er)s?|mètres?", "cm": "cm", "mm": "mm", "kWh": "kwh", "W": "w|watts?", "V": "v|volts?", "l": "l",
}  # fmt: skip
_DATES = {
    "monday": "monday|lundi", "tuesday": "tuesday|mardi", "wednesday": "wednesday|mercredi",
    "thursday": "thursday|jeudi", "friday": "friday|vendredi", "saturday": "saturday|samedi",
    "sunday": "sunday|dimanche", "january": "january|janvier", "february": "february|f[ée]vrier",
    "april": "april|avril",
    "june": "june|juin", "july": "july|juillet", "august": "august|ao[uû]t", "september": "september|septembre",
    "october": "october|octobre", "november": "november|novembre", "december": "december|d[ée]cembre",
}  # fmt: skip
# After a number these are months too.
_MONTHS = {**dict(list(_DATES.items())[7:]), "march": "march|mars", "may": "may|mai"}


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE)


_NAMED = {name: _pattern(words) for name, words in {**_MONEY, **_TIMES, **_DATES}.items()}
_NAMED["second"] = _pattern("seconds|secondes")  # alone, `second` is also an ordinal
_SPELT = {digits: _pattern(words) for digits, words in _WRITTEN.items()}
_AFTER = {
    name: re.compile(
        rf"\s*(?:(?:working|business|calendar|whole|full|more|de l[ae])\s+)?(?:{words})(?![^\W\d_])", re.IGNORECASE
    )
    for name, words in {**_MONEY, **_TIMES, **_SIZES, **_MONTHS}.items()
}
_BEFORE = {name: re.compile(rf"{re.escape(name)}\s*$") for name in "£€$"}
_MONTH_BEFORE = {name: re.compile(rf"\b(?:{words})\s+$", re.IGNORECASE) for name, words in _MONTHS.items()}


def numbers(text: str) -> set[str]:
    """The numbers of `text`, written in digits or small ones in letters: `£1,690`, `1 690 €` and `1690` are one."""
    written = {digits for digits, pattern in _SPELT.items() if pattern.search(text)}
    return written | {bare(match) for match in _NUMBER.findall(_FULL_HOUR.sub("", text))}


def digits_for_words(text: str) -> str:
    """The text with small written numbers as digits."""
    for digits, pattern in _SPELT.items():
        text = pattern.sub(digits, text)
    return text


def bare(number: str) -> str:
    """Without thousands' separators, with a point before decimals, and no zeros after them."""
    joined = re.sub(r"[.,\s](?=\d{3}(?!\d))", "", number).replace(",", ".")
    return joined.rstrip("0").rstrip(".") if "." in joined else joined


def unit_after(text: str) -> str:
    """The unit that `text`, what follows a number, begins with; empty when it begins with none."""
    return next((name for name, pattern in _AFTER.items() if pattern.match(text)), "")


def unit_before(text: str) -> str:
    """The currency or month that stands right before a number, at the end of `text`; else empty."""
    either = {**_BEFORE, **_MONTH_BEFORE}
    return next((name for name, pattern in either.items() if pattern.search(text)), "")


def named(text: str) -> set[str]:
    """Money, units of time, weekdays and months that `text` speaks of."""
    return {name for name, pattern in _NAMED.items() if pattern.search(text)}


def is_date(word: str) -> bool:
    """Whether the word is a weekday or a month, which English capitalises and French does not."""
    return any(_NAMED[name].fullmatch(word) for name in _DATES)
