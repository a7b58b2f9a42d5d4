"""A figure that several tables show is declared once, and is personal in all of them or in none."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from attendance_lib.display.columns import FIGURES, figure, shown

LIBRARY = Path(__file__).parents[2] / "attendance_lib"
# The schema's columns are those of exports, not of tables shown.
SHOWS = ("display", "papers", "reports")
FIELDS = ("name", "heading", "kind", "meaning", "personal")
# Different things under one word: name and heading in the tables of several files, no figure of which is the other's.
ONE_WORD = {
    ("figure", "Figure"), ("value", "Value"), ("note", "Note"), ("what", "What"),
    ("line", "Line"), ("recorded", "Recorded"), ("reason", "Reason"), ("rule", "Rule"), ("standing", "Stands"),
    ("stands", "Stands"),
}  # fmt: skip
# Of one pupil they are personal, of many together they are not.
OF_ONE_AND_OF_MANY = {
    ("barrier", "Barrier"), ("code", "Code"), ("date", "Date"), ("expected_rate", "Expected"), ("first_date", "From"),
    ("last_date", "To"), ("meaning", "Meaning"), ("note", "Note"), ("recorded", "Recorded"), ("what", "What"),
}  # fmt: skip


def declared(source: str, where: str) -> Iterator[SimpleNamespace]:
    """Every column that a module declares itself under a name and a heading that can be read off."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Column":
            given = dict(zip(FIELDS, node.args, strict=False)) | {
                each.arg: each.value for each in node.keywords
            }
            if all(isinstance(given[name], ast.Constant) for name in ("name", "heading")):
                personal = given.get("personal")
                yield SimpleNamespace(
                    key=(given["name"].value, given["heading"].value),
                    is_personal=personal is not None and ast.unparse(personal) == "True",
                    where=f"{where}:{node.lineno}",
                )


def files() -> Iterator[Path]:
    return (path for room in SHOWS for path in sorted((LIBRARY / room).rglob("*.py")))


@pytest.fixture(scope="module")
def columns() -> list[SimpleNamespace]:
    """Every column of the library; read by this file's tests alone, and not by every worker that collects them."""
    return [
        column
        for path in files()
        for column in declared(path.read_text(encoding="utf-8"), str(path.relative_to(LIBRARY)))
    ]


def declared_twice(columns: list[SimpleNamespace]) -> dict[tuple[str, str], list[str]]:
    """Columns of the same name and heading that several files declare, by where they do."""
    places = defaultdict(list)
    for column in columns:
        places[column.key].append(column.where)
    return {key: where for key, where in places.items() if len({place.split(":")[0] for place in where}) > 1}


def personal_here_and_not_there(columns: list[SimpleNamespace]) -> set[tuple[str, str]]:
    """Names and headings that are personal in one table and not in another."""
    said = defaultdict(set)
    for column in columns:
        said[column.key].add(column.is_personal)
    return {key for key, answers in said.items() if len(answers) > 1}


def test_a_figure_of_several_tables_is_declared_among_the_figures(columns):
    twice = declared_twice(columns)
    assert {key: twice[key] for key in twice.keys() - ONE_WORD - OF_ONE_AND_OF_MANY} == {}


# Columns that name a member of staff, whatever their heading.
STAFF = frozenset({"teacher", "lead", "led_by", "owner", "who", "made_by", "key_adult", "member"})


def test_who_of_the_staff_does_something_is_personal_wherever_it_is_shown(columns):
    named = [column for column in columns if column.key[0] in STAFF]
    assert {column.key[0] for column in named} == STAFF
    assert [column.where for column in named if not column.is_personal] == []


def test_the_same_thing_is_personal_wherever_it_is_shown(columns):
    assert personal_here_and_not_there(columns) == OF_ONE_AND_OF_MANY


def test_what_is_said_to_be_different_things_under_one_word_still_is(columns):
    assert declared_twice(columns).keys() >= ONE_WORD


def test_every_figure_says_what_it_means_but_the_one_that_papers_explain_themselves():
    assert [name for name, column in FIGURES.items() if not column.meaning] == ["severity"]


def test_every_figure_is_shown_by_two_tables():
    used = defaultdict(int)
    for path in files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"figure", "shown"}:
                for name in node.args:
                    used[getattr(name, "value", "")] += 1
    assert {name: used[name] for name in FIGURES if used[name] < 2} == {}


@pytest.mark.parametrize("change", [{"personal": False}, {"kind": "count"}])
def test_what_is_the_same_for_every_table_cannot_be_changed_in_one(change):
    with pytest.raises(
        ValueError, match=f"{next(iter(change))} of the figure 'pupil_name' would be changed in one"
    ):
        figure("pupil_name", **change)


def test_a_figure_nobody_declared_is_not_shown():
    with pytest.raises(KeyError, match="pupil_nam"):
        shown("form", "pupil_nam")


def test_the_checks_find_what_is_wrong():
    one = list(declared('Column("a", "A", personal=True)\nColumn("b", "B")\nColumn(name, "C")', "one.py"))
    other = list(declared('Column("a", heading="A")\nColumn("b", "Other")', "other.py"))
    assert declared_twice(one + other) == {("a", "A"): ["one.py:1", "other.py:1"]}
    assert personal_here_and_not_there(one + other) == {("a", "A")}
    assert declared_twice(one + one) == {}
