"""Every format to Markdown: main content only, headings kept, code, lists and tables whole, bad files refused."""

import pytest

from knowledge.chunks import chunks
from knowledge.extraction import apart, html, limits, pdf
from knowledge.extraction.formats import extract, suffix_of
from knowledge.extraction.text import decode, plain
from knowledge.extraction.types import CannotRead
from tests import files

PAGE = """<!doctype html><html lang="fr-FR"><head><title>Retours | Veloria</title><meta charset="utf-8">
<link rel="canonical" href="/aide/retours"><script>steal()</script><style>p{}</style></head><body>
<nav><a href="/">Accueil</a><a href="/blog">Blog</a></nav>
<main><h1>Retourner un vélo <a class="headerlink" href="#retours">¶</a></h1>
<p onclick="steal()">Vous avez <b>30 jours</b>. Voir <a href="javascript:steal()">les conditions</a>.</p>
<h2 id="etapes">Les étapes</h2>
<ol><li>Ouvrez l'app.</li><li>Choisissez :<ul><li>un retour ;</li><li>un échange.</li></ul></li></ol>
<pre><code class="language-sh"><span>pip</span> install `veloria`
velo --retour</code></pre>
<table><tr><th>Pays</th><th>Prix</th></tr><tr><td>France</td><td>39 €</td></tr></table>
<iframe src="//evil"></iframe><form><button>Envoyer</button></form><img src=x onerror=steal()></main>
<footer>Mentions légales</footer></body></html>"""


def texts(markdown):
    return [chunk.text for chunk in chunks(markdown)]


def test_a_page_gives_its_main_content_alone():
    found = extract("page.html", PAGE.encode())
    assert (found.title, found.language) == ("Retourner un vélo", "fr")
    whole = "\n".join(texts(found.body))
    assert "Vous avez 30 jours. Voir les conditions." in whole and "1. Ouvrez l'app." in whole
    for absent in ("Accueil", "Mentions", "steal", "evil", "Envoyer", "¶"):
        assert absent not in found.body


def test_lists_code_and_tables_stay_whole_under_their_heading():
    [_, steps] = chunks(extract("page.html", PAGE.encode()).body)
    assert (steps.heading, steps.anchor) == ("Les étapes", "etapes")
    for line in ("1. Ouvrez l'app.", "- un échange.", "    pip install `veloria`", "| France | 39 €"):
        assert line in steps.text.splitlines()


def test_a_page_says_where_it_stands():
    assert html.page(PAGE.encode(), "https://veloria.example/x?utm=1").address == "https://veloria.example/aide/retours"


def test_a_page_that_marks_no_main_part_is_read_without_what_is_around():
    menu = "".join(f"<li><a href=/{n}>Menu entry {n}</a></li>" for n in range(20))
    story = "".join(
        f"<p>Paragraph {n} explains how the battery of your bike is charged at home, safely.</p>" for n in range(6)
    )
    page = (
        f"<html><body><div class=menu><ul>{menu}</ul></div><div id=content><h1>Charging</h1>{story}</div></body></html>"
    )
    found = extract("x.html", page.encode())
    assert "Paragraph 5" in found.body and "Menu entry" not in found.body and found.title == "Charging"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("déjà".encode(), "déjà"), ("déjà".encode("utf-8-sig"), "déjà"), ("déjà vu".encode("utf-16"), "déjà vu"),
        ("Où est passé l'été ? Les élèves sont déjà à l'école.".encode("cp1252"), "Où est passé l'été ?"),
    ],
)  # fmt: skip
def test_encodings_are_told_apart(data, said):
    assert decode(data).startswith(said)


@pytest.mark.parametrize("data", ["café ".encode() * 3 + b"\xe9\xff", b"\x00\x01\x02\x03\x81\x8d" * 20])
def test_a_broken_encoding_is_refused_not_guessed(data):
    with pytest.raises(CannotRead, match="UTF-8"):
        decode(data)


def test_the_server_says_how_a_page_is_written():
    page = "<html><body><main><p>Prix en roubles: Привет мир и ещё слова</p></main></body></html>".encode("koi8-r")
    assert "Привет" in html.page(page, declared="koi8-r").body


def test_plain_text_shows_as_it_stands():
    found = plain(b"Refunds\n\nUse <b> and *stars* and 5 * 3_000.\n\n- one\n- two\n\n1 High Street\nLeeds\n")
    assert found.title == "Refunds"
    assert texts(found.body) == ["Refunds\nUse <b> and *stars* and 5 * 3_000.\n- one\n- two\n1 High Street Leeds"]


def test_a_pdf_has_headings_paragraphs_and_steps_but_no_footers():
    found = extract("manual.pdf", files.pdf())
    pieces = chunks(found.body)
    assert [piece.heading for piece in pieces][:2] == ["Pairing the sensor", "Chapter 2"]
    assert "1. Open the app and choose Wheels.\n2. Hold the button for five seconds.\n3. The light" in pieces[0].text
    assert "a phone that is not older than five years, and an account. Pair it once" in pieces[0].text
    assert "Écrivez-nous" in found.body and "page 2" not in found.body


def test_a_document_of_word_keeps_its_structure():
    [first, steps] = chunks(extract("tyre.docx", files.word()).body)
    assert first.text == "You need two levers & a pump <of any kind>."
    assert "3. The light turns green." in steps.text and "| Front | 4.5" in steps.text


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.pdf", lambda: files.pdf(password="secret"), "password-protected"),
        ("a.pdf", lambda: files.pdf(scanned=True), "scanned"),
        ("a.pdf", lambda: b"%PDF-1.7 then nothing", "damaged"),
        ("a.pdf", lambda: b"", "damaged"),
        ("a.docx", lambda: b"PK\x03\x04 then nothing", "damaged"),
        ("a.docx", lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 512, "password-protected"),
        ("a.docx", files.bomb, "unpacks to 400 MB"),
        ("a.html", lambda: b"", "no element"),
        ("a.exe", lambda: b"MZ", "of a kind that is not read"),
    ],
)
def test_a_bad_file_says_why(name, data, reason):
    with pytest.raises(CannotRead, match=reason):
        extract(name, data())


def test_a_page_nested_without_end_gives_nothing_and_breaks_nothing():
    deep = "<div>" * 100_000
    assert extract("deep.html", f"<html><body><main><p>Five words that are read.</p>{deep}".encode()).body != deep


def test_a_file_of_200_megabytes_is_refused_before_it_is_in_memory(tmp_path):
    with (tmp_path / "big.pdf").open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(200 * limits.MEGABYTE)  # a sparse file: on the disk it takes nothing
    with pytest.raises(CannotRead, match="larger than 25 MB"):
        limits.read(tmp_path / "big.pdf")


def test_a_parser_that_dies_or_stalls_costs_its_own_process(monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(CannotRead, match="breaks its reader"):
        patch.setattr(apart.sys, "executable", "/bin/false")
        apart.run("pdf", files.pdf())
    monkeypatch.setattr(apart, "SECONDS", 0.001)
    with pytest.raises(CannotRead, match="took more than"):
        apart.run("pdf", files.pdf())


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "MAX_PAGES", 3)
    with pytest.raises(CannotRead, match="has 4 pages"):
        pdf.document(files.pdf())


def test_what_a_server_declares_names_a_parser():
    assert suffix_of("text/html; charset=utf-8") == ".html"
    assert suffix_of("application/zip") == ""
