"""Opening a pack from files: what is refused and how, and that every section has something to say to any of them."""

import ast
import json
import re
from datetime import date
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from pathlib import Path

import pytest

from attendance_lib.analysis.headline import totals_of
from attendance_lib.display.html import to_html
from attendance_lib.display.text import to_text
from attendance_lib.errors import SettingsError
from attendance_lib.pack import opening as pack_module
from attendance_lib.pack.opening import open_pack
from tests.school_file import NATIONAL, autumn, details

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "fortnightly.ipynb"
SCHOOL = details() + autumn() + NATIONAL
PUPILS = """\
pupil_id,surname,forename,year_group,form,date_of_birth,sex,admission_date,leaving_date
001,Ó Briain,Zoë,7,7A,2015-01-02,F,2026-09-07,
002,O'Neill,Null,8,8A,2014-01-02,M,2025-09-03,
"""
COHORTS = """\
all: {title: "Whole school"}
year_8: {title: "Year 8", where: {year_group: [8]}}
nobody: {title: "Year 11", where: {year_group: [11]}}
"""
DAYS = [f"2026-09-{day:02d}" for day in (*range(7, 12), *range(14, 19), *range(21, 26), *range(28, 31))]


@pytest.fixture(scope="module")
def write_school(tmp_path_factory):
    """Writes a school of two pupils; `codes` says the AM and PM codes of a pupil on a day."""

    def write(codes=lambda pupil, day: ("/", "\\"), pupils=PUPILS):
        folder = tmp_path_factory.mktemp("school")
        rows = [
            f"{pupil},{day},{half},{code}"
            for pupil in ("001", "002")
            for day in DAYS
            for half, code in zip(("AM", "PM"), codes(pupil, day), strict=True)
        ]
        (folder / "school.yml").write_text(SCHOOL, encoding="utf-8")
        (folder / "cohorts.yml").write_text(COHORTS, encoding="utf-8")
        (folder / "pupils.csv").write_text(pupils, encoding="utf-8")
        (folder / "marks.csv").write_text("\n".join(["pupil_id,date,session,code", *rows]), encoding="utf-8")
        return folder

    return write


@pytest.fixture(scope="module")
def school(write_school):
    return write_school()


def opened(folder, date_from="2026-09-14", date_to="2026-09-25", cohort="all", **more):
    cohorts = str(folder / "cohorts.yml")
    return open_pack(str(folder / "school.yml"), date_from, date_to, cohort, cohorts_file=cohorts, **more)


def test_a_pack_knows_its_period_cohort_and_pupils(school):
    pack = opened(school, cohort="year_8")
    assert (pack.date_from, pack.date_to, pack.cohort.title) == (
        date(2026, 9, 14),
        date(2026, 9, 25),
        "Year 8",
    )
    assert totals_of(pack)["pupil_id"].tolist() == ["002"]
    # 15 days to 25 September.
    assert totals_of(pack)["possible_sessions"].tolist() == [2 * 15]


@pytest.mark.parametrize("what", ["", "school", "register", "periods", "roll"])
def test_a_pack_in_a_cell_says_what_it_holds_and_never_anything_of_a_pupil(school, what):
    pack = opened(school)
    shown = getattr(pack, what) if what else pack
    said = repr(shown) + (shown._repr_html_() if not what else "")
    assert "pupils: " in said
    assert "year_group" in said
    assert len(said) < 6000
    for personal in ("001", "Briain", "Zoë", "O'Neill", "2015-01-02", "7A"):
        assert personal not in said


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"cohort": "year_9"}, r"There is no cohort 'year_9'\. Did you mean 'year_8'"),
        ({"cohort": "All"}, r"There is no cohort 'All'"),
        ({"date_from": "14/09/2026"}, r"Parameter 'date_from': '14/09/2026' is not a date\. Write it as in"),
        ({"date_to": "2026-09-31"}, r"Parameter 'date_to': '2026-09-31' is not a date"),
        ({"date_to": ""}, r"Parameter 'date_to': '' is not a date"),
        ({"date_to": None}, r"Parameter 'date_to': None is not a date"),
        ({"date_to": 2025-11-10}, r"Parameter 'date_to': 2004 is not a date\. Write it in quotes, as in \"2026-11-20\""),
        ({"date_from": date(2026, 9, 14)}, r"Parameter 'date_from': datetime.date\(2026, 9, 14\) is not a date\. Write it in"),
        ({"cohort": all}, r"Parameter 'cohort': <built-in function all> is no text\. Write it in quotes"),
        ({"casebook": 0}, r"Parameter 'casebook': 0 is no text"),
        ({"date_from": "2026-09-28"}, r"date_from '2026-09-28' is after date_to '2026-09-25'\. Give the first day first\."),
        (
            {"date_from": "2026-11-02", "date_to": "2026-11-13"},
            r"from 2026-11-02 to 2026-11-13; the exports hold 2026-09-07 to 2026-09-30",
        ),
        ({"date_from": "2026-09-19", "date_to": "2026-09-20"}, r"no marks from 2026-09-19 to 2026-09-20"),
        ({"date_from": "2025-09-15", "date_to": "2025-09-26"}, r"no marks from 2025-09-15 to 2025-09-26"),
        ({"casebook": "no/casebook.sqlite@3"}, r"There is no file 'no/casebook.sqlite' here or in any folder above"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(school, asked, told):
    with pytest.raises(SettingsError, match=told):
        opened(school, **asked)


def test_a_school_file_that_is_not_there_is_refused(school):
    with pytest.raises(
        SettingsError, match=r"There is no file 'params/nowhere\.yml' here or in any folder above"
    ):
        open_pack("params/nowhere.yml", "2026-09-14", "2026-09-25", cohorts_file=str(school / "cohorts.yml"))


def test_a_casebook_without_a_revision_is_read_where_there_is_one_and_never_made(school, tmp_path):
    assert opened(school, casebook=str(tmp_path / "casebook-990001.sqlite")).casebook is None
    assert list(tmp_path.glob("casebook*")) == []


def test_no_refusal_names_a_pupil(school):
    with pytest.raises(SettingsError) as refused:
        opened(school, cohort="O'Neill")
    assert "Briain" not in str(refused.value)


def test_paths_are_found_from_a_folder_below(school, monkeypatch):
    below = school / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert (
        open_pack("school.yml", "2026-09-14", "2026-09-25", cohorts_file="cohorts.yml").cohort.title
        == "Whole school"
    )


def test_a_copy_of_the_notebook_run_elsewhere_finds_the_cohorts_from_the_whole_path_of_the_school_file(
    school, tmp_path, monkeypatch
):
    """JupyterLab's scheduler runs a copy in a folder of its own, with no project above it."""
    monkeypatch.chdir(tmp_path)
    whole = str((school / "school.yml").resolve())
    days = ("2026-09-14", "2026-09-25")
    assert open_pack(whole, *days, cohorts_file="cohorts.yml").cohort.title == "Whole school"
    said = r"no file 'school\.yml' .* Check the name, or give the whole path"
    with pytest.raises(SettingsError, match=said):
        open_pack("school.yml", *days, cohorts_file="cohorts.yml")


# --- Every section, whatever the pack ---


def shown_in_the_notebook():
    """Every section function that a cell of the notebook shows, as "module.function"."""
    cells = [
        cell
        for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
        if cell["cell_type"] == "code"
    ]
    lasts = [ast.parse("".join(cell["source"])).body[-1] for cell in cells]
    return [ast.unparse(last.value.func) for last in lasts if isinstance(last, ast.Expr)]


def absent(pupil, day):
    return "I", "I"


def not_possible(pupil, day):
    return "D", "D"


def until_a_pupil_left(pupil, day):
    return ("", "") if day > "2026-09-11" and pupil == "002" else ("/", "\\")


def unmarked_lately(pupil, day):
    return ("", "") if day >= "2026-09-14" and pupil == "001" else ("N", "N")


@pytest.fixture(scope="module")
def packs(write_school, school):
    """Packs that have least to tell."""
    left = PUPILS.replace("2025-09-03,\n", "2025-09-03,2026-09-11\n")
    return {
        "all present": opened(school),
        "nobody in the cohort": opened(school, cohort="nobody"),
        "the first fortnight": opened(school, "2026-09-07", "2026-09-18"),
        "one day": opened(school, "2026-09-16", "2026-09-16"),
        "dates beyond the marks": opened(school, "2026-09-28", "2026-10-09"),
        "all absent": opened(write_school(absent)),
        "nothing possible": opened(write_school(not_possible)),
        "nothing explained": opened(write_school(unmarked_lately)),
        "a pupil has left": opened(write_school(until_a_pupil_left, pupils=left)),
    }


@pytest.fixture(scope="module")
def payload_of(packs):
    """What a section shows of a pack, worked out once for all tests."""
    return cache(lambda name, pack_name: shown_of(section_of(name), packs[pack_name]).payload())


NAMES_OF_PACKS = (
    "all present", "nobody in the cohort", "the first fortnight", "one day", "dates beyond the marks", "all absent",
    "nothing possible", "nothing explained", "a pupil has left",
)  # fmt: skip
NOTHING = re.compile(r"\b(nan|NaN|NaT|null|inf)\b|<NA>|\bNone,|\bNone\)|[{}]")


def section_of(name):
    module, function = name.split(".")
    places = (f"attendance_lib.papers.{room}{module}" for room in ("fortnightly.", ""))
    return getattr(import_module(next(filter(find_spec, places))), function)


def shown_of(section, pack):
    """What a section shows: a few are the same for every pack and are asked for nothing."""
    return section(pack) if signature(section).parameters else section()


@pytest.mark.parametrize("pack_name", NAMES_OF_PACKS)
@pytest.mark.parametrize("name", shown_in_the_notebook())
def test_a_section_always_has_something_to_say_and_never_nan(payload_of, name, pack_name):
    payload = payload_of(name, pack_name)
    text, page = to_text(payload), to_html(payload)
    assert NOTHING.search(text) is None, text
    assert len(re.sub(r"<[^>]+>", "", page).strip()) > 10


def items_of(payload):
    return (
        payload["items"]
        if payload["type"] == "sentences"
        else [payload["empty_text"], *filter(None, [payload.get("note", "")])]
    )


@pytest.mark.parametrize("pack_name", NAMES_OF_PACKS)
def test_what_is_said_is_said_in_sentences(payload_of, pack_name):
    said = []
    for name in shown_in_the_notebook():
        payload = payload_of(name, pack_name)
        if payload["type"] in ("sentences", "table"):
            said += items_of(payload)
    assert said
    assert [item for item in said if not item.endswith((".", "?")) or item[0].islower()] == []


WRONG_NUMBER = re.compile(
    r"(?<![\d.,])\b1 (pupils|marks|sessions|enrolments|school weeks|actions|interventions|are|have)\b"
    r"|\b(0|[2-9]|\d\d+) (pupil|mark|session|enrolment|school week|action|intervention|is|has) "
)


@pytest.mark.parametrize("pack_name", NAMES_OF_PACKS)
def test_one_is_told_in_the_singular_and_others_in_the_plural(payload_of, pack_name):
    for name in shown_in_the_notebook():
        payload = payload_of(name, pack_name)
        if payload["type"] == "sentences":
            assert [item for item in payload["items"] if WRONG_NUMBER.search(item)] == [], name


def test_every_section_function_of_the_notebook_is_tried():
    names = shown_in_the_notebook()
    assert len(names) > 30
    assert {
        "shared.masthead",
        "front_page.what_moved",
        "notices.notice_windows",
        "data_notes.versions",
    } <= set(names)
    assert pack_module.__name__ == "attendance_lib.pack.opening"


@pytest.mark.parametrize("text", ["1 pupils met it", "0 pupil moved", "2 session of", "12 is left"])
def test_a_wrong_number_would_be_found(text):
    assert WRONG_NUMBER.search(text)


@pytest.mark.parametrize("text", ["to nan", "was NaN%", "NaT", "<NA>", "{count} pupils"])
def test_a_figure_that_is_none_would_be_found(text):
    assert NOTHING.search(text)
