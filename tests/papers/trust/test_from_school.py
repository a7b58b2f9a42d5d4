"""What a school sends: safe by itself, and beside what was published of it before."""

from dataclasses import replace

import pytest

from attendance_lib.disclosure.read_back import checked
from attendance_lib.intake.school_counts import CountsAsked
from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.governors.opening import publish
from attendance_lib.papers.trust.from_school import counts_from, counts_of
from tests.trust_schools import TO, TRUST, write_school

COHORTS = "params/cohorts.yml"
# Twenty in each of six years, of whom two miss half or more.
SMALL = replace(TRUST[1], pupils=120, severe=12, missed_registers=0)


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    path = write_school(tmp_path_factory.mktemp("school"), SMALL)
    return open_pack(str(path), "2025-09-03", "2026-01-30", cohorts_file=COHORTS)


def severe(told):
    return told.to_date.severely_absent_enrolments


def test_what_is_enough_is_sent_as_it_is(pack):
    told, record = counts_of(pack)
    assert (told.to_date.enrolments, severe(told), told.level) == (120, 12, 5)
    assert checked(record).counts


def test_what_governors_were_not_told_of_the_day_is_not_sent_either(pack):
    """The report to governors and the trust's paper speak of the same counts in the same coordinates."""
    _, record = counts_of(pack)
    here = {"as_at": "2026-01-30", "measure": "severely_absent"}
    withheld = [each | {"value": "c"} if each["coordinates"] == here else each for each in record["counts"]]
    assert withheld != record["counts"]
    told, _ = counts_of(pack, [checked(record | {"counts": withheld})])
    assert severe(told) == "c"


def test_a_governors_report_made_afterwards_knows_what_was_sent(pack):
    """It has the same counts, and so may withhold them no less and contradicts none."""
    told, record = counts_of(pack)
    report = publish(pack, [record])
    spans = report.tables["spans"].set_index("span").loc["year_to_date"]
    assert spans["enrolments"] == told.to_date.enrolments
    assert spans["persistently_absent_enrolments"] == told.to_date.persistently_absent_enrolments
    assert report.earlier == 1


def test_counts_as_they_are_are_sent_only_where_the_trust_may_see_them(tmp_path):
    path = write_school(tmp_path, replace(SMALL, severe=2))
    protected, whole = (
        counts_from(CountsAsked(path, COHORTS, TO, sees))[0] for sees in ("protected", "counts")
    )
    assert (severe(protected), severe(whole), protected.as_they_are) == ("c", "c", None)
    assert whole.as_they_are.to_date.severely_absent_enrolments == 2
    assert replace(whole, as_they_are=None) == protected


def test_what_interventions_give_to_a_pool_is_sent_and_of_few_pupils_nothing_though_counts_are(tmp_path):
    """Nine had a panel: their number is sent, but no figure of so few leaves the school."""
    path = write_school(tmp_path, TRUST[6])
    told, record = counts_from(CountsAsked(path, COHORTS, TO, "counts"))
    mentoring, panel = told.effects
    assert (mentoring.intervention, mentoring.not_pooled, panel.pupils) == ("Mentoring", "", 9)
    assert mentoring.low < mentoring.estimate < mentoring.high
    assert 0 < mentoring.variance < (mentoring.high - mentoring.low) ** 2
    assert (panel.estimate, panel.low, panel.high, panel.variance) == ("c", "c", "c", "c")
    counted = {each["coordinates"].get("intervention"): each["value"] for each in record["counts"]}
    assert (counted["Mentoring"], counted["Panel"]) == (mentoring.pupils, 9)


def test_of_fewer_than_ten_nothing_is_sent_but_how_many_they_are(tmp_path):
    path = write_school(tmp_path, replace(SMALL, pupils=8, severe=1))
    told, _ = counts_from(CountsAsked(path, COHORTS, TO))
    now = told.to_date
    assert now.enrolments == 8
    assert [now.persistently_absent_enrolments, severe(told), now.absence_sessions] == ["c", "c", "c"]
    assert (told.absence_mix, told.persistent_mix) == ("c", "c")


def test_a_register_in_which_one_mark_is_missing_was_taken(tmp_path):
    path = write_school(tmp_path, SMALL)
    marks = tmp_path / SMALL.urn / "marks.csv"
    lines = marks.read_text().splitlines(keepends=True)
    lines.remove(next(line for line in lines if line.startswith("0001,2026-01-29,AM")))
    marks.write_text("".join(lines))
    assert counts_from(CountsAsked(path, COHORTS, TO))[0].registers_missed == 0
