"""CSV and XLSX to rows of text. A formula gives the value that was last computed; nothing is computed here."""

import csv
from collections.abc import Iterator
from io import BytesIO, StringIO
from itertools import islice

import openpyxl

from knowledge.extraction.limits import check_archive
from knowledge.extraction.text import decode
from knowledge.extraction.types import CannotRead

Row = list[str]
MAX_ROWS = 100_000
MAX_COLUMNS = 200


def comma_separated(data: bytes) -> list[Row]:
    """The rows of a CSV file, whichever delimiter it uses (a French Excel writes semicolons). Raises CannotRead."""
    text = decode(data)
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text.split("\n", 1)[0], delimiters=",;\t|")
        dialect.doublequote = True
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(1_000_000)
    try:
        return _bounded(csv.reader(StringIO(text, newline=""), dialect))
    except csv.Error as error:
        raise CannotRead(f"is not a CSV file: {error}") from error


def workbook(data: bytes) -> list[Row]:
    """The rows of the first sheet of an XLSX file that has any. Raises CannotRead."""
    check_archive(data)
    try:
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            if rows := _bounded(_as_text(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS))):
                return rows
    except CannotRead:
        raise
    except Exception as error:  # the library lets whatever its parsers meet through
        raise CannotRead("is damaged: it does not open as an Excel file") from error
    return []


def _as_text(rows: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    for row in rows:
        yield ["" if value is None else str(value) for value in row]


def _bounded(rows: Iterator[Row]) -> list[Row]:
    kept = [[cell.strip() for cell in row] for row in islice(rows, MAX_ROWS + 1)]
    if len(kept) > MAX_ROWS:
        raise CannotRead(f"has more than {MAX_ROWS:,} rows: split it")
    while kept and not any(kept[-1]):
        kept.pop()
    return kept if any(any(row) for row in kept) else []
