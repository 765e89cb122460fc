"""What reading an attachment gives, and what bad ones cannot do."""

from fpdf import FPDF

from copilot.documents import read


def pdf(*lines):
    made = FPDF()
    made.add_page()
    made.set_font("Helvetica", size=11)
    for left, text in lines:
        made.set_x(left)
        made.cell(0, 6, text)
        made.ln(8)
    return bytes(made.output())


def test_a_pdf_is_read_whatever_its_name_says():
    document = read(pdf((10, "Invoice 4711"), (100, "Total 12.50 EUR")), "scan.png")
    assert (document.kind, document.problem) == ("pdf", "not-what-it-says")
    assert "Invoice 4711" in document.pages[0].text and document.pages[0].read == "text"


def test_nothing_is_a_problem():
    assert read(b"", "a.pdf").problem == "empty"
