"""Files for extraction to read, made here: PDF, DOCX and XLSX, good and bad."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import docx
import openpyxl
from fpdf import FPDF
from fpdf.enums import AccessPermission

STEPS = ["Open the app and choose Wheels.", "Hold the button for five seconds.", "The light turns green."]


def pdf(*, password="", scanned=False, pages=4):
    """A manual: a title, headings, paragraphs, steps, a footer on each page."""

    class Manual(FPDF):
        def footer(self):
            if not scanned:
                self.set_y(-15)
                self.set_font("Helvetica", size=8)
                self.cell(0, 10, f"Veloria manual - page {self.page_no()}")

    made = Manual()
    if password:
        made.set_encryption(owner_password="owner", user_password=password, permissions=AccessPermission.none())
    for number in range(1, pages + 1):
        made.add_page()
        if scanned:
            made.rect(20, 20, 100, 100, style="F")
            continue
        made.set_font("Helvetica", size=22 if number == 1 else 15)
        made.multi_cell(
            0, 12, "Pairing the sensor" if number == 1 else f"Chapter {number}", new_x="LMARGIN", new_y="NEXT"
        )
        made.set_font("Helvetica", size=11)
        kind = ["city", "cargo", "gravel", "child"][number % 4]
        made.multi_cell(
            0, 6, f"The sensor of a {kind} bike reports its speed to the app. It needs a charged battery, a phone "
            "that is not older than five years, and an account. Pair it once; it remembers the bike after that.",
            new_x="LMARGIN", new_y="NEXT",
        )  # fmt: skip
        made.ln(6)
        colour = ["green", "blue", "red", "white"][number % 4]
        for place, step in enumerate([*STEPS[:2], f"The light turns {colour}."], 1):
            made.multi_cell(0, 6, f"{place}. {step}", new_x="LMARGIN", new_y="NEXT")
        made.ln(6)
        made.multi_cell(0, 6, f"Écrivez-nous si le voyant {colour} reste éteint.", new_x="LMARGIN", new_y="NEXT")
    return bytes(made.output())


def word():
    """A heading, a paragraph, steps and a table."""
    made = docx.Document()
    made.add_heading("Changing the tyre", 1)
    made.add_paragraph("You need two levers & a pump <of any kind>.")
    made.add_heading("Steps", 2)
    for step in STEPS:
        made.add_paragraph(step, style="List Number")
    table = made.add_table(rows=2, cols=2)
    for cell, words in zip([*table.rows[0].cells, *table.rows[1].cells], ["Wheel", "Bar", "Front", "4.5"], strict=True):
        cell.text = words
    return _saved(made)


def workbook(*rows):
    """One sheet with these rows."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    return _saved(made)


def bomb():
    """An archive of a few kilobytes that unpacks to 400 MB."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive, archive.open("word/document.xml", "w", force_zip64=True) as part:
        for _ in range(400):
            part.write(b" " * 1024 * 1024)
    return out.getvalue()


def _saved(made):
    out = BytesIO()
    made.save(out)
    return out.getvalue()
