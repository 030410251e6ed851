"""Docs that fail: what they say of the program is what the program says of itself."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

from crawler import settings
from crawler.commands import COMMANDS
from docs.generate import PAGES

TOP = Path(__file__).parent.parent
DOCS = TOP / "docs"


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text() == PAGES[name](), "run 'make docs'"


def test_every_setting_of_ours_is_explained() -> None:
    own = {name for name in vars(settings) if name.startswith("WIRECOPY_")}
    text = (DOCS / "settings.md").read_text()
    used = set()
    for path in (TOP / "crawler").rglob("*.py"):
        used |= set(re.findall(r'"(WIRECOPY_[A-Z_]+)"', path.read_text()))
    missing = {name for name in own | used if f"`{name}`" not in text}
    assert not missing


def test_every_limit_is_in_the_table_of_limits() -> None:
    text = (DOCS / "limits.md").read_text()
    own = {name for name in vars(settings) if name.startswith("WIRECOPY_MAX_")} - {"WIRECOPY_MAX_REQUISITES"}
    assert {name for name in own if f"| `{name}` |" not in text} == set()


@pytest.mark.parametrize("path", sorted(TOP.glob("[ac]r*/**/__init__.py")), ids=lambda path: path.parent.name)
def test_each_package_opens_with_a_map_of_itself(path: Path) -> None:
    if path.parent.name == "commands":
        return  # whose map is its table
    named = re.findall(r"\w+", ast.get_docstring(ast.parse(path.read_text())) or "")
    held = {one.stem for one in path.parent.iterdir() if one.suffix == ".py" or (one / "__init__.py").exists()}
    assert held - {"__init__", "__main__"} <= set(named)


@pytest.mark.parametrize("path", [TOP / "README.md", *sorted(DOCS.rglob("*.md"))], ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text()):
        if "://" not in target:
            assert (path.parent / target).exists(), target


def test_readme_names_only_commands_that_are_there() -> None:
    named = set(re.findall(r"^\s*wirecopy (\w+)", (TOP / "README.md").read_text(), re.MULTILINE))
    assert named
    assert named <= set(COMMANDS)


def test_every_dependency_has_its_reason() -> None:
    lines = (TOP / "pyproject.toml").read_text().splitlines()
    project = tomllib.loads("\n".join(lines))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    for requirement in wanted:
        if requirement.startswith("wirecopy["):
            continue
        (line,) = [line for line in lines if f'"{requirement}"' in line]
        assert "#" in line, requirement
