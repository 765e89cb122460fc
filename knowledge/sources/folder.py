"""A folder of files: Markdown, HTML, PDF, DOCX and plain text.

A Markdown file may begin with front matter: `title`, `lang`, `visibility`, `section`, `url`. A folder named after a
language holds articles in it; one named `internal` holds what only agents may read.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import frontmatter
import yaml

from copilot.language.detect import detect
from copilot.language.words import LANGUAGES
from knowledge.extraction import limits
from knowledge.extraction.formats import MARKDOWN, SUFFIXES, extract
from knowledge.extraction.types import CannotRead, Extracted
from knowledge.sources.base import VISIBILITIES, Document, Item, SourceMissing, Unreadable


class Folder:
    """Every file below `root` that can be an article; its path is its stable name. Hidden files are left alone."""

    def __init__(self, root: Path, megabytes: float = limits.DOCUMENT_MB) -> None:
        self.root = root
        self._megabytes = megabytes

    def documents(self) -> Iterator[Item]:
        """Read every file; one that cannot be read is yielded as Unreadable and stops nothing."""
        if not self.root.is_dir():
            raise SourceMissing(f"{self.root} is not a folder")
        for path in sorted(path for path in self.root.rglob("*") if self._is_article(path)):
            name = path.relative_to(self.root).as_posix()
            try:
                yield self._document(name, path)
            except OSError as error:
                yield Unreadable(name, (error.strerror or str(error)).lower())
            except (CannotRead, yaml.YAMLError, ValueError) as error:
                yield Unreadable(name, str(error).splitlines()[0])

    def _is_article(self, path: Path) -> bool:
        parts = path.relative_to(self.root).parts
        return path.suffix.lower() in SUFFIXES and not any(part.startswith((".", "~$")) for part in parts)

    def _document(self, name: str, path: Path) -> Document:
        found = extract(name, limits.read(path, self._megabytes))
        metadata: dict[str, object] = {}
        if path.suffix.lower() in MARKDOWN:
            metadata, body = frontmatter.parse(found.body)
            found = Extracted(_first_heading(body), body)
        parents = Path(name).parts[:-1]
        title = metadata.get("title") or found.title or _first_heading(found.body)
        return Document(
            external_id=name,
            title=str(title or Path(name).stem.replace("-", " ").capitalize()),
            section=str(metadata.get("section", "")),
            language=_language(parents, metadata, found),
            visibility=_visibility(parents, metadata),
            body=found.body,
            address=str(metadata.get("url", "")) or found.address,
        )


def _visibility(parents: tuple[str, ...], metadata: Mapping[str, object]) -> str:
    said = str(metadata.get("visibility", "internal" if "internal" in parents else "public")).lower()
    if said not in VISIBILITIES:
        raise ValueError(f"visibility {said!r} is neither public nor internal")
    return said


def _language(parents: tuple[str, ...], metadata: Mapping[str, object], found: Extracted) -> str:
    """What the file says, else a folder named after a language, else what the text looks like."""
    for candidate in (str(metadata.get("lang", "")), *parents, found.language):
        code = candidate.lower()[:2]
        if code in LANGUAGES and len(candidate) in (2, 5):
            return code
    return str(detect(found.body))


def _first_heading(body: str) -> str:
    line = next((line for line in body.splitlines() if line.startswith("# ")), "")
    return line.lstrip("# ").split(" {#")[0].strip()
