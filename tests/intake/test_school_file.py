import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.intake.settings.school_file import load_cohorts


def load(tmp_path, text):
    (tmp_path / "cohorts.yml").write_text(text, encoding="utf-8")
    return load_cohorts(tmp_path / "cohorts.yml")


def test_a_cohort_knows_its_name_and_basis(tmp_path):
    cohort = load(tmp_path, "y7: {title: Year 7, where: {year_group: [7], fsm: [true]}}\n")["y7"]
    assert (cohort.name, cohort.where, cohort.basis) == (
        "y7",
        {"year_group": (7,), "fsm": (True,)},
        "dfe_comparable",
    )


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (
            "{title: x, where: {yeargroup: [7]}}",
            "pupils have no column 'yeargroup' to choose by. Did you mean 'year_group'",
        ),
        ("{title: x, where: {surname: [Smith]}}", "no column 'surname' to choose by"),
        ("{title: x, where: {fsm: [1]}}", "1 can never match, for 'fsm' holds true and false"),
        (
            '{title: x, where: {year_group: ["7"]}}',
            "'7' can never match, for 'year_group' holds whole numbers",
        ),
        ("{title: x, where: {form: [7]}}", "7 can never match, for 'form' holds text"),
        ("{where: {}}", "key 'c.title': it is missing"),
        (f"{{title: {'x' * 121}}}", "is longer than 120 characters. Shorten it"),
        ("{title: x, basis: all}", "'all' must be 'current_roll' or 'dfe_comparable'"),
    ],
)
def test_a_cohort_that_could_never_be_right_is_refused(tmp_path, choice, message):
    with pytest.raises(SettingsError, match=message):
        load(tmp_path, f"c: {choice}\n")


def test_a_cohorts_name_is_no_longer_than_a_folder_can_be_called(tmp_path):
    assert list(load(tmp_path, f"{'x' * 120}: {{title: x}}\n")) == ["x" * 120]
    with pytest.raises(SettingsError, match="is longer than 120 characters. Shorten it"):
        load(tmp_path, f"{'x' * 121}: {{title: x}}\n")
