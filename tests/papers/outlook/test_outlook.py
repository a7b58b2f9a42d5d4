"""The outlook paper on a small school of two years whose absences follow a rule that is written down here."""

import json
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from attendance_lib.analysis.outlook.backtest import CHECK, try_week
from attendance_lib.analysis.outlook.level_and_drift import numbers_of
from attendance_lib.analysis.outlook.outlook import NEW_HERE, outlook_of, spread_published, trial_of
from attendance_lib.analysis.outlook.school import horizons_of
from attendance_lib.papers.outlook import front_page, proof, pupils
from attendance_lib.rules.calendar import HalfTerm, Term
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE
from tests.papers.outlook.two_years import (
    CALENDAR,
    CERTAIN,
    FLAGS,
    LEFT,
    MARKS,
    NEVER,
    NEW,
    NUMBERS,
    ROLL,
    TODAY,
    YEARS,
    opened,
    said,
    sessions_of,
    to_come,
    year_of,
)


@pytest.fixture(scope="module")
def pack():
    return opened()


def test_the_ends_are_those_of_the_term_and_the_year_since_the_half_term_ends_with_the_term(pack):
    ends = outlook_of(pack).horizons
    assert [(each.kind, each.last_day) for each in ends] == [
        ("term", date(2026, 12, 18)),
        ("year", date(2027, 7, 20)),
    ]


@pytest.mark.parametrize("number", [25, 29, 13])
def test_what_would_have_to_happen_is_counted_from_the_marks_and_the_calendar(pack, number):
    missed, possible = sessions_of(number, "2026-08-01", TODAY)
    left = to_come(YEARS[number], "2027-07-20")
    most = next(each for each in range(left, -1, -1) if 10 * (missed + each) < possible + left)
    told = said(pack).loc[f"{number:03d}", "needed"]
    assert told == f"misses {'no more than ' + str(most) if most else 'none'} of the next {left}"


def test_a_day_closed_to_one_year_group_is_not_among_its_sessions_to_come():
    assert to_come(9, "2027-07-20") == to_come(8, "2027-07-20") - 2


def test_year_11_is_told_to_where_it_left_last_year(pack):
    # It left on Friday 12 June 2026, with five weeks and two days of the year to come, the last not whole: so it does again.
    weeks = CALENDAR.sessions().groupby("school_week")["date"].max()
    last = [each for each in weeks if pd.Timestamp("2026-06-01") < each < pd.Timestamp("2026-08-01")]
    early = sum(each > pd.Timestamp(LEFT) for each in last)
    ends = [each for each in weeks if each > pd.Timestamp("2027-06-01")][-early - 1]
    assert said(pack).loc["050", "needed"].endswith(f"of the next {to_come(11, ends.date())}")


def test_arithmetic_is_told_as_certain_or_not_possible(pack):
    told = said(pack)
    assert told.loc[f"{CERTAIN:03d}", ["term_chance", "year_chance", "needed"]].tolist() == [
        "certain",
        "certain",
        "no longer possible",
    ]
    assert told.loc[f"{CERTAIN:03d}", ["term_severe", "year_back"]].tolist() == ["certain", "cannot any more"]
    assert told.loc[f"{NEVER:03d}", "term_severe"] == "cannot"


def test_half_or_more_missed_is_said_in_a_word_and_never_in_tenths(pack):
    told = said(pack)
    words = set(told["year_severe"]) | set(told["term_severe"])
    assert words <= {"unlikely", "possible", "likely", "certain", "cannot", "cannot be given"}
    assert "unlikely" in words


def test_whoever_is_new_is_named_with_the_reason_and_given_no_chance(pack):
    frame = pupils.cannot_be_told(pack).frame
    assert frame[["pupil_id", "cannot"]].to_numpy().tolist() == [[f"{NEW:03d}", NEW_HERE]]
    assert said(pack).loc[f"{NEW:03d}", "year_chance"] == "cannot be given"


def test_the_list_is_in_the_order_of_the_sessions_that_could_be_saved_and_holds_nobody_over_the_line(pack):
    frame = pupils.reached_in_time(pack).frame
    assert len(frame) > 2
    keys = list(zip(-frame["could_be_saved"], -frame["percent"], frame["pupil_id"], strict=True))
    assert keys == sorted(keys)
    for pupil in frame["pupil_id"]:
        missed, possible = sessions_of(int(pupil), "2026-08-01", TODAY)
        assert 10 * missed < possible
    assert frame["percent"].between(15, 95).all()


def test_what_could_be_saved_is_expected_less_the_best_quarter(pack):
    frame = pupils.people_of(pack)
    assert (frame["could_be_saved"] == (frame["expected"] - frame["best_quarter"]).clip(lower=0)).all()


def test_whoever_has_support_stands_apart(pack):
    first = pupils.reached_in_time(pack).frame["pupil_id"].iloc[0]
    log = pd.DataFrame({"pupil_id": [first], "intervention": ["Mentor"], "tier": ["2"]}).assign(
        start_date=pd.Timestamp("2026-10-05"), end_date=pd.NaT, review_date=pd.NaT, outcome="", next_step=""
    )
    dated = log.astype(dict.fromkeys(("start_date", "end_date", "review_date"), "datetime64[s]"))
    helped = opened(interventions=dated)
    assert first not in pupils.reached_in_time(helped).frame["pupil_id"].tolist()
    apart = pupils.supported_already(helped).frame
    assert apart["pupil_id"].tolist() == [first]
    assert apart["verdicts"].iloc[0].startswith("Mentor: too few to tell")


def test_no_word_says_what_will_happen_and_no_child_has_a_score_or_a_colour(pack):
    lists = [
        each(pack)
        for each in (
            pupils.reached_in_time,
            pupils.supported_already,
            pupils.could_come_back,
            pupils.cannot_be_told,
        )
    ]
    rest = [
        front_page.what_to_know(pack, 25),
        front_page.key_figures(pack),
        front_page.how_told(pack),
        front_page.rules_in_words(),
    ]
    words = json.dumps([each.payload() for each in (*lists, *rest)])
    assert re.findall(r"\b(?:will|score|risk|predict\w*)\b", words, re.IGNORECASE) == []
    assert not any(column.highlights for each in lists for column in each.columns)


def test_changing_what_a_pupil_is_changes_nothing_that_is_told(pack):
    other = ROLL.assign(
        sex=["M" if each == "F" else "F" for each in ROLL["sex"]],
        ethnicity="BCRB",
        sen_status=["K" if number % 3 else "E" for number in NUMBERS],
        **{name: pd.array([number % 2 == 0 for number in NUMBERS], dtype="boolean") for name in FLAGS},
    )
    pd.testing.assert_frame_equal(said(opened(roll=other)), said(pack))


def test_changing_any_mark_after_the_day_or_who_leaves_later_changes_nothing(pack):
    later = MARKS["date"] > pd.Timestamp(TODAY)
    assert later.any()
    turned = MARKS.assign(code=MARKS["code"].mask(later, MARKS["code"].map({"O": "/", "/": "O"})))
    gone = ROLL["leaving_date"].mask(ROLL["pupil_id"] == "025", pd.Timestamp("2026-12-04"))
    for other in (opened(marks=turned), opened(roll=ROLL.assign(leaving_date=gone))):
        pd.testing.assert_frame_equal(said(other), said(pack))
        assert front_page.what_to_know(other, 25) == front_page.what_to_know(pack, 25)


def test_what_is_tried_in_a_week_of_last_year_knows_no_mark_after_it(pack):
    week = next(tried for each, tried in trial_of(pack) if each.kind == "year" and tried.week == 12)
    ends = outlook_of(pack).school.weeks["last_date"].iloc[12]
    turned = MARKS.assign(
        code=MARKS["code"].mask(MARKS["date"] > ends, MARKS["code"].map({"O": "/", "/": "O"}))
    )
    other = next(
        tried for each, tried in trial_of(opened(marks=turned)) if each.kind == "year" and tried.week == 12
    )
    assert week.said["ours"].tolist() == other.said["ours"].tolist()
    assert week.came.tolist() != other.came.tolist()


def test_the_weeks_that_decided_are_in_the_trial_as_they_would_be_told_anew(pack):
    outlook = outlook_of(pack)
    marks = outlook.school.marks
    held = [each for (_, line), told in outlook.told.items() if line == "persistent" for each in told.tried]
    assert held
    for each in held:
        anew = try_week(marks, marks.at(each.week), each.stop, PERSISTENT_ABSENCE, numbers_of(outlook.known))
        kept = outlook.tried(each.week, each.stop)
        assert {name: chance.tolist() for name, chance in kept.said.items()} == {
            name: chance.tolist() for name, chance in anew.said.items()
        }
    assert all(tried.stop == each.stop for each, tried in trial_of(pack))


def test_the_order_of_rows_changes_nothing(pack):
    shuffled = opened(roll=ROLL.sample(frac=1, random_state=1), marks=MARKS.sample(frac=1, random_state=2))
    pd.testing.assert_frame_equal(said(shuffled), said(pack))


def test_groups_are_counted_again_pupil_by_pupil(pack):
    frame = proof.by_group(pack).frame.set_index("group")
    week = proof.list_of_last_year(pack, 5).week_ends
    here = [n for n in NUMBERS if YEARS[n] > 7]
    for name, sex in (("Girls", "F"), ("Boys", "M")):
        own = [n for n in here if ROLL["sex"].iloc[n] == sex]
        ended = [np.multiply(sessions_of(n, "2025-09-01", "2026-07-31"), (10, 1)) for n in own]
        under = [np.multiply(sessions_of(n, "2025-09-01", week), (10, 1)) for n in own]
        came = [missed >= possible for missed, possible in ended]
        assert frame.loc[name, "pupils"] == len(own)
        assert frame.loc[name, "came"] == sum(came)
        assert frame.loc[name, "crossed"] == sum(c and m < p for c, (m, p) in zip(came, under, strict=True))


def test_a_school_without_a_finished_year_is_told_by_the_check_and_that_it_was_not_tried():
    this_year = MARKS[MARKS["date"] > pd.Timestamp("2026-08-01")]
    first = opened(marks=this_year)
    assert {each.by for each in outlook_of(first).told.values()} == {CHECK}
    assert "No finished year is held" in front_page.how_told(first).items[-1]
    assert proof.NOT_TRIED in front_page.what_to_know(first, 25).items
    assert proof.by_group(first).frame.empty


def test_the_published_spread_has_the_published_share_over_the_line():
    # England's secondary schools: 23.8 % persistently absent (DfE, daily data 2025/26).
    from scipy import stats

    from attendance_lib.rules.benchmarks import benchmark

    rate, share = (
        benchmark("daily", "secondary", name).rate for name in ("absence_rate", "persistent_absence_rate")
    )
    size = rate * (1 - rate) / spread_published("secondary") - 1
    assert stats.beta.sf(0.1, rate * size, (1 - rate) * size) == pytest.approx(share, abs=0.001)


def test_where_the_calendar_ends_nothing_is_told():
    short = replace(
        CALENDAR,
        terms=(*year_of(2025), Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), TODAY),))),
    )
    ended = opened(calendar=short, marks=MARKS[MARKS["date"] <= pd.Timestamp(TODAY)])
    assert horizons_of(ended, outlook_of(ended).school) == ()
    assert front_page.what_to_know(ended, 25).items == (pupils.NO_LAST_END,)
    assert pupils.reached_in_time(ended).empty_text == pupils.NO_LAST_END
