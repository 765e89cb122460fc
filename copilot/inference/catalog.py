"""Which models this machine has.

Invariant: nothing here loads a model, and nothing is downloaded: an embedder is shipped with the source, was
converted under the models folder, or stands at a path somebody names.
"""

from collections.abc import Iterator
from pathlib import Path

from copilot.inference.convert import converted_minilm
from copilot.inference.embedder import recipe as recipe_of
from copilot.inference.manifest import ModelUnusable, is_converted

DEFAULT = "souffleur-en-fr-1"
MINILM = "all-MiniLM-L6-v2"
WRITER = "souffleur-writer-1"
SHIPPED = Path(__file__).parent / "models" / DEFAULT


def is_known(name: str) -> bool:
    """Whether `name` is one of ours, or the path of a folder that `manage.py convert` wrote."""
    return name in (DEFAULT, MINILM) or is_converted(Path(name))


def folder_of(name: str, models: Path) -> Path:
    """The folder of the embedder `name`; all-MiniLM-L6-v2 is converted under `models` first. Raises ModelUnusable."""
    if name == MINILM:
        return converted_minilm(models)
    folder = SHIPPED if name == DEFAULT else Path(name).resolve()
    if not is_converted(folder):
        raise ModelUnusable(
            f"{name} is no embedder: name {DEFAULT}, {MINILM}, or a folder that `manage.py convert` wrote"
        )
    return folder


def find(recipe: str, models: Path, named: str = "") -> Path | None:
    """The folder on this machine that makes vectors of `recipe`: shipped, under `models`, or at the path `named`."""
    # A recipe starts with its folder's name; the others need not be read, and a generator may hold gigabytes.
    alike = (folder for folder in _folders(models, named) if recipe.rpartition("-")[0] == folder.name)
    return next((folder for folder in alike if is_converted(folder) and _makes(folder, recipe)), None)


def _makes(folder: Path, recipe: str) -> bool:
    """Whether its files make vectors of `recipe`; a folder that has lost one of them makes none."""
    try:
        return recipe_of(folder) == recipe
    except OSError:
        return False


def _folders(models: Path, named: str) -> Iterator[Path]:
    yield from SHIPPED.parent.glob("*/")
    yield from models.glob("*/")
    if named not in ("", DEFAULT, MINILM):
        yield Path(named).resolve()


def writer_folder(name: str) -> Path:
    """The folder of the generator `name`: the one that is shipped, or a path."""
    return SHIPPED.parent / WRITER if name == WRITER else Path(name)
