"""Promises about the code itself that no linter holds."""

import ast
from pathlib import Path

import pytest

from tests.workers import HOUSES, file_of

ROOT = Path(__file__).resolve().parent.parent
SOURCES = [
    path
    for room in ("copilot", "knowledge", "tickets", "evaluation", "demo", "bench", "training")
    for path in sorted((ROOT / room).rglob("*.py"))
    if "migrations" not in path.parts
]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_privacy_room_makes_redacted_text(path):
    if (ROOT / "copilot" / "privacy") in path.parents:
        return
    made = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Redacted"
    ]
    assert made == []


# The two other makers of Redacted: `kept` for what a table holds that was redacted before it was stored, `published`
# for what its owner has published, and for our own fixed words. A new caller is looked at before it comes in here.
VOUCH = {
    "kept": {
        "tickets/models/ticket.py", "tickets/candidates.py", "tickets/erasure/gaps.py", "tickets/gaps.py",
        "tickets/label_reports.py",
        "tickets/learning.py", "tickets/lesson.py", "tickets/remembered.py",
    },
    "published": {
        "copilot/drafting/memory.py", "copilot/drafting/numbered.py", "copilot/drafting/prompt.py",
        "copilot/inference/passages.py", "copilot/summary/weigh.py", "copilot/summary/write.py", "knowledge/asking.py",
    },
}  # fmt: skip


@pytest.mark.parametrize("maker", VOUCH)
def test_few_places_vouch_for_a_text(maker):
    """What is not redacted on the spot is redacted because these say so."""
    called = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.relative_to(ROOT).parts[0] in ("copilot", "knowledge", "tickets")
        and (ROOT / "copilot" / "privacy") not in path.parents
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in (maker, f"privacy.{maker}")
    }
    assert called == VOUCH[maker]


def test_every_setting_is_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {
        node.args[0].value
        for path in (ROOT / "copilot" / "settings.py", ROOT / "demo" / "__main__.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        and str(node.args[0].value).startswith(("SOUFFLEUR_", "DATABASE_URL", "REDIS_URL"))
    }  # fmt: skip
    assert named and not {name for name in named if name not in readme and " " not in name}


def test_the_commands_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in {line.split()[1] for line in readme.splitlines() if line.strip().startswith("make ")}:
        assert f"\n{target}:" in makefile
    for line in readme.splitlines():
        if "manage.py " in line and line.startswith("    "):
            command = line.split("manage.py ")[1].split()[0]
            assert command == "migrate" or list(ROOT.rglob(f"management/commands/{command}.py"))


def test_files_that_start_houses_are_named(request):
    starting = {file_of(item.nodeid) for item in request.session.items if "sample_world" in item.fixturenames}
    assert starting <= set(HOUSES)
