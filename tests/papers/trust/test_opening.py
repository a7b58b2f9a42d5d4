"""The totals of schools, what is in them, and what stops a paper."""

import pytest

from attendance_lib.errors import DisclosureError, InputError, SettingsError
from attendance_lib.intake.school_counts import counts_file, read_counts, read_trust, write_counts
from attendance_lib.papers.trust.opening import open_trust, publish
from tests.papers.trust.trusts import school, standing, trust


def totals(*schools):
    return publish(trust(*schools), schools).tables["totals"].set_index("phase")


def test_a_total_is_the_sum_of_its_schools_and_its_rate_of_their_sessions():
    found = totals(
        school("300001", to_date=standing(enrolments=100, absence=500, persistent=20, severe=10)),
        school("300002", to_date=standing(enrolments=300, absence=4500, persistent=60, severe=20)),
        school("300003", phase="secondary"),
    )
    row = found.loc["Primary"]
    assert row[["schools", "enrolments", "persistently_absent_enrolments", "severely_absent_enrolments"]].tolist() == [
        2, 400, 80, 30,
    ]  # fmt: skip
    # 5,000 of 40,000 sessions; never the mean of 5 % and 15 %.
    assert row["absence_rate"] == 0.125
    assert row["persistent_absence_rate"] == 0.2
    assert found.loc["All schools", "enrolments"] == 600


def test_what_a_school_withheld_is_in_no_total_nor_in_what_its_rate_is_out_of():
    found = totals(
        school("300001", to_date=standing(enrolments=100, severe=10)),
        school("300002", to_date=standing(enrolments=300, severe="c")),
    ).loc["Primary"]
    assert (found["severely_absent_enrolments"], found["severe_absence_rate"], found["gave"]) == (10, 0.1, 1)


def test_schools_stand_by_name_within_their_phase():
    given = ("secondary", "Ash"), ("primary", "Elm"), ("secondary", "Yew"), ("primary", "Beech")
    schools = [school(f"30000{at}", name, phase) for at, (phase, name) in enumerate(given)]
    table = publish(trust(*schools), schools).tables["schools"]
    assert table["school"].tolist() == ["Beech", "Elm", "Ash", "Yew"]


def test_the_strictest_school_s_level_holds_for_all():
    strict = school("300002", level=10, to_date=standing(severe=20))
    shown = publish(trust(school(), strict), [school(), strict]).tables["schools"]
    # Six are shown at level 5, and not beside a school of level 10; nor the twenty, or the total would give the six.
    assert shown["severely_absent_enrolments"].iloc[0] == "c"
    assert publish(trust(school()), [school()]).tables["schools"]["severely_absent_enrolments"].iloc[0] == 6


def test_a_phase_of_one_school_tells_no_more_than_the_school():
    few = school("300002", phase="special", to_date=standing(severe=3))
    others = [school("300001", to_date=standing(severe=12)), school("300003", to_date=standing(severe=9))]
    tables = publish(trust(few, *others), [few, *others]).tables
    totals = tables["totals"].set_index("phase")["severely_absent_enrolments"]
    assert tables["schools"].set_index("school").loc[few.name, "severely_absent_enrolments"] == "c"
    assert totals["Special"] == "c"
    assert "c" in (totals["All schools"], totals["Primary"])


def test_a_paper_without_a_school_is_none():
    with pytest.raises(InputError, match="No school of A trust has sent counts"):
        publish(trust(), [])


def test_counts_come_back_as_they_were_written(tmp_path):
    held = school()
    write_counts(held, counts_file(tmp_path, held.urn))
    write_counts(trust(held), tmp_path / "trust.json")
    assert read_trust(tmp_path) == (trust(held), [held])
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"enrolments": 200', '"enrolments": -1', "is less than 0"),
        ('"enrolments": 200', '"enrolments": "few"', "'to_date"),
        ('"level": 5', '"level": 5, "pupils": ["Ada"]', "does not belong there"),
        ('"urn": "300001"', '"urn": "300009"', "is of the school 300009"),
    ],
)
def test_a_file_of_another_form_is_refused_by_its_name(tmp_path, old, new, said):
    held = school()
    path = counts_file(tmp_path, held.urn)
    write_counts(held, path)
    write_counts(trust(held), tmp_path / "trust.json")
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(InputError, match="300001.json") as refused:
        open_trust(str(tmp_path))
    assert said in str(refused.value)
    assert "Ada" not in str(refused.value)


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(SettingsError, match="no-such-folder"):
        open_trust("no-such-folder")


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(InputError, match="300001"):
        read_counts(counts_file(tmp_path, "300001"))


def test_an_earlier_edition_that_cannot_be_read_stops_the_paper(tmp_path):
    held = school()
    write_counts(held, counts_file(tmp_path, held.urn))
    write_counts(trust(held), tmp_path / "trust.json")
    (tmp_path / "0001.json").write_text("{}")
    with pytest.raises(DisclosureError, match="0001.json"):
        open_trust(str(tmp_path), str(tmp_path / "0001.json"))
