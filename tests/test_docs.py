"""What the README and the other pages say is true of this project (STYLE 2.11)."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
import pytest

from attendance_lib.cli import attendance
from attendance_lib.reports.papers import PAPERS, MadeBy
from attendance_lib.rules import thresholds
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, Threshold

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PAGES = [README, *sorted(ROOT.glob("docs/**/*.md"))]
# This one tells of folders that only runs make.
OUTPUTS_PAGE = ROOT / "outputs" / "README.md"
# The README has besides a row for each paper.
README_LINES, PROSE_BY_LINE, THRESHOLD_ROWS = 143, 5, 8

PATH = re.compile(r"\.?[\w.-]+(?:/[\w.-]+)*/?")
SUFFIXES = {
    ".csv",
    ".html",
    ".ipynb",
    ".lock",
    ".md",
    ".pdf",
    ".png",
    ".py",
    ".svg",
    ".toml",
    ".xlsx",
    ".yml",
}
MADE_BY_RUNNING = ("outputs/", ".venv/")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


# What a page says


def without_blocks(page: str) -> str:
    return re.sub(r"(?ms)^```.*?^```$", "", page)


def code_lines(page: str) -> list[str]:
    """Lines of the code blocks, and each piece of inline code."""
    blocks = re.findall(r"(?ms)^```\w*\n(.*?)^```$", page)
    inline = re.findall(r"`([^`\n]+)`", without_blocks(page))
    return [line.strip().removeprefix("$ ") for block in blocks for line in block.splitlines()] + inline


def links(page: str) -> list[str]:
    targets = re.findall(r"\]\(([^)\s]+)\)", without_blocks(page))
    return [
        target.partition("#")[0] for target in targets if "://" not in target and not target.startswith("#")
    ]


def named_paths(page: str) -> list[str]:
    """Inline code that is a path of ours: it holds a slash or ends as our files do, and has no gap to fill in."""
    inline = re.findall(r"`([^`\n]+)`", without_blocks(page))
    return [
        name for name in inline if PATH.fullmatch(name) and ("/" in name or Path(name).suffix in SUFFIXES)
    ]


def dead_paths(page: str, folder: Path) -> list[str]:
    """Links and named paths that lead nowhere, looked for beside the page and from the root."""
    return [
        name
        for name in [*links(page), *named_paths(page)]
        if not name.startswith(MADE_BY_RUNNING)
        and not (folder / name).exists()
        and not (ROOT / name).exists()
    ]


def make_targets(makefile: str) -> set[str]:
    return set(re.findall(r"(?m)^([a-z-]+):(?!=)", makefile))


def named_targets(page: str) -> set[str]:
    return {
        word
        for line in code_lines(page)
        if (found := re.match(r"make((?: [a-z][a-z-]*)+)", line))
        for word in found[1].split()
    }


def wrong_commands(page: str) -> Iterator[str]:
    """`attendance ...` as the command line would refuse it: a subcommand or an option that does not exist."""
    for line in code_lines(page):
        words = line.partition(" #")[0].split()
        if words[:1] != ["attendance"] or len(words) == 1 or words[1].startswith("-"):
            continue
        command = attendance.commands.get(words[1])
        if isinstance(command, click.Group):
            command = command.commands.get(words[2]) if len(words) > 2 else None
        options = {option for parameter in getattr(command, "params", ()) for option in parameter.opts} | {
            "--help"
        }
        asked = {word.strip("[]").partition("=")[0] for word in words[2:] if word.strip("[").startswith("--")}
        if command is None or asked - options:
            yield line


def first_prose_line(page: str) -> int:
    """The number of the first line that is neither blank, a heading, a picture nor a table."""
    lines = enumerate(page.splitlines(), start=1)
    return next((number for number, line in lines if re.match(r"[^\s#!|`<\[>-]", line)), 0)


def section(page: str, word: str) -> str:
    """The text below the first heading that holds the word, up to the next heading."""
    found = re.search(rf"(?ims)^##+ [^\n]*{word}[^\n]*\n(.*?)(?=^##? |\Z)", page)
    return found[1] if found else ""


def table_rows(text: str) -> list[list[str]]:
    rows = [
        [cell.strip() for cell in line.strip("| ").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]
    return rows[2:]


def says(row: list[str], threshold: Threshold) -> bool:
    """Whether a row gives the threshold's name, its limit and the day from which it holds."""
    text = " ".join(row).lower()
    percent = 100 * threshold.missed / threshold.out_of
    limits = (
        f"{threshold.missed} in {threshold.out_of}",
        f"{percent:g}%",
        f"{percent:g} %",
        f"{percent:g} per cent",
    )
    day = threshold.from_date
    days = (day.isoformat(), f"{day.day} {day:%B} {day.year}".lower())
    named = threshold.name.lower() in text
    return (
        named
        and any(re.search(rf"(?<!\d){re.escape(limit)}", text) for limit in limits)
        and any(d in text for d in days)
    )


def layout_paths(block: str) -> list[str]:
    """Paths of an indented tree: the first word of each line, below the line that it is indented under."""
    above: list[tuple[int, str]] = []
    paths = []
    for line in block.splitlines():
        if not line.strip() or not PATH.match(line.strip()):
            continue
        indent = len(line) - len(line.lstrip())
        above = [each for each in above if each[0] < indent]
        above.append((indent, line.split()[0].strip("/,")))
        paths.append("/".join(name for _, name in above))
    return paths


def exists(path: str) -> bool:
    return (ROOT / path).exists() or (ROOT / f"{path}.py").exists()


def layout_block(page: str) -> str:
    found = re.search(r"(?ms)^```\w*\n(.*?)^```$", section(page, "layout"))
    return found[1] if found else ""


# The pages as they are


def test_the_readme_comes_to_the_point():
    page = text_of(README)
    assert page, "README.md is not there"
    assert 0 < first_prose_line(page) <= PROSE_BY_LINE
    papers = table_rows(section(page, "papers"))
    assert len(page.splitlines()) - len(papers) <= README_LINES
    assert "[![" not in page


def test_the_readme_shows_a_page_and_says_what_is_on_it():
    pictures = re.findall(r"!\[([^\]]*)\]\(([^)\s]+)\)", text_of(README))
    assert pictures
    assert all(len(alt.split()) > 3 for alt, _ in pictures)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_names_a_path_that_is_not_there(path):
    assert dead_paths(text_of(path), path.parent) == []


@pytest.mark.parametrize("path", [*PAGES, OUTPUTS_PAGE], ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_names_a_command_that_is_not_there(path):
    assert named_targets(text_of(path)) <= make_targets(text_of(ROOT / "Makefile"))
    assert list(wrong_commands(text_of(path))) == []


def test_the_readme_names_the_first_commands():
    assert {"pack", "test"} <= named_targets(text_of(README))


def test_the_thresholds_of_the_readme_are_the_rules():
    rows = table_rows(section(text_of(README), "threshold"))
    rules = [value for value in vars(thresholds).values() if isinstance(value, Threshold)]
    assert [rule.name for rule in rules if not any(says(row, rule) for row in rows)] == []
    assert len(rows) <= THRESHOLD_ROWS


def test_the_layout_is_the_real_one():
    paths = layout_paths(layout_block(text_of(README)))
    rooms = {f"attendance_lib/{init.parent.name}" for init in ROOT.glob("attendance_lib/*/__init__.py")}
    top = {"attendance_lib", "notebooks", "params", "tests", "outputs"}
    assert [path for path in paths if not exists(path)] == []
    assert (rooms | top) - set(paths) == set()


def test_the_readme_has_a_row_for_every_paper():
    """Its file, or the command that makes it; not yet for one that is only asked for."""
    rows = table_rows(section(text_of(README), "papers"))
    places = {
        MadeBy.RUN: "`notebooks/{}.ipynb`",
        MadeBy.HAND: "`notebooks/{}.ipynb`",
        MadeBy.TRUST: "`notebooks/{}.ipynb`",
        MadeBy.COMMAND: "`attendance {}`, no notebook",
    }
    made = [paper for paper in PAPERS.values() if paper.made_by in places]
    assert sorted(row[3] for row in rows) == sorted(places[each.made_by].format(each.name) for each in made)


def test_the_page_on_schedules_has_a_row_for_whatever_asks_for_a_paper():
    rows = table_rows(section(text_of(ROOT / "docs" / "schedules" / "README.md"), "when a paper is due"))
    assert len(rows) == sum(len(paper.occasions) for paper in PAPERS.values())


def test_every_make_target_says_what_it_does():
    makefile = text_of(ROOT / "Makefile")
    assert make_targets(makefile) == set(re.findall(r"(?m)^([a-z-]+):.*## \S", makefile))


# The checks themselves, on pages that are wrong

PAGE = """# Title

Prose with `make pack` and `attendance run fortnightly --replace`, [here](pyproject.toml#x) and `tests/conftest.py`.

```bash
$ make test
attendance demo
```
"""


def test_a_true_page_passes():
    assert dead_paths(PAGE, ROOT) == []
    assert named_targets(PAGE) == {"pack", "test"}
    assert list(wrong_commands(PAGE)) == []
    assert first_prose_line(PAGE) == 3


@pytest.mark.parametrize(
    "text", ["`attendance_lib/gone.py`", "[a](gone.md)", "![a picture of it](docs/gone.png)", "`gone.yml`"]
)
def test_a_dead_path_is_found(text):
    assert len(dead_paths(text, ROOT)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "`params/<school>.yml`",
        "`outputs/larkmoor/pack.pdf`",
        "[a](https://host.example/b)",
        "[a](#b)",
        "`and/or not`",
    ],
)
def test_what_is_no_path_of_ours_is_let_pass(text):
    assert dead_paths(text, ROOT) == []


@pytest.mark.parametrize(
    "text",
    [
        "`attendance fly`",
        "`attendance run fortnightly --fast`",
        "```\nattendance packs\n```\n",
        "`attendance casebook burn`",
        "`attendance casebook`",
    ],
)
def test_a_command_that_would_be_refused_is_found(text):
    assert len(list(wrong_commands(text))) == 1


def test_a_target_that_is_only_a_variable_is_none():
    assert make_targets("a: b ## x\nB := c\nd := e\n.PHONY: a\n") == {"a"}


@pytest.mark.parametrize(
    ("page", "line"), [("# T\n\n[![b](c)](d)\n\n\nProse", 6), ("# T\n![a](b)\n", 0), ("Prose", 1)]
)
def test_the_first_prose_is_found_below_badges_and_pictures(page, line):
    assert first_prose_line(page) == line


@pytest.mark.parametrize(
    ("row", "is_told"),
    [
        (["Persistent absence", "1 in 10", "2015-09-01"], True),
        (["Persistent absence", "10 % or more", "1 September 2015"], True),
        (["Persistent absence", "10% or more", "1 September 2015"], True),
        (["Persistent absence", "110 %", "2015-09-01"], False),
        (["Persistent absence", "15 %", "2015-09-01"], False),
        (["Persistent absence", "10 %", "2015-09-02"], False),
        (["Severe absence", "10 %", "2015-09-01"], False),
    ],
)
def test_a_row_must_give_name_limit_and_day(row, is_told):
    assert PERSISTENT_ABSENCE.from_date == date(2015, 9, 1)
    assert says(row, PERSISTENT_ABSENCE) == is_told


def test_rows_of_a_table_are_found_in_their_section():
    page = "## Thresholds we apply\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n## Next\n\n| c |\n|---|\n| 3 |\n"
    assert table_rows(section(page, "threshold")) == [["1", "2"]]


def test_a_layout_is_read_by_its_indents():
    block = "attendance_lib/\n  rules/    codes\n  cli       command\nnotebooks/  one a paper\n  gone.ipynb\n"
    paths = layout_paths(block)
    library = ["attendance_lib", "attendance_lib/rules", "attendance_lib/cli"]
    assert paths == [*library, "notebooks", "notebooks/gone.ipynb"]
    assert [path for path in paths if not exists(path)] == ["notebooks/gone.ipynb"]
