"""Fourteen months at a small school, lived in short: the exports of each day, few and light papers, everything else as it is."""

import sqlite3
from datetime import date

import pandas as pd
import pytest

from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.intake.school import read_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.register import build_register
from tests.casebook_school import table_of, without_kernel
from tests.year import story
from tests.year.life import Life

LAST_DAY = date(2026, 7, 17)


@pytest.fixture(scope="module")
def life(tmp_path_factory):
    lived = Life(tmp_path_factory.mktemp("year") / "project")
    with pytest.MonkeyPatch.context() as patch:
        without_kernel(patch)
        patch.chdir(lived.root)
        lived.live()
    return lived


def test_each_paper_is_made_once_and_on_its_day(life):
    made = [(str(day.day), *pack) for day in life.days for pack in day.made]
    assert sorted(made) == sorted(story.EXPECTED)
    assert len(life.made()) == len(set(life.made())) == len(story.EXPECTED)


def test_nothing_fails_but_what_the_story_spoils(life):
    failed = {day.day: day for day in life.days if day.exit_code}
    assert set(failed) == set(story.REFUSED)
    for day, (code, words) in story.REFUSED.items():
        assert failed[day].exit_code == code
        assert words in failed[day].said


def test_the_year_groups_are_those_of_each_pack_s_day(life):
    """Counted from the invented cohorts: who was on roll on a school day of the year so far, in the year group of that year."""
    wrong = {}
    for pack in life.made():
        table = pd.read_csv(life.pack(*pack) / "tables" / "year_groups.csv", encoding="utf-8-sig")
        shown = dict(zip(table["year_group"], table["enrolments"], strict=True))
        if shown != enrolments(life.school, date.fromisoformat(pack[2])):
            wrong[pack] = (shown, enrolments(life.school, date.fromisoformat(pack[2])))
    assert wrong == {}


def enrolments(school, last):
    first_year = last.year if last.month >= 8 else last.year - 1
    days = [day for day in school.days if date(first_year, 8, 1) <= day <= last]
    counts = {}
    for pupil in school.pupils:
        if any(pupil.is_on_roll(day) for day in days):
            year = pupil.year_group(first_year)
            counts[year] = counts.get(year, 0) + 1
    return counts


def test_no_word_of_staff_is_lost(life):
    """Not by the outage, the new name, or the closed week: each stands in the casebook, and what is open in the newest pack."""
    (file,) = (life.root / "outputs").rglob("casebook-*.sqlite")
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as book:
        known = {value for (value,) in book.execute("SELECT value FROM entry")}
    newest = max(pack for pack in life.made() if pack[0] == "fortnightly")
    read = [(day, word) for day, word in life.written if str(day) <= newest[1]]
    assert len(read) > 40
    assert [word for _, word in read if word not in known] == []
    shown = set(table_of(life.pack(*newest) / "fortnightly.xlsx")["action"])
    assert [word for _, word in read if word.startswith("agreed") and word not in shown] == []


def test_what_the_log_has_done_is_shown_as_done_once(life):
    """Also what was done in the summer: September's pack tells it. The pack made late, of earlier days, tells its own."""
    late = ("fortnightly", "2026-01-19", "2026-01-30")
    packs = [pack for pack in life.made() if pack[0] == "fortnightly" and pack != late]
    shown = [words for pack in packs for words in done_in(life.pack(*pack))]
    done = [words for day, words in life.school.agreed if (date.fromisoformat(max(packs)[2]) - day).days > 20]
    assert sorted(shown) == sorted(done)


def done_in(pack):
    table = table_of(pack / "fortnightly.xlsx")
    return table.loc[table["standing"] == "Done since last time", "action"].tolist()


def test_last_year_s_figures_are_the_same_before_and_after_the_summer(life, tmp_path):
    assert totals(life, date(2026, 7, 20)).equals(totals(life, date(2026, 10, 30)))


def totals(life, today):
    life.school.write_school_file(today)
    life.school.write(today)
    school = read_school(load_settings(life.root / "params" / "school.yml"))
    register = build_register(school.pupils, school.marks, school.calendar).register.year_to_date(LAST_DAY)
    figures = pupil_totals(register).sort_values("pupil_id")
    figures = figures[figures["possible_sessions"] > 0]
    return (
        figures[["pupil_id", "year_group", "absence_sessions", "possible_sessions"]]
        .astype(str)
        .reset_index(drop=True)
    )


def test_the_pack_missed_in_the_outage_is_named_until_it_is_made(life):
    named = [
        day.day
        for day in life.days
        if any(note.startswith("Never made: fortnightly 2026-01-19 to") for note in day.notes)
    ]
    assert named == [date(2026, 2, 23)]


def test_at_the_end_of_the_year_it_is_said_what_waits(life):
    waiting = [day.day for day in life.days if day.standing.waiting]
    assert (min(waiting), max(waiting)) == (date(2026, 6, 1), date(2026, 8, 17))


def test_neither_time_nor_size_grows_faster_than_the_packs(life):
    """A pack of the last quarter takes no more than half as much again as one of the first."""
    sizes = [
        sum(path.stat().st_size for path in life.pack(*pack).rglob("*") if path.is_file())
        for pack in life.made()
        if pack[0] == "fortnightly"
    ]
    assert max(sizes[-5:]) <= 1.5 * max(sizes[:5])
    idle = [day.seconds for day in life.days if not day.made and not day.exit_code]
    assert sum(idle[-5:]) <= 2 * sum(idle[:5]) + 0.5
