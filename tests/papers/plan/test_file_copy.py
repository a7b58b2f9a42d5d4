"""The copy for the file: all that the school knows of the pupil, and of nobody else."""

from tests.papers.plan.one_plan import PLAN, SECRET, copies_in, said_in


def test_the_file_copy_says_all_that_the_school_knows_of_the_pupil_and_of_nobody_else(opened):
    text = said_in(copies_in(opened(PLAN, PLAN | {"plan_id": "SP2", "pupil_id": "0002"}))["0001-file"])
    for words in (*(value for name, value in SECRET.items() if name != "next_step"), "SP1", "Abara, Ada", "SENCo", "Illness 2",
                  "This school year 4 of 100 sessions were missed", "2 authorised, 2 unauthorised", "at the gate"):  # fmt: skip
        assert words in text, words
    assert "Byrne" not in text
    assert "SP2" not in text


def test_the_file_copy_counts_the_year_to_date_in_sessions_and_by_reason(opened):
    """One day of I and one of O, of 50: 4 of 100 sessions, 2 of each kind."""
    text = said_in(copies_in(opened(PLAN))["0001-file"])
    assert "This school year 4 of 100 sessions were missed" in text
    assert "2 authorised, 2 unauthorised" in text


def test_once_the_days_of_the_target_are_past_the_register_says_how_it_stands(opened):
    """Nothing was missed in the week of 12 October, so that a target of 4 is met."""
    text = said_in(
        copies_in(opened(PLAN | {"target_from": "2026-10-12", "target_to": "2026-10-16"}))["0001-file"]
    )
    assert "From 12 October to 16 October 2026 the register says: met." in text
