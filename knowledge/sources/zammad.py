"""Zammad's knowledge base (https://docs.zammad.org/en/latest/api/knowledgebase/index.html).

`POST /api/v1/knowledge_bases/init` gives tables of categories, answers and translations; it gives the texts only of
the contents that it is asked for. An answer is public once `published_at` is past, internal once `internal_at` is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from knowledge.sources.api import Api, Row, article, whole
from knowledge.sources.base import Item

_INIT = "/api/v1/knowledge_bases/init"
AT_ONCE = 50
Tables = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Zammad:
    """Every answer that is public or internal, in each of its languages."""

    api: Api

    def documents(self) -> Iterator[Item]:
        """A few texts at a time."""
        return whole(self._documents(), self.api.base)

    def _documents(self) -> Iterator[Item]:
        tables = self._tables({})
        wanted = iter([row for row in _rows(tables, "KnowledgeBaseAnswerTranslation") if _visibility(tables, row)])
        while some := list(islice(wanted, AT_ONCE)):
            texts = self._texts(some)
            for row in some:
                yield self._answer(tables, row, texts[str(row["content_id"])])

    def _tables(self, asked: Mapping[str, object]) -> Tables:
        answer = self.api.post(_INIT, asked)
        tables: Tables = answer.get("assets", answer)
        return tables

    def _texts(self, rows: Sequence[Row]) -> Mapping[str, Any]:
        tables = self._tables({"answer_translation_content_ids": [row["content_id"] for row in rows]})
        return tables["KnowledgeBaseAnswerTranslationContent"]

    def _answer(self, tables: Tables, row: Row, content: Row) -> Item:
        answer = tables["KnowledgeBaseAnswer"][str(row["answer_id"])]
        locale = _locale(tables, row["kb_locale_id"])
        base = tables["KnowledgeBaseCategory"][str(answer["category_id"])]["knowledge_base_id"]
        where = f"#knowledge_base/{base}/locale/{locale}/answer/{answer['id']}"
        return article(
            {"id": answer["id"], "title": row["title"]}, body=content["body"] or "", locale=locale,
            section=_section(tables, answer["category_id"], row["kb_locale_id"]), visibility=_visibility(tables, row),
            address=f"{self.api.base.rstrip('/')}/{where}",
        )  # fmt: skip


def _rows(tables: Tables, name: str) -> Iterator[Row]:
    for key in sorted(tables.get(name, {}), key=int):
        yield tables[name][key]


def _visibility(tables: Tables, translation: Row) -> str:
    """Empty for what is archived, or not out yet."""
    answer = tables["KnowledgeBaseAnswer"][str(translation["answer_id"])]
    if _is_past(answer.get("archived_at")):
        return ""
    return (
        "public" if _is_past(answer.get("published_at")) else "internal" if _is_past(answer.get("internal_at")) else ""
    )


def _is_past(moment: str | None) -> bool:
    parsed = parse_datetime(moment) if moment else None
    return parsed is not None and parsed <= timezone.now()


def _locale(tables: Tables, kb_locale: int) -> str:
    system = tables["KnowledgeBaseLocale"][str(kb_locale)]["system_locale_id"]
    return str(tables.get("Locale", {}).get(str(system), {}).get("locale", ""))


def _section(tables: Tables, category: int, kb_locale: int) -> str:
    named = [row for row in _rows(tables, "KnowledgeBaseCategoryTranslation") if row["category_id"] == category]
    return next((str(row["title"]) for row in sorted(named, key=lambda row: row["kb_locale_id"] != kb_locale)), "")
