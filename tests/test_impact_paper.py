"""The impact paper of the demo school, whose interventions have known effects: it says nothing false, and nothing too bold.

Pupils' attendance is counted again from the export files (``tests/recount``), which shares no line with the library.
"""

import json
import re
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import nbformat
import openpyxl
import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from attendance_lib.analysis.impact import paper as impact_paper
from attendance_lib.display.notebook import outputs_of, payloads_of
from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.impact.card import card_words
from attendance_lib.papers.impact_ranking import STRIP, impact_strip, ranking_frame
from attendance_lib.reports.render import write_data, write_html, write_pdf
from tests.demo_exports import read_demo_school
from tests.known_state import known
from tests.made_once import made_once
from tests.notebook_in_process import run_here
from tests.recount.counting import count
from tests.recount.school_files import read_school

ROOT = Path(__file__).resolve().parents[1]
SPAN = {"date_from": "2025-09-03", "date_to": "2026-11-20"}
WINDOW_WEEKS = 12
TOO_BOLD = re.compile(r"\b(caus\w*|prov(?:e|ed|es|en|ing|ably)|success\w*)\b", re.IGNORECASE)
# What is patched to make the self-test short.
FEW_RUNS = ("attendance_lib.analysis.impact.self_test.RUNS", 6)
VERDICTS = {"likely helped", "no clear effect", "likely worse", "too few to tell"}


def make_paper(school_file, folder):
    """Run the paper on the demo school here, with a short self-test, then render it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(*FEW_RUNS)
        notebook = run_here("impact", school_file=str(school_file), **SPAN)
    nbformat.write(notebook, folder / "impact.ipynb")
    write_html(notebook, folder / "impact.html")
    assert write_pdf(notebook, folder / "impact.pdf") == ()
    write_data(notebook, folder / "impact")


@pytest.fixture(scope="session")
def school_file(tmp_path_factory, worker_id):
    return read_demo_school(tmp_path_factory, worker_id)


@pytest.fixture(scope="session")
def made(tmp_path_factory, worker_id, school_file):
    return made_once("impact_paper", tmp_path_factory, worker_id, partial(make_paper, school_file))


@pytest.fixture(scope="session")
def notebook(made):
    return nbformat.read(made / "impact.ipynb", as_version=4)


@pytest.fixture(scope="session")
def table(notebook):
    """Reads one of the paper's tables as dictionaries of raw values."""
    tables = {payload["name"]: payload for payload in payloads_of(notebook) if payload["type"] == "table"}

    def read(name):
        names = [column["name"] for column in tables[name]["columns"]]
        return [dict(zip(names, row, strict=True)) for row in tables[name]["rows"]]

    return read


@pytest.fixture(scope="session")
def truths(school_file):
    """The true effect of each intervention with named pupils, in points."""
    told = json.loads((school_file.parent / "exports" / "truth.json").read_text(encoding="utf-8"))[
        "interventions"
    ]
    return {each["intervention"]: each["effect_points"] for each in told if each["pupil_ids"]}


def texts_in(value):
    """Every text anywhere in a payload, but pictures."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (
            text for name, item in value.items() if name not in ("svg", "narrow") for text in texts_in(item)
        )
    elif isinstance(value, list):
        yield from (text for item in value for text in texts_in(item))


@pytest.mark.parametrize(
    ("text", "is_bold"),
    [
        ("It caused a rise", True),
        ("a proven success", True),
        ("attendance improved because", False),
        ("approved educational activity", False),
    ],
)
def test_the_search_for_words_that_claim_too_much_finds_them(text, is_bold):
    assert bool(TOO_BOLD.search(text)) is is_bold


def test_no_word_of_the_paper_claims_too_much(notebook, made):
    shown = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    shown += [
        text
        for cell in notebook.cells
        for output in outputs_of(cell)
        for text in texts_in(dict(output["data"]))
    ]
    page = BeautifulSoup((made / "impact.html").read_text(encoding="utf-8"), "html.parser")
    shown += [page.get_text(" "), *(image["alt"] for image in page.find_all("img"))]
    book = openpyxl.load_workbook(made / "impact.xlsx", read_only=True)
    shown += [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell
    ]
    assert len(shown) > 1000
    assert [found[0] for text in shown for found in [TOO_BOLD.search(text)] if found] == []


@pytest.mark.parametrize("name", ["impact", "impact_asked"])
def test_nothing_false_is_said_of_interventions_whose_effect_is_known(table, truths, name):
    rows = table(name)
    assert {row["intervention"] for row in rows} == truths.keys()
    for row in rows:
        assert row["verdict"] in VERDICTS
        truth = truths[row["intervention"]]
        assert row["verdict"] != "likely helped" or truth > 0, row["intervention"]
        assert row["verdict"] != "likely worse" or truth < 0, row["intervention"]


def test_a_scheme_for_the_whole_school_has_no_verdict_without_england_s_weeks(table):
    told = table("impact_whole_school")
    assert [row["intervention"] for row in told] == ["First-day calls", "Punctuality raffle"]
    assert all(row["said"].startswith("cannot be said from one school") for row in told)


def test_a_range_that_crosses_zero_is_never_given_one_cost(table):
    crossing = [row for row in table("impact") if row["low"] < 0 < row["high"]]
    assert crossing
    for row in crossing:
        said = row["cost"].partition(" (cost recorded for ")[0]
        assert said in ("no cost recorded", "no session was regained") or said.endswith(
            "; perhaps no session was regained"
        )
        assert row["cost_at_most"] is None


def test_each_pupil_s_attendance_is_what_the_files_say(school_file, table):
    school = read_school(school_file)
    pupils = {pupil["pupil_id"]: pupil for pupil in school.pupils}
    weeks = sorted({session.week for session in school.sessions})
    last = date.fromisoformat(SPAN["date_to"])
    rows = table("impact_pupils")
    assert len(rows) > 200
    for row in rows[::5]:
        first = date.fromisoformat(row["week_beginning"])
        within = weeks[weeks.index(first) :][:WINDOW_WEEKS]
        year = next(session.school_year for session in school.sessions if session.week == first)
        sessions = [
            each
            for each in school.sessions
            if each.week in within and each.school_year == year and each.day <= last
        ]
        counted = count(school, [pupils[row["pupil_id"]]], sessions)
        assert counted["possible"] == row["possible_sessions"]
        assert row["actual_rate"] == pytest.approx(counted["attended"] / counted["possible"], abs=1e-12)


def test_the_cards_tables_add_up_to_the_ranking(table):
    ranked = {row["intervention"]: row for row in table("impact")}
    people = table("impact_pupils")
    for name, row in ranked.items():
        own = [each for each in people if each["intervention"] == name]
        assert len(own) == row["pupils"]
        assert sum(each["possible_sessions"] for each in own) == row["possible_sessions"]
        gap = sum(each["actual_rate"] - each["expected_rate"] for each in own) / len(own)
        # Expected rates are shown between 0 and 1, which the mean is not held to.
        assert gap == pytest.approx(row["estimate"], abs=0.01)
        assert row["sessions_regained"] == pytest.approx(row["estimate"] * row["possible_sessions"])
    same = [row for row in table("impact_asked") if row["asked"] == "the window asked for"]
    # The ranking is written to nine places, since nbval compares it.
    estimates = {name: row["estimate"] for name, row in ranked.items()}
    assert {row["intervention"]: row["estimate"] for row in same} == pytest.approx(estimates, abs=5.1e-10)


def test_every_intervention_has_a_card_under_its_name_with_its_pictures_described(made, table):
    page = BeautifulSoup((made / "impact.html").read_text(encoding="utf-8"), "html.parser")
    names = [row["intervention"] for row in table("impact")]
    heads = [head.get_text() for head in page.find_all("h3")]
    assert [head for head in heads if head in names] == names
    pictures = [image["alt"] for image in page.find_all("img")]
    assert len(pictures) >= 2 + 2 * len(names)
    assert all(len(alt) > 20 for alt in pictures)


def test_a_card_is_one_page_with_what_to_do_and_the_rest_is_shorter_than_the_cards(made, table):
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(made / "impact.pdf").pages]
    names = [row["intervention"] for row in table("impact")]
    heads = [
        at for name in names for at, text in enumerate(pages) if f"{name}: was the expectation right" in text
    ]
    assert heads == list(range(1, 1 + len(names)))
    for name, at in zip(names, heads, strict=True):
        for part in (name, "such ranges hold the truth", "What to do", f"{name}: what does chance do"):
            assert part in pages[at], f"{part} of {name}"
    assert pages[1 + len(names)].find("What is not working and why") >= 0
    assert len(pages) <= 21


def test_those_named_on_a_card_are_all_that_landed_below_and_chance_would_name_one_in_ten(made, table):
    page = BeautifulSoup((made / "impact.html").read_text(encoding="utf-8"), "html.parser")
    said = [item.get_text() for item in page.find_all("li") if item.get_text().startswith("Talk with those")]
    people = table("impact_pupils")
    for row in table("impact"):
        own = [each for each in people if each["intervention"] == row["intervention"]]
        below = [each["pupil_name"] for each in own if each["actual_rate"] < each["low"]]
        assert below == [each["pupil_name"] for each in own if each["standing"] == "below"]
        if below:
            (line,) = [each for each in said if below[0] in each and f"({len(below)} of {len(own)};" in each]
            assert all(name in line for name in below[:12])


def test_what_speaks_for_and_against_each_verdict_is_what_the_other_tables_say(table):
    ranked = {row["intervention"]: row for row in table("impact")}
    rows = table("impact_trust")
    assert [row["intervention"] for row in rows] == list(ranked)
    for row in rows:
        known = ranked[row["intervention"]]
        for name in ("smallest_effect", "cautious_estimate", "break_even"):
            assert row[name] == pytest.approx(known[name], abs=5.1e-10)
        assert row["pretend_runs"] in (0, 6)
        assert row["pretend"].split() == [
            str(row["pretend_helped"]),
            "and",
            str(row["pretend_worse"]),
            "of",
            str(row["pretend_runs"]),
        ]
        # A pupil picked at a low point rises: before and after alone says more than the difference from pupils like them.
        assert row["before_after_low"] < row["before_after"] < row["before_after_high"]
        for other in ("illness", "unauthorised_absence", "possible"):
            assert row[f"{other}_low"] < row[f"{other}_effect"] < row[f"{other}_high"]


def test_on_the_page_stand_the_ways_of_asking_that_come_to_another_verdict(notebook, table):
    verdicts = {row["intervention"]: row["verdict"] for row in table("impact")}
    rows = table("impact_asked")
    (payload,) = [each for each in payloads_of(notebook) if each.get("name") == "impact_asked"]
    others = [row["verdict"] != verdicts[row["intervention"]] for row in rows]
    assert others == sorted(others, reverse=True)
    assert payload["shown_rows"] == sum(others)


def test_the_strip_of_the_fortnightly_pack_has_the_paper_s_numbers(school_file, table, monkeypatch):
    # The self-test has a say in the verdicts: as many runs as in the paper.
    monkeypatch.setattr(*FEW_RUNS)
    pack = open_pack(str(school_file), "2026-11-09", "2026-11-20")
    strip = impact_strip(pack).payload()
    place = [column["name"] for column in strip["columns"]]
    ranked = {row["intervention"]: row for row in table("impact")}
    assert 1 <= len(strip["rows"]) <= len(ranked)
    assert strip["shown_rows"] == 8
    for values in strip["rows"]:
        row = dict(zip(place, values, strict=True))
        assert row == {name: ranked[row["intervention"]][name] for name in STRIP}


def test_a_card_that_staff_wrote_is_in_the_next_paper(school_file):
    written = {
        "intervention": "Mentor",
        "aim": "4 points more",
        "comparison": "waiting list",
        "start_date": "2026-11-02",
        "written_on": "2026-11-10",
    }
    state = known({"c10": written, "c9": written, "c11": {"aim": ""}}, sheet="impact_card")
    pack = open_pack(str(school_file), SPAN["date_from"], SPAN["date_to"])
    paper = impact_paper.impact_paper(
        replace(pack, casebook=state), impact_paper.Criteria(intervention="Mentor")
    )
    assert paper.judged_cards[["card_id", "intervention", "standing"]].to_numpy().tolist() == [
        ["c9", "Mentor", "written after the start"],
        ["c10", "Mentor", "written after the start"],
    ]
    assert "Impact card: written after the start, aiming at: 4 points more" in card_words(paper, "Mentor")


def test_asking_about_one_tier_or_term_moves_no_number_of_what_is_left(school_file, table):
    pack = open_pack(str(school_file), SPAN["date_from"], SPAN["date_to"])
    told = {row["intervention"]: row for row in table("impact")}
    for criteria in (impact_paper.Criteria(tier=3), impact_paper.Criteria(intervention="Transport help")):
        found = ranking_frame(impact_paper.impact_paper(pack, criteria)).to_dict("records")
        assert found
        for row in found:
            known = told[row["intervention"]]
            alike = ("estimate", "low", "high", "pupils", "left_out")
            assert [row[name] for name in alike] == [known[name] for name in alike]
