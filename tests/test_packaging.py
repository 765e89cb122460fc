"""What serves installs without torch: neither a dependency nor a dependency's dependency asks for it."""

import tomllib
from importlib.metadata import PackageNotFoundError, requires

from django.conf import settings
from packaging.requirements import Requirement

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def needed(lines, extras=frozenset()):
    """The names of what these requirements ask for on this machine."""
    for requirement in map(Requirement, lines):
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": e}) for e in extras or {""}):
            yield requirement.name.lower(), frozenset(requirement.extras)


def everything(lines):
    found, waiting = set(), list(needed(lines))
    while waiting:
        name, extras = waiting.pop()
        if (name, extras) not in found:
            found.add((name, extras))
            try:
                waiting += needed(requires(name) or [], extras)
            except PackageNotFoundError:
                continue  # an optional accelerator that this machine does without
    return {name for name, _ in found}


def test_the_base_install_brings_nothing_that_trains():
    trains = {Requirement(line).name.lower() for line in PROJECT["optional-dependencies"]["train"]}
    base = everything(PROJECT["dependencies"])
    assert {"ctranslate2", "django", "numpy"} <= base and "torch" in trains
    assert not base & trains


def test_every_version_is_pinned():
    lines = [*PROJECT["dependencies"], *(each for extra in PROJECT["optional-dependencies"].values() for each in extra)]
    assert [line for line in lines if "==" not in line] == []
