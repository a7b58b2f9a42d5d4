"""The governor report of the demo school for two half terms, made as a user makes it: no pupil in it, and its numbers right.

The numbers are compared with a recount from the export files (``tests/recount``) that shares no line with the library.
"""

import csv
import json
import re
import subprocess
import sys
from datetime import date
from fractions import Fraction
from functools import partial
from io import StringIO
from itertools import groupby
from pathlib import Path
from zipfile import ZipFile

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from attendance_lib.disclosure.record import gather_cells
from attendance_lib.disclosure.tables import key_of
from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.governors.opening import BUILDERS, rounded
from attendance_lib.papers.governors.sums import partitions_of
from attendance_lib.papers.governors.workings import Workings
from tests.demo_exports import copy_demo_school, demo_exports, read_demo_school
from tests.made_once import made_once
from tests.recount.counting import Recount, count, is_persistent, year_group_in
from tests.recount.school_files import read_school

ROOT = Path(__file__).resolve().parents[1]
JULY, OCTOBER = "2026-06-01_2026-07-17", "2026-09-03_2026-10-23"
PARTS = (
    "At a glance", "Over time", "Year groups and groups of pupils", "Persistent and severe absence", "Why sessions were missed",
    "What was tried and what can be said", "Register compliance", "Why our persistent absence may differ from another figure",
    "Notes, definitions and sources",
)  # fmt: skip


def run(*arguments):
    """Start the command line as a user does, in the project's folder."""
    done = subprocess.run(
        [sys.executable, "-m", "attendance_lib", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def make_reports(exports, folder):
    """Make the demo school's reports of two half terms, one after the other."""
    school_file = copy_demo_school(exports, folder)
    for last in ("2026-07-17", "2026-10-23"):
        run("run", "governors", "--school", school_file, "--to", last, "--out", folder / "packs")


@pytest.fixture(scope="session")
def made(tmp_path_factory, worker_id):
    """The folder of exports, school file and two reports."""
    exports = demo_exports(tmp_path_factory, worker_id)
    return made_once("governor_reports", tmp_path_factory, worker_id, partial(make_reports, exports))


@pytest.fixture(scope="session")
def packs(made):
    return made / "packs" / "larkmoor-academy-990001" / "governors"


@pytest.fixture(scope="session")
def pack(packs):
    return packs / OCTOBER


@pytest.fixture(scope="session")
def school(made):
    return read_school(made / "school.yml")


@pytest.fixture(scope="session")
def recount(school):
    return Recount(school, date(2026, 9, 3), date(2026, 10, 23))


@pytest.fixture(scope="session")
def table(pack):
    """Reads one of the report's tables as dictionaries of text."""

    def read(name):
        text = (pack / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig")
        return list(csv.DictReader(StringIO(text)))

    return read


# --- No pupil ---


def texts_of(path):
    """Everything that can be read in a file, its metadata included: a workbook's parts are unpacked, a PDF's pages read."""
    if path.suffix == ".xlsx":
        with ZipFile(path) as parts:
            yield from (parts.read(name).decode("utf-8", "ignore") for name in parts.namelist())
        book = openpyxl.load_workbook(path)
        yield " ".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    elif path.suffix == ".pdf":
        paper = PdfReader(path)
        yield from (page.extract_text() for page in paper.pages)
        yield str(paper.metadata)
    else:
        yield path.read_text(encoding="utf-8-sig")
    yield path.name


@pytest.fixture(scope="session")
def artefacts(packs):
    """The text of every file of both reports, by its path, in small letters; pictures without their outlines."""
    outlines = re.compile(r'( d|points)=\\?"[^"]*"|data:image/svg\+xml;base64,[A-Za-z0-9+/=]+')
    return {
        path.relative_to(packs).as_posix(): outlines.sub("", "\n".join(texts_of(path))).lower()
        for path in sorted(packs.rglob("*"))
        if path.is_file()
    }


def pupils_of(made):
    text = (made / "exports" / "pupils.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def words_of_pupils(pupils):
    """What tells a pupil: both names together in either order, the UPN and the identifier; forenames alone are ordinary words."""
    for pupil in pupils:
        surname, forename = pupil["surname"].lower(), pupil["forename"].lower()
        yield from (
            f"{forename} {surname}",
            f"{surname}, {forename}",
            f"{surname} {forename}",
            pupil["upn"].lower(),
        )


def any_of(words):
    """A pattern for any of many words, parting letter by letter: of a plain list each is tried at every place of a text."""
    kept = sorted(set(words))
    parts = [
        re.escape(first) + any_of(word[1:] for word in begun)
        for first, begun in groupby(kept, key=lambda word: word[:1])
        if first
    ]
    whole = f"(?:{'|'.join(parts)})" if parts else ""
    return f"{whole}?" if whole and "" in kept else whole


@pytest.mark.parametrize("text", ["an ann annie", "o'neil", "a.b", "axb", "nobody"])
def test_many_words_are_found_as_each_would_be(text):
    words = ["ann", "annie", "bo", "o'neil", "a.b", "ann"]
    assert bool(re.search(any_of(words), text)) == any(word in text for word in words)


def test_every_kind_of_file_is_searched(artefacts):
    kinds = {Path(name).suffix for name in artefacts}
    assert kinds == {".html", ".ipynb", ".pdf", ".xlsx", ".json", ".csv"}
    assert {f"{OCTOBER}/receipt.json", f"{OCTOBER}/tables/disclosure.json"} <= artefacts.keys()


def test_no_name_and_no_upn_is_in_any_file(made, artefacts):
    wanted = re.compile(any_of(words_of_pupils(pupils_of(made))))
    assert {name: wanted.findall(text) for name, text in artefacts.items() if wanted.search(text)} == {}


def test_no_identifier_of_a_pupil_is_in_any_file(made, artefacts):
    # Six digits with leading noughts: as a number of its own, not within a longer number, a hash or a coordinate.
    ids = any_of(pupil["pupil_id"] for pupil in pupils_of(made))
    wanted = re.compile(rf"(?<![\w.])(?:{ids})(?![\w])")
    assert {name: wanted.findall(text) for name, text in artefacts.items() if wanted.search(text)} == {}


def test_a_surname_by_itself_is_in_no_table_sentence_or_page(made, artefacts):
    """Surnames that are English words of the report's own ("May", "Young") are found in capitals only; here none is."""
    pupils = pupils_of(made)
    surnames = {pupil["surname"] for pupil in pupils} - {pupil["forename"] for pupil in pupils}
    whole_words = {name: re.compile(rf"(?<!\w){re.escape(name.lower())}(?!\w)") for name in surnames}
    read = {name: text for name, text in artefacts.items() if name.endswith((".html", ".pdf", ".csv"))}
    for name, text in read.items():
        found = {surname for surname, words in whole_words.items() if words.search(text)}
        assert found <= ORDINARY, name


# Surnames of the demo school that are also words of the report.
ORDINARY = frozenset({"True"})


def test_a_planted_name_would_be_found(made, artefacts):
    pupil = pupils_of(made)[0]
    wanted = re.compile(any_of(words_of_pupils([pupil])))
    assert wanted.search(f"about {pupil['forename']} {pupil['surname']}".lower())


def test_the_documents_say_nothing_of_a_person(pack):
    book = openpyxl.load_workbook(pack / "governors.xlsx").properties
    paper = PdfReader(pack / "governors.pdf").metadata
    assert (book.creator, book.lastModifiedBy) == ("Larkmoor Academy", "Larkmoor Academy")
    assert paper.title.startswith("Attendance report to governors")
    assert paper.author == "Larkmoor Academy"


def test_no_column_is_personal(pack):
    index = json.loads((pack / "tables" / "index.json").read_text(encoding="utf-8"))
    assert not any(each["personal"] for each in index)


# --- Safe ---


def test_small_counts_are_withheld_and_no_count_of_one_to_four_is_left(pack, table):
    counts = {
        "year_groups": ("persistently_absent_enrolments", "severely_absent_enrolments"),
        "groups": ("enrolments", "persistently_absent_enrolments", "severely_absent_enrolments"),
        "flows": ("before", "left", "stayed", "joined", "after"),
        "statutory_action": ("period_notices", "year_notices"),
        "reconciliation": ("added_enrolments", "removed_enrolments", "severely_absent_enrolments"),
    }
    shown = [row[column] for name, columns in counts.items() for row in table(name) for column in columns]
    assert "c" in shown
    assert [value for value in shown if value.isdigit() and 0 < int(value) < 5] == []


def test_the_later_report_knew_of_the_earlier(packs, pack):
    receipt = json.loads((pack / "receipt.json").read_text(encoding="utf-8"))
    (earlier,) = receipt["parameters"]["previous_pack"].split(";")
    # The school file of this test lies outside the project.
    assert re.fullmatch(r"elsewhere/0001_[0-9a-f]{16}\.json", earlier)
    assert earlier in receipt["inputs"]
    assert not any(name.endswith(".xlsx") and "governors" in name for name in receipt["inputs"])


def test_no_published_file_tells_a_folder_of_this_machine(pack):
    held = {path.name: path.read_bytes() for path in pack.rglob("*") if path.is_file()}
    with ZipFile(pack / "governors.xlsx") as book:
        held |= {
            f"governors.xlsx {name}": book.read(name)
            for name in book.namelist()
            if name.startswith("docProps")
        }
    held["governors.pdf facts"] = str(PdfReader(pack / "governors.pdf").metadata).encode()
    told = [str(ROOT), str(pack.parents[2]), "../"]
    found = [(name, each) for name, text in held.items() for each in told if each.encode() in text]
    assert [each for each in found if each[0] not in ("governors.pdf", "governors.xlsx")] == []


def test_what_was_withheld_is_on_record(pack):
    record = json.loads((pack / "tables" / "disclosure.json").read_text(encoding="utf-8"))
    assert record["level"] == 5
    assert any(each["value"] == "c" for each in record["counts"])


def test_the_workbook_is_of_the_publication_profile(pack):
    book = openpyxl.load_workbook(pack / "governors.xlsx")
    assert book.sheetnames[:3] == ["cover", "contents", "notes"]
    values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "[c]" in values
    assert "c" not in values


# --- Numbers ---


def test_the_headline_counts_are_what_the_files_say(table, recount):
    (row,) = [each for each in table("reconciliation") if each["label"].startswith("DfE-comparable")]
    expected = recount.headline("dfe")
    assert int(row["enrolments"]) == expected["enrolments"]
    assert int(row["persistently_absent_enrolments"]) == expected["persistently_absent_enrolments"]
    assert int(row["severely_absent_enrolments"]) == expected["severely_absent_enrolments"]


def to_three(fraction):
    """A fraction to three decimals, half up."""
    return int(fraction * 1000 + 0.5) / 1000


def test_the_headline_rates_are_what_the_files_say(table, recount):
    now = count(recount.school, recount.enrolments("dfe"), recount.current)
    row = {each["measure"]: float(each["half_term"]) for each in table("headline") if each["half_term"]}
    assert row == {
        "Attendance": to_three(now["attended"] / now["possible"]),
        "Overall absence": to_three(now["absent"] / now["possible"]),
        "Authorised absence": to_three(now["authorised"] / now["possible"]),
        "Unauthorised absence": to_three(now["unauthorised"] / now["possible"]),
    }


@pytest.mark.parametrize("year", [7, 8, 9, 10, 11])
def test_a_year_group_is_what_the_files_say(table, recount, year):
    (row,) = [each for each in table("year_groups") if each["label"] == f"Year {year}"]
    everyone = recount.enrolments("dfe")
    inside = [pupil for pupil in everyone if year_group_in(pupil, "202627") == year]
    others = [pupil for pupil in everyone if year_group_in(pupil, "202627") != year]
    totals = [recount.total(pupil) for pupil in inside]
    assert int(row["enrolments"]) == sum(each["possible"] > 0 for each in totals)
    assert int(row["persistently_absent_enrolments"]) == sum(map(is_persistent, totals))
    # The first half term of a year is the year to date.
    mine, theirs = (share_attended(recount, pupils) for pupils in (inside, others))
    assert float(row["attendance_rate"]) == to_three(mine)
    assert float(row["gap_rate"]) == pytest.approx(float(mine - theirs), abs=5.1e-4)


def share_attended(recount, pupils):
    """Sessions attended over sessions possible, all the pupils' together."""
    totals = [recount.total(pupil) for pupil in pupils]
    return Fraction(sum(each["attended"] for each in totals), sum(each["possible"] for each in totals))


def test_the_flow_is_followed_enrolment_by_enrolment(table, school, recount):
    last_year = Recount(school, date(2026, 6, 1), date(2026, 7, 17))
    then = {pupil["enrolment"]: last_year.total(pupil) for pupil in last_year.enrolments("dfe")}
    now = {pupil["enrolment"]: recount.total(pupil) for pupil in recount.enrolments("dfe")}
    (row,) = [each for each in table("flows") if each["line"].startswith("Persistent")]
    was = {place for place, counted in then.items() if is_persistent(counted)}
    are = {place for place, counted in now.items() if is_persistent(counted)}
    expected = {"before": was, "left": was - are, "stayed": was & are, "joined": are - was, "after": are}
    shown = {name: str(len(places)) for name, places in expected.items() if row[name] != "c"}
    assert {name: row[name] for name in expected if row[name] != "c"} == shown


def test_the_reconciliation_is_recounted(table, recount):
    expected = recount.reconciliation(20)
    names = ("dfe_comparable", "current_roll", "statutory_age", "long_enough", "below_the_line")
    for name, row in zip(names, table("reconciliation"), strict=True):
        found = {key: len(places) for key, places in expected[name].items()}
        for column, value in row.items():
            if column in found and value not in ("", "c"):
                assert int(value) == found[column], (name, column)


def test_bands_hold_everyone_once(table, recount):
    assert sum(int(row["enrolments"]) for row in table("bands")) == recount.headline("dfe")["enrolments"]


# --- What adds up ---


@pytest.fixture(scope="session")
def workings(tmp_path_factory, worker_id):
    """What the report was worked out from, before anything was withheld."""
    school_file = read_demo_school(tmp_path_factory, worker_id)
    return Workings(
        open_pack(str(school_file), *JULY.split("_"), cohorts_file=str(ROOT / "params" / "cohorts.yml"))
    )


def sums_among(cells, partition):
    """Every whole that is published and the parts of it that are, by this partition."""
    names = {name for side in (partition.whole, *partition.parts) for name in side}
    rests = {
        tuple(pair for pair in key if pair[0] not in names)
        for key in cells
        if any(dict(pair for pair in key if pair[0] in names) == dict(part) for part in partition.parts)
    }
    for rest in rests:
        whole = cells.get(key_of(dict(rest) | dict(partition.whole)))
        parts = [cells.get(key_of(dict(rest) | dict(part))) for part in partition.parts]
        if whole is not None and whole.value is not None:
            yield (
                whole,
                [part.value for part in parts if part is not None and part.value is not None],
                len(parts),
            )


def test_what_is_declared_to_add_up_does(workings):
    """A false sum would protect nobody, or make the step see a way to work out what nobody can."""
    cells = gather_cells([rounded(build(workings)) for build in BUILDERS])
    found = [each for partition in partitions_of(workings) for each in sums_among(cells, partition)]
    whole_sums = [
        (whole.key, whole.value, sum(parts)) for whole, parts, count in found if len(parts) == count
    ]
    assert len(whole_sums) > 80
    assert [each for each in whole_sums if each[1] != each[2]] == []
    assert [whole.key for whole, parts, _ in found if sum(parts) > whole.value] == []


# --- Beside England ---


def test_england_stands_beside_the_year_to_date_in_the_daily_series_and_says_how_old_it_is(pack, table):
    page = BeautifulSoup((pack / "governors.html").read_text(encoding="utf-8"), "html.parser").get_text(" ")
    assert (
        "England, daily data, 8 Sep 2025 to 24 Oct 2025 (older than the period: it ends on 24 Oct 2025)"
        in page
    )
    assert "older than the period: England" in page
    assert "break on 8 September 2025" in page
    assert "england_rate" in table("headline")[0]


def test_the_census_stands_beside_whole_years_alone(table):
    years = {row["school_year"]: row for row in table("whole_years")}
    # DfE, Local Authority Interactive Tool: secondary 2024/25, absence 8.44 and persistent absence 23.37 per cent.
    assert float(years["2024/25"]["england_attendance_rate"]) == pytest.approx(1 - 0.0844)
    assert float(years["2024/25"]["england_persistent_absence_rate"]) == pytest.approx(0.2337)
    assert years["2025/26"]["england_attendance_rate"] == ""
    assert years["2025/26"]["attendance_rate"] != ""


def test_what_the_school_entered_stands_beside_the_measure(table, pack):
    attendance = table("headline")[0]
    names = ("local_authority_rate", "similar_schools_rate", "target_rate")
    assert [float(attendance[name]) for name in names] == pytest.approx([0.912, 0.919, 0.93])
    text = (pack / "governors.html").read_text(encoding="utf-8")
    assert "ABIE (attendance baseline improvement expectation; for the board alone" in text
    assert ": target 92.4% by 20 July 2027 (Invented:" in text


# --- As it is read ---


def test_the_parts_come_in_order_on_page_and_paper(pack):
    page = BeautifulSoup((pack / "governors.html").read_text(encoding="utf-8"), "html.parser")
    assert (
        tuple(heading.get_text() for heading in page.find_all("h2") if heading.get_text() in PARTS) == PARTS
    )
    paper = PdfReader(pack / "governors.pdf")
    assert (
        tuple(mark.title for mark in paper.outline if not isinstance(mark, list) and mark.title in PARTS)
        == PARTS
    )


def test_the_first_page_holds_purpose_figures_sentences_and_headline(pack):
    first = PdfReader(pack / "governors.pdf").pages[0].extract_text()
    for text in (
        "For governors to see",
        "Key figures",
        "Governors may want to ask",
        "Headline measures",
        "Severe absence (50%",
    ):
        assert text in first


def test_the_notebook_ran_without_a_word_that_no_section_said(pack):
    notebook = nbformat.read(pack / "governors.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert {output["output_type"] for output in outputs} == {"execute_result"}
