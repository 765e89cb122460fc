"""Arrays to rows by PostgreSQL's binary COPY, millions a minute: a row is never a Python object.

Format: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format": a header, then for each row the number
of its fields and each field with its length before it, all big-endian. A halfvec is its number of dimensions, two bytes
that are zero, and its numbers.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db import connection

DIMENSIONS = 384
HALFVEC = np.dtype([("dimensions", ">i2"), ("unused", ">i2"), ("numbers", ">f2", (DIMENSIONS,))])
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_END = b"\xff\xff"

# Of each column: its name, the type that PostgreSQL reads, and the values, shape (rows,).
Fields = Sequence[tuple[str, Any, npt.NDArray[Any]]]


def write(table: str, fields: Fields) -> None:
    """Append rows to `table`; every row has all of `fields`, none of them null."""
    columns = [("fields", ">i2")]
    for name, kind, _ in fields:
        columns += [(f"length of {name}", ">i4"), (name, kind)]
    rows = np.zeros(len(fields[0][2]), dtype=columns)
    rows["fields"] = len(fields)
    for name, kind, values in fields:
        rows[f"length of {name}"] = np.dtype(kind).itemsize
        rows[name] = values
    names = ", ".join(name for name, _, _ in fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT binary)") as copy:
        copy.write(_HEADER + rows.tobytes() + _END)


def halfvec(vectors: npt.NDArray[np.float32]) -> npt.NDArray[Any]:
    """Vectors, shape (rows, DIMENSIONS), as the database keeps them, shape (rows,)."""
    made = np.zeros(len(vectors), dtype=HALFVEC)
    made["dimensions"], made["numbers"] = DIMENSIONS, vectors
    return made
