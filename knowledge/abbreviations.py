"""What the knowledge base says that an abbreviation stands for, read into a question that uses it.

Invariant: a question is only added to, and only with words of passages that its search may see.

A customer writes "2FA" or "RGPD" where an article says "two-factor authentication" or "règlement européen"; neither
arm knows that they are one, but most knowledge bases say so somewhere.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from copilot.language.abbreviations import SHORTEST, explained, short_form
from copilot.language.words import STOP_WORDS
from copilot.privacy.text import Redacted
from knowledge.models import Abbreviation, Passage
from knowledge.scope import Scope

# More abbreviations than this in one text, and they are no longer what it is about.
MOST = 5
_WORD = re.compile(r"\w[\w&-]+")
# The long form that most passages give; of those that explain a short form, the first so many count.
_STANDS_FOR = """
SELECT asked.short, found.long FROM unnest(%(asked)s::text[]) AS asked(short) CROSS JOIN LATERAL (
    SELECT long FROM (
        SELECT long FROM knowledge_abbreviation WHERE short = asked.short AND {scope} ORDER BY passage_id LIMIT 500
    ) seen GROUP BY long ORDER BY count(*) DESC, long LIMIT 1
) found
"""


def write(passages: Iterable[Passage]) -> None:
    """Keep what passages, which are written already, explain; each comes with its version."""
    Abbreviation.objects.bulk_create(
        Abbreviation(passage=passage, short=short, long=long, language=passage.language, visibility=passage.visibility)
        for passage in passages
        for short, long in sorted(explained(_text(passage)))
    )


def _text(passage: Passage) -> str:
    """A title is the first passage's."""
    title = passage.version.title if passage.position == 0 else ""
    return "\n".join((title, passage.heading, passage.text))


def glossed(texts: Sequence[Redacted], scope: Scope) -> list[Redacted]:
    """Each text with long forms after its abbreviations, as passages in `scope` explain them; the same where none is.

    An abbreviation that the text spells out itself is left alone. The other way, from long forms to short ones, was no
    better (docs/adr/0018).
    """
    written = [_short_forms(text.text) for text in texts]
    long_of = _long_forms({form for forms in written for form in forms}, scope)
    return [_added(text, forms, long_of) for text, forms in zip(texts, written, strict=True)]


def _added(text: Redacted, forms: Mapping[str, str], long_of: Mapping[str, str]) -> Redacted:
    lower = text.text.lower()
    explained = {word: long_of[form] for form, word in forms.items() if form in long_of and long_of[form] not in lower}
    return text.glossed(dict(list(explained.items())[:MOST]))


def _short_forms(text: str) -> dict[str, str]:
    """Short forms that the text may use, each with the word that stands for it there, in their order."""
    found: dict[str, str] = {}
    for word in _WORD.findall(text):
        form = short_form(word)
        if form and (_is_written_short(word) or (len(form) > SHORTEST and not _is_common(form))):
            found.setdefault(form, word)
    return found


def _is_written_short(word: str) -> bool:
    return word.isupper() or sum(map(str.isupper, word)) > 1


def _is_common(form: str) -> bool:
    return any(form in words for words in STOP_WORDS.values())


def _long_forms(forms: set[str], scope: Scope) -> dict[str, str]:
    if not forms:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDS_FOR.format(scope=scope.sql), {"asked": sorted(forms), **scope.parameters})
        return dict(cursor.fetchall())
