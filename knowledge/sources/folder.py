"""A folder of Markdown files with optional YAML front matter: `title`, `lang`, `visibility`, `section`."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import frontmatter
import yaml

from copilot.language.detect import detect
from copilot.language.words import LANGUAGES
from knowledge.sources.base import Document, SourceMissing, Unreadable

VISIBILITIES = ("public", "internal")
SUFFIXES = (".md", ".mdx", ".markdown")


class Folder:
    """Every Markdown file below `root`; its path is its stable name."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def documents(self) -> Iterator[Document | Unreadable]:
        """Read every file; one that cannot be read is yielded as Unreadable and stops nothing."""
        if not self.root.is_dir():
            raise SourceMissing(f"{self.root} is not a folder")
        for path in sorted(path for suffix in SUFFIXES for path in self.root.rglob(f"*{suffix}")):
            name = path.relative_to(self.root).as_posix()
            try:
                yield _document(name, _read(path))
            except UnicodeDecodeError as error:
                yield Unreadable(name, f"is not UTF-8 (byte {error.start})")
            except (OSError, yaml.YAMLError, ValueError) as error:
                yield Unreadable(name, str(error).splitlines()[0])


def _read(path: Path) -> str:
    text = path.read_text(encoding="utf-8-sig")
    if "\0" in text:
        raise ValueError("holds NUL characters: is it a text?")
    return text


def _document(name: str, text: str) -> Document:
    metadata, body = frontmatter.parse(text)
    visibility = str(metadata.get("visibility", "public")).lower()
    if visibility not in VISIBILITIES:
        raise ValueError(f"visibility {visibility!r} is neither public nor internal")
    return Document(
        external_id=name,
        title=str(metadata.get("title") or _first_heading(body) or Path(name).stem.replace("-", " ").capitalize()),
        section=str(metadata.get("section", "")),
        language=_language(name, metadata, body),
        visibility=visibility,
        body=body,
    )


def _language(name: str, metadata: Mapping[str, object], body: str) -> str:
    """What the front matter says, else a folder named after a language, else what the text looks like."""
    for candidate in (str(metadata.get("lang", "")), *Path(name).parts[:-1]):
        code = candidate.lower()[:2]
        if code in LANGUAGES and len(candidate) in (2, 5):
            return code
    return str(detect(body))


def _first_heading(body: str) -> str:
    return next((line.lstrip("# ").strip() for line in body.splitlines() if line.startswith("# ")), "")
