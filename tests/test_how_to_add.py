"""The pages on how to add a thing name every file that it takes, and no other."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "how_to_add").glob("*.md"))
LIBRARY_SOURCES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "attendance_lib").rglob("*.py"))
}
ENTRY = re.compile(r"(?m)^- `([^`]+)`: \S")


@dataclass(frozen=True)
class Page:
    """What a page says: the words by which an existing example is known, the files, and how many it counts."""

    text: str

    @cached_property
    def example(self):
        (line,) = re.findall(r"(?m)^Example: (.+)$", self.text)
        return re.findall(r"`([^`]+)`", line)

    @cached_property
    def library_files(self):
        return self.below("Library files")

    @cached_property
    def other_files(self):
        return self.below("Other files")

    @cached_property
    def counts(self):
        """The two numbers of the last row of its table."""
        *_, row = re.findall(r"(?m)^\|.*\| *(\d+) *\| *(\d+) *\|$", self.text)
        return tuple(map(int, row))

    def below(self, heading):
        found = re.search(rf"(?ms)^## {heading}\n(.*?)(?=^## |\Z)", self.text)
        return ENTRY.findall(found[1]) if found else []


def holding(example, sources):
    """The files in which any of the words of an example stand."""
    words = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in example))
    return {name for name, source in sources.items() if words.search(source)}


def lies(page, sources, root):
    """What is wrong with a page."""
    named = [*page.library_files, *page.other_files]
    yield from (f"{name} is not there" for name in named if not (root / name).is_file())
    yield from (f"{name} is named twice" for name in sorted(set(named)) if named.count(name) > 1)
    held, said = holding(page.example, sources), set(page.library_files)
    yield from (f"{name} does not know the example" for name in sorted(said - held))
    yield from (f"{name} knows the example and is not named" for name in sorted(held - said))
    if page.counts != (len(page.library_files), len(named)):
        yield f"the table says {page.counts}, the lists hold {(len(page.library_files), len(named))}"


# The pages as they are


def test_there_are_pages():
    assert {"a_paper", "a_section", "an_inspection_check"} <= {path.stem for path in PAGES}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_is_true(path):
    page = Page(path.read_text(encoding="utf-8"))
    assert page.example
    assert page.library_files
    assert list(lies(page, LIBRARY_SOURCES, ROOT)) == []


# The check itself, on pages that lie

TRUE = """# How to add a fruit

Example: `PEAR`

| Adding | library files | all files |
|---|---|---|
| a fruit | 1 | 2 |

## Library files

- `fruits.py`: declare it,
  with its colour.

## Other files

- `basket.md`: a row.
"""
SOURCES = {"fruits.py": "PEAR = 1", "trees.py": "PEARS = APPEAR"}


@pytest.mark.parametrize(
    ("told", "instead", "lie"),
    [
        ("", "", None),
        ("`basket.md`", "`gone.md`", "gone.md is not there"),
        ("`basket.md`", "`fruits.py`", "fruits.py is named twice"),
        ("`fruits.py`", "`trees.py`", "trees.py does not know the example"),
        ("`fruits.py`", "`trees.py`", "fruits.py knows the example and is not named"),
        ("`PEAR`", "`PEAR`, `PEARS`", "trees.py knows the example and is not named"),
        ("| 1 | 2 |", "| 1 | 3 |", "the table says (1, 3), the lists hold (1, 2)"),
        ("| 1 | 2 |", "| 2 | 2 |", "the table says (2, 2), the lists hold (1, 2)"),
    ],
)
def test_a_lie_is_found(tmp_path, told, instead, lie):
    for name in ("fruits.py", "trees.py", "basket.md"):
        (tmp_path / name).touch()
    found = list(lies(Page(TRUE.replace(told, instead)), SOURCES, tmp_path))
    assert found == [] if lie is None else lie in found
