"""The file of counts that goes up from a school: read as it was written, refused when it is another's or of another form."""

import json
import stat
import sys
from dataclasses import replace

import pytest

from attendance_lib.errors import InputError
from attendance_lib.intake.school_counts import (
    Effect,
    NotThere,
    Practice,
    counts_file,
    differing,
    files_of,
    read_counts,
    read_trust,
    write_counts,
)
from tests.papers.trust.trusts import school, trust

ELM = school(
    "300001",
    "Elm Prïmary",
    year_before=None,
    supported="c",
    practice=(Practice("Mentor", 12, 0.021, "c", None),),
    effects=(Effect("Mentor", 12, 0.021, -0.003, 0.045, 0.00015, "its pupils are few"),),
)
OAK = school("300002", "Oak", definitions={"Morning register closes": "09:20"})


@pytest.fixture
def folder(tmp_path):
    """A trust's folder with the counts of two schools, the second in its list first."""
    for each in (ELM, OAK):
        write_counts(each, counts_file(tmp_path / "counts", each.urn))
    write_counts(
        trust(OAK, ELM, missing=[NotThere("Yew", "It is closed")]), tmp_path / "counts" / "trust.json"
    )
    return tmp_path / "counts"


def test_a_school_s_counts_are_read_as_they_were_written(folder):
    assert read_counts(folder / "300001.json") == ELM


def test_nothing_half_written_is_left_and_only_this_account_may_read_the_file(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["300001.json", "300002.json", "trust.json"]
    if sys.platform != "win32":
        assert stat.S_IMODE((folder / "300001.json").stat().st_mode) == 0o600


def test_a_trust_s_schools_come_in_the_order_of_its_list_with_those_that_are_missing(folder):
    told, schools = read_trust(folder)
    assert schools == [OAK, ELM]
    assert (told.day.isoformat(), told.missing) == ("2026-01-30", [NotThere("Yew", "It is closed")])
    assert [path.name for path in files_of(folder)] == ["trust.json", "300002.json", "300001.json"]


def test_a_file_that_holds_another_school_s_counts_is_refused(folder):
    write_counts(ELM, folder / "300002.json")
    with pytest.raises(
        InputError, match=r"300002\.json is of the school 300001\. Make it again in the school"
    ):
        read_trust(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"layout": 2},
        {"level": 7},
        {"urn": "30001"},
        {"registers_missed": -1},
        {"registers_due": 12.5},
        {"up_to": "2026-13-01"},
        {"name": ""},
        {"pupil_id": "003401"},
    ],
    ids=str,
)
def test_a_file_of_another_form_is_refused(folder, change):
    path = folder / "300001.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    with pytest.raises(InputError, match=r"300001\.json.*attendance trust"):
        read_counts(path)


def test_rules_that_schools_have_differently_are_told_with_who_has_which():
    third = replace(
        OAK, name="Yew", definitions={"Morning register closes": "09:10", "Local notice rules": "none"}
    )
    assert dict(differing([ELM, OAK, third])) == {
        "Morning register closes": {"09:10": ["Elm Prïmary", "Yew"], "09:20": ["Oak"]},
        "Local notice rules": {"not said": ["Elm Prïmary", "Oak"], "none": ["Yew"]},
    }


def test_schools_with_the_same_rules_differ_in_nothing():
    assert list(differing([ELM, replace(ELM, name="Ash")])) == []
