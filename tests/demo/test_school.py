"""The demo school's files: the same bytes twice, whole, and like a real secondary school's."""

from collections import Counter

import pandas as pd

from attendance_lib.intake.schema import PUPILS

INTERVENTION_COLUMNS = (
    "pupil_id intervention tier start_date end_date lead agency barrier target cost review_date outcome"
    " reason_not_working next_step"
).split()


def test_the_pupils_file_has_every_column_that_the_library_knows(demo):
    assert list(demo.pupils[0]) == list(PUPILS.column_names)


def test_about_a_thousand_pupils_are_on_roll(demo):
    on_roll = [
        row for row in demo.pupils if row["leaving_date"] in ("",) or row["leaving_date"] >= "2026-11-20"
    ]
    assert 970 <= len(on_roll) <= 1030
    assert {row["year_group"] for row in on_roll} == {"7", "8", "9", "10", "11"}


def test_last_year_s_year_11_stay_in_the_file_as_leavers(demo):
    left = Counter(row["year_group"] for row in demo.pupils if row["leaving_date"] == "2026-07-01")
    assert left["11"] == left.total() > 150


def test_enrolments_of_one_pupil_do_not_overlap(demo):
    by_pupil = {}
    for row in demo.pupils:
        by_pupil.setdefault(row["pupil_id"], []).append(
            (row["admission_date"], row["leaving_date"] or "9999")
        )
    twice = {pupil: sorted(dates) for pupil, dates in by_pupil.items() if len(dates) > 1}
    assert len(twice) == 1
    assert all(first[1] < second[0] for first, second in twice.values())


def test_identifiers_are_text_with_leading_zeros_and_upns_check(demo):
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    for row in demo.pupils:
        assert len(row["pupil_id"]) == 6
        assert row["pupil_id"].startswith("00")
        upn = row["upn"]
        assert upn[0] == letters[sum(int(digit) * weight for weight, digit in enumerate(upn[1:], 2)) % 23]


def test_each_child_has_one_upn(demo):
    pairs = {(row["pupil_id"], row["upn"]) for row in demo.pupils}
    assert len({upn for _, upn in pairs}) == len(pairs) == len({pupil for pupil, _ in pairs})


def test_names_hold_accents_apostrophes_and_other_scripts(demo):
    written = "".join(row["surname"] + row["forename"] for row in demo.pupils)
    for sign in ("ë", "’", "'", "-", "Ł", "李", "م", "Σ", "В"):
        assert sign in written, sign


def test_pupils_fit_their_year_group_by_age(demo):
    for row in demo.pupils:
        last_autumn = 2025 if "" < row["leaving_date"] < "2026-09" else 2026
        first = last_autumn - int(row["year_group"]) - 5
        assert f"{first}-09-01" <= row["date_of_birth"] <= f"{first + 1}-08-31"


def test_the_logs_have_dates_as_dates_and_identifiers_as_text(demo):
    interventions, actions = demo.sheet("Interventions"), demo.sheet("Actions")
    assert list(interventions[0]) == INTERVENTION_COLUMNS
    assert (
        list(actions[0])
        == "action_id pupil_id raised_on action owner due_date status completed_on note".split()
    )
    assert (
        list(demo.sheet("Contacts")[0])
        == "contact_id pupil_id date mode made_by person_contacted outcome".split()
    )
    assert (
        list(demo.sheet("Notices")[0])
        == "notice_id pupil_id parent kind issued_on status acted_on_through_date ends_on received_on".split()
    )
    assert all(hasattr(row["start_date"], "year") for row in interventions)
    known = {row["pupil_id"] for row in demo.pupils}
    assert {row["pupil_id"] for row in actions} <= known
    assert {row["pupil_id"] for row in interventions} <= known | {None}
    assert {row["tier"] for row in interventions if row["pupil_id"] is None} == {1}


def test_every_list_of_the_fortnight_has_something_in_it(demo):
    start, end = pd.Timestamp("2026-11-09"), pd.Timestamp("2026-11-20")
    rows = demo.sheet("Interventions")
    for column in ("start_date", "end_date", "review_date"):
        assert (
            sum(row[column] is not None and start <= pd.Timestamp(row[column]) <= end for row in rows) >= 3
        ), column
    running = [row for row in rows if pd.Timestamp(row["start_date"]) < start and row["end_date"] is None]
    assert len(running) >= 3
    assert any(row["reason_not_working"] for row in rows)


def test_actions_are_open_in_progress_done_dropped_and_some_are_overdue(demo):
    rows = demo.sheet("Actions")
    assert {row["status"] for row in rows} == {"open", "in progress", "done", "dropped"}
    assert any(
        row["status"] == "open" and pd.Timestamp(row["due_date"]) < pd.Timestamp("2026-11-20") for row in rows
    )
    assert all((row["completed_on"] is not None) == (row["status"] == "done") for row in rows)


def test_owners_and_leads_are_roles_of_the_school_file(demo):
    from attendance_lib.demo.school import SCHOOL_FILE
    from attendance_lib.intake.settings.loading import load_settings

    roles = {person.role for person in load_settings(SCHOOL_FILE).staff}
    assert {row["owner"] for row in demo.sheet("Actions")} <= roles
    assert {row["lead"] for row in demo.sheet("Interventions")} <= roles
    assert {row["made_by"] for row in demo.sheet("Contacts")} <= roles
