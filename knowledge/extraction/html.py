"""HTML to Markdown: the main content of a page, its headings with their anchors, lists, tables and code.

Invariant: nothing that only a browser would act upon is left: scripts, styles, forms, frames, event handlers.
"""

import re
from contextlib import suppress
from urllib.parse import urljoin

import trafilatura
from lxml import etree, html
from markdownify import MarkdownConverter

from knowledge.extraction.limits import check_length
from knowledge.extraction.text import decode
from knowledge.extraction.types import CannotRead, Extracted

_NEVER = (
    "script", "style", "noscript", "template", "svg", "iframe", "object", "embed", "form", "button", "input", "select",
    "textarea", "canvas", "audio", "video", "img", "picture", "dialog", "link", "meta",
)  # fmt: skip
_AROUND = ("nav", "header", "footer", "aside")
_HIDDEN = (
    "//*[@hidden or @aria-hidden='true' or @role='navigation' or @role='search' or contains(@style,'display:none')]"
)
_MAIN = ("//main", "//*[@role='main']", "//article", "//*[@itemprop='articleBody']")
_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([\w-]+)", re.IGNORECASE)
# The sign that site generators hang on a heading to link to it.
_PERMALINK = re.compile("^[\\s#¶§🔗\u200b]*$")


def page(data: bytes, address: str = "", declared: str = "") -> Extracted:
    """The main content of a page. `declared` is the encoding that its server names. Raises CannotRead."""
    return page_and_links(data, address, declared)[0]


def page_and_links(data: bytes, address: str, declared: str) -> tuple[Extracted, list[str]]:
    """As `page`, and where it leads: whole addresses without fragments, in order. Raises CannotRead."""
    found = _CHARSET.search(data[:2048])
    tree = parse(decode(data, declared or (found[1].decode("ascii") if found else "")))
    title, language, canonical, leads = _title(tree), _language(tree), _canonical(tree, address), _links(tree, address)
    return Extracted(title, check_length(_main(tree)), language, canonical), leads


def parse(text: str) -> html.HtmlElement:
    """The tree of a page. Raises CannotRead when it holds no element."""
    try:
        return html.document_fromstring(re.sub(r"^\s*<\?xml[^>]*>", "", text), parser=html.HTMLParser(huge_tree=False))
    except (etree.ParserError, ValueError) as error:
        raise CannotRead("is not an HTML page: it holds no element") from error


def markdown(fragment: str) -> str:
    """A piece of HTML as Markdown, all of it."""
    if not fragment.strip():
        return ""
    tree = parse(fragment)
    _clean(tree, _NEVER)
    return _markdown(tree)


def _links(tree: html.HtmlElement, address: str) -> list[str]:
    base = urljoin(address, next(iter(tree.xpath("//base/@href")), ""))
    found: dict[str, None] = {}
    for href in tree.xpath("//a/@href"):
        with suppress(ValueError):  # an address that is none, such as http://[
            found[urljoin(base, str(href).strip()).partition("#")[0]] = None
    return [link for link in found if link.startswith(("http://", "https://"))]


def _main(tree: html.HtmlElement) -> str:
    _clean(tree, _NEVER)
    for place in tree.xpath(_HIDDEN):
        _drop(place)
    for path in _MAIN:
        parts = [part for part in tree.xpath(path) if not any(True for _ in part.iterancestors("main", "article"))]
        if len("".join(part.text_content() for part in parts).split()) > 5:
            for part in parts:
                _clean(part, _AROUND[:1] + _AROUND[3:])
            return "\n\n".join(_markdown(part) for part in parts)
    _clean(tree, _AROUND)
    chosen = trafilatura.extract(
        html.tostring(tree, encoding="unicode"), output_format="html", include_formatting=True, include_links=False,
        include_tables=True, include_comments=False, favor_recall=True, deduplicate=False,
    )  # fmt: skip
    whole = _markdown(tree)
    return best if chosen and len(best := markdown(chosen)) > len(whole) / 3 else whole


def _clean(tree: html.HtmlElement, tags: tuple[str, ...]) -> None:
    for comment in tree.xpath("//comment()|//processing-instruction()"):
        _drop(comment)
    for element in list(tree.iter(*tags)):
        if element is not tree:
            _drop(element)


def _drop(element: html.HtmlElement) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _title(tree: html.HtmlElement) -> str:
    """The page's own heading; else its `title` without the name of the site."""
    for path in ("//main//h1", "//article//h1", "//h1", "//meta[@property='og:title']/@content"):
        for found in tree.xpath(path):
            text = found if isinstance(found, str) else found.text_content()
            if words := " ".join(text.replace("¶", "").split()).rstrip("# "):
                return words
    return re.split(r"\s+[|–—·»]\s+|\s+-\s+", " ".join(tree.xpath("string(//title)").split()))[0]


def _language(tree: html.HtmlElement) -> str:
    return str(next(iter(tree.xpath("/html/@lang")), "")).strip().lower()[:2]


def _canonical(tree: html.HtmlElement, address: str) -> str:
    found = next(iter(tree.xpath("//link[@rel='canonical']/@href")), "")
    return urljoin(address, str(found).strip()) if found and address else address


class _Converter(MarkdownConverter):
    """Keeps a heading's anchor, so that a citation opens the page where it says so."""

    def convert_hN(self, n, el, text, parent_tags):  # type: ignore[no-untyped-def]  # noqa: N802
        """A heading, with its anchor as `{#id}` and without its permalink sign."""
        words = " ".join(text.replace("¶", "").split()).rstrip("#").strip()
        anchor = el.get("id") or next((a.get("id") for a in el.find_all("a", id=True)), "")
        mark = f" {{#{anchor}}}" if anchor and re.fullmatch(r"[\w-]+", anchor) else ""
        return f"\n\n{'#' * n} {words}{mark}\n\n" if words else ""

    def convert_a(self, el, text, parent_tags):  # type: ignore[no-untyped-def]
        """The words of a link; a permalink has none. Addresses are noise to retrieval and to a reader of a draft."""
        return "" if _PERMALINK.match(text) or "headerlink" in (el.get("class") or []) else text

    def convert_pre(self, el, text, parent_tags):  # type: ignore[no-untyped-def]
        """Code as it stands, whole, whatever colours it."""
        code = el.get_text().strip("\n")
        fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", code)), default=0))
        return f"\n\n{fence}\n{code}\n{fence}\n\n" if code.strip() else ""


def _markdown(tree: html.HtmlElement) -> str:
    converter = _Converter(
        heading_style="ATX", bullets="-", newline_style="BACKSLASH", escape_misc=True, table_infer_header=True
    )
    text = str(converter.convert(html.tostring(tree, encoding="unicode", with_tail=False)))
    return re.sub(r"\n{3,}", "\n\n", text.replace("\xa0", " ").replace("\u200b", "")).strip()
