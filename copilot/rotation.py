"""Sealed values, rewritten with the first key.

Invariant: a value is replaced only while it is what was read, in a transaction of a few values; so what a process
writes meanwhile stands, and a rotation that is killed has done whole values only and goes on when it is begun again.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from copilot.sealed import SealedBinaryField, SealedTextField

# Values read at once: texts are small, files may be ten megabytes each.
TEXTS, FILES = 500, 5
# What no key opens is counted under this.
NOBODY = -1
Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Column:
    """A sealed column of a table."""

    table: str
    key: str
    name: str
    is_binary: bool

    def __str__(self) -> str:
        return f"{self.table}.{self.name}"


def columns() -> list[Column]:
    """Every sealed column of every model, whoever defined it."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if isinstance(field, SealedTextField | SealedBinaryField):
                found.append(_column(model, field))
    return sorted(found, key=str)


def _column(model: type[models.Model], field: "models.Field[Any, Any]") -> Column:
    key = model._meta.pk.column if model._meta.pk else None
    assert key and field.column, f"{model} has a sealed column and no key of one column"
    return Column(model._meta.db_table, key, field.column, isinstance(field, SealedBinaryField))


def names() -> list[str]:
    """What tells the configured keys apart without showing them, in their order."""
    return [sha256(key.encode()).hexdigest()[:8] for key in settings.ENCRYPTION_KEYS]


def count(tell: Tell) -> Counter[int]:
    """How many values each key (by its place) opens; NOBODY for those that none does."""
    found: Counter[int] = Counter()
    for column in columns():
        for number, batch in enumerate(_batches(column)):
            found.update(_opened_by(token)[0] for _key, token in batch)
            tell(str(column), number)
    found.update(_opened_by(token)[0] for _row, _name, token in factors())
    return found


def rotate(tell: Tell) -> tuple[int, int]:
    """Seal with the first key whatever another one has sealed: (rewritten, opened by no key)."""
    rewritten = lost = 0
    for column in columns():
        done = 0
        for batch in _batches(column):
            for key, token in batch:
                place, plain = _opened_by(token)
                lost += place == NOBODY
                if place > 0:
                    done += _replace(column, key, token, _first().encrypt(plain))
            tell(str(column), done)
        rewritten += done
    for row, name, token in factors():
        place, plain = _opened_by(token)
        lost += place == NOBODY
        if place > 0:
            rewritten += _replace_factor(row, name, _first().encrypt(plain))
    return rewritten, lost


def factors() -> Iterator[tuple[Any, str, bytes]]:
    """(row, name, token) of the secrets of second factors, which django-allauth keeps as values of a JSON column."""
    for row in apps.get_model("mfa", "Authenticator").objects.order_by("pk").iterator():
        yield from ((row, name, row.data[name].encode()) for name in ("secret", "seed") if name in row.data)


def _replace_factor(row: Any, name: str, new: bytes) -> int:
    fresh = {**row.data, name: new.decode()}
    return int(type(row).objects.filter(pk=row.pk, data=row.data).update(data=fresh))


def _batches(column: Column) -> Iterator[Sequence[tuple[Any, bytes]]]:
    """(key, token) of the values that are set, in the order of their keys."""
    quote = connection.ops.quote_name
    table, key, name = quote(column.table), quote(column.key), quote(column.name)
    empty = "'\\x'" if column.is_binary else "''"
    last: Any = None
    while True:
        after = "" if last is None else f" AND {key} > %s"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {key}, {name} FROM {table} WHERE {name} IS NOT NULL AND {name} <> {empty}{after}"  # noqa: S608
                f" ORDER BY {key} LIMIT %s",
                [*([] if last is None else [last]), FILES if column.is_binary else TEXTS],
            )
            rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        yield [(pk, urlsafe_b64encode(value) if column.is_binary else value.encode()) for pk, value in rows]


def _first() -> Fernet:
    return Fernet(settings.ENCRYPTION_KEYS[0])


def _opened_by(token: bytes) -> tuple[int, bytes]:
    """The place of the key that opens `token`, and what is in it."""
    for place, key in enumerate(settings.ENCRYPTION_KEYS):
        try:
            return place, Fernet(key).decrypt(token)
        except InvalidToken:
            continue
    return NOBODY, b""


def _replace(column: Column, key: Any, old: bytes, new: bytes) -> int:
    """1, or 0 when somebody has changed the value since it was read: with the first key, then, or the next run's."""
    quote = connection.ops.quote_name
    table, pk, name = quote(column.table), quote(column.key), quote(column.name)
    stored: Callable[[bytes], Any] = urlsafe_b64decode if column.is_binary else bytes.decode
    change = f"UPDATE {table} SET {name} = %s WHERE {pk} = %s AND {name} = %s"  # noqa: S608
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change, [stored(new), key, stored(old)])
        return int(cursor.rowcount)
