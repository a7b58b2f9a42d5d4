"""Who may see what of a pupil: the table itself, and what of a table it does not allow."""

import pytest

from attendance_lib.rules.readers import FACT_OF, READERS, Fact, not_to_be_seen, reader_of


@pytest.mark.parametrize(
    ("columns", "rows", "what"),
    [
        (
            ["pupil_id", "religion"],
            [["1", "x"]],
            ["column 'religion' is in no row of the table of who sees what"],
        ),
        (["band"], [["x"]], ["no column says which pupil a row is about"]),
        (["pupil_id", "band"], [[None, "x"]], ["row 1 tells band of attendance in column 'band'"]),
        (["pupil_id", "action"], [[None, "Buy chalk"]], []),
        (["pupil_id", "band"], [["2", ""]], ["row 1 tells name and form in column 'pupil_id'"]),
    ],
)
def test_what_may_not_be_seen_is_found(columns, rows, what):
    table = {"columns": [{"name": name} for name in columns], "rows": rows}
    seen = {Fact.WHO: frozenset({"1"}), Fact.BAND: frozenset({"1", "2"}), Fact.OWN: frozenset()}
    assert list(not_to_be_seen(table, seen)) == what


def test_every_kind_of_fact_has_a_column_and_every_role_a_name():
    assert set(FACT_OF.values()) == set(Fact)
    assert all(reader_of(words) is reader for reader in READERS for words in reader.words)


def test_nobody_but_the_safeguarding_lead_is_told_of_social_care():
    assert [reader.name for reader in READERS if Fact.SOCIAL_CARE in reader.facts] == ["Safeguarding lead"]
