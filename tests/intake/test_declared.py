"""Tables as they are declared: columns found by name, identifiers kept apart from what a person wrote."""

import pytest

from attendance_lib.intake.declared import MARKED_PUPIL, NOTE, PUPIL_ID, TIER, Column, Kind, Table

VISITS = Table(
    "visits", ("pupil_id", "date"), (PUPIL_ID, Column("date", Kind.DATE, "When", is_required=True), NOTE)
)


def test_columns_stand_in_the_order_declared_and_those_required_among_them():
    assert VISITS.column_names == ("pupil_id", "date", "note")
    assert VISITS.required == ("pupil_id", "date")
    assert VISITS.column("note") is NOTE


def test_a_column_that_a_table_has_not_is_no_column():
    with pytest.raises(KeyError):
        VISITS.column("tier")


@pytest.mark.parametrize(
    ("name", "kind", "is_free"),
    [
        ("note", Kind.TEXT, True),
        ("surname", Kind.TEXT, True),
        ("pupil_id", Kind.TEXT, False),
        ("upn", Kind.TEXT, False),
        ("lead", Kind.LABEL, False),
    ],
)
def test_what_a_person_wrote_is_text_that_is_no_identifier(name, kind, is_free):
    assert Column(name, kind, "What it is").is_free_text is is_free


def test_marks_may_name_a_pupil_by_the_upn_and_other_tables_may_not():
    assert set(MARKED_PUPIL.also_called) - set(PUPIL_ID.also_called) == {"UPN"}


def test_every_other_spelling_stands_for_a_value_that_the_column_may_hold():
    assert {value for _, value in TIER.spellings} <= set(TIER.values)
