"""Habits of taking registers are where the truth says, and nowhere else."""

from tests.demo.planted import THIS_YEAR, UNAUTHORISED


def test_late_edits_took_unauthorised_marks_away_weeks_later(demo):
    amended = {(row["pupil_id"], row["date"], row["session"]): row for row in demo.amended}
    edits = [amended[edit["pupil_id"], edit["date"], edit["session"]] for edit in demo.truth["late_edits"]]
    assert len(edits) >= 20
    for row in edits:
        assert row["amended_from"] in UNAUTHORISED
        assert row["code"] not in UNAUTHORISED
        assert row["date"] <= "2026-10-16"
        assert row["amended_on"] >= "2026-11-09"


def test_one_form_was_left_without_reasons_in_several_pupils(demo):
    (form,) = {place["form"] for place in demo.truth["defects"]["n_often"]}
    marks = demo.truth["unexplained_in_one_form"]
    pupils = [mark["pupil_id"] for mark in marks]
    assert (len(marks), max(map(pupils.count, pupils))) == (16, 3)
    assert {row["form"] for row in demo.pupils if row["pupil_id"] in pupils} == {form}


def test_one_form_s_minutes_late_of_last_year_are_round_and_no_other_form_s(demo):
    (form,) = {place["form"] for place in demo.truth["defects"]["minutes_rounded"]}
    form_of = {row["pupil_id"]: row["form"] for row in demo.pupils}
    minutes = {}
    for row in demo.late:
        if row["date"] < THIS_YEAR and row["minutes_late"]:
            minutes.setdefault(form_of[row["pupil_id"]], []).append(int(row["minutes_late"]) % 5 == 0)
    assert all(minutes.pop(form))
    assert all(sum(each) < 0.5 * len(each) for each in minutes.values())


def test_marks_of_one_form_were_amended_on_one_day_long_after(demo):
    (form,) = {place["form"] for place in demo.truth["defects"]["amended_together"]}
    members = {row["pupil_id"] for row in demo.pupils if row["form"] == form}
    together = [
        row for row in demo.amended
        if row["pupil_id"] in members and row["amended_on"] == "2026-04-24" and row["date"] < "2026-04-01"
    ]  # fmt: skip
    assert len(together) == 14
    assert {(row["amended_from"], row["code"]) for row in together} == {("M", "I")}
    assert len({row["pupil_id"] for row in together}) >= 14 / 3
