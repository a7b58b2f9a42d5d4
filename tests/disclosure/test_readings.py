"""What a reader makes of the figures of several reports."""

import pandas as pd
import pytest

from attendance_lib.disclosure import Count, PublicTable, Unit, characteristic, protect
from attendance_lib.disclosure.read_back import read_records
from attendance_lib.disclosure.readings import EVERY_REPORT, Readings
from attendance_lib.disclosure.sums import relations_among
from attendance_lib.disclosure.tables import key_of
from attendance_lib.errors import DisclosureError
from tests.disclosure.small_tables import ABSENCE, ABSENT, THEN, flow_table, flows, table, years


def test_who_joined_does_not_follow_from_two_reports_and_who_stayed():
    # Then 20, now 22. Stayed 19, joined 3, left 1, and nobody left the school.
    first = protect([table([None], [200], [20], at=THEN)], 5, (ABSENCE, *flows()))
    second = protect(
        [table([None], [200], [22]), flow_table(19, 3, 1)], 5, (ABSENCE, *flows()), [first.record]
    )
    flow = second.tables[1].frame
    assert second.tables[0].frame["absent"].tolist() == [22]
    assert flow.loc[0].tolist() == ["c", "c", "c"]


def test_a_count_that_an_earlier_report_gives_away_stops_the_report():
    # The earlier report printed 20 of everyone and 18 girls, and nobody said that the others are boys.
    girls = table(["F", None], [18, 20], [12, 14], name="sex", coordinate="sex", at=THEN)
    first = protect([girls], 5, ())
    boys = table(["M"], [2], [2], name="boys", coordinate="sex", at=THEN)
    sexes = characteristic("sex", ["F", "M"])
    with pytest.raises(
        DisclosureError, match="table 'boys': the protected count of as_at 2026-10-23, .*sex M could be"
    ):
        protect([boys], 5, (sexes,), [first.record])


MINE = (("as_at", THEN), ("measure", "persistently_absent"), ("year_group", "8"))


def record_with(*counts):
    """A record of an earlier report: coordinates and value, of enrolments at one date."""
    enrolments = [{**each, "measure": None} for each, _ in counts]
    return {
        "layout": 2,
        "level": 5,
        "partitions": [],
        "counts": [
            {
                "coordinates": {"as_at": THEN, **each},
                "value": value,
                "unit": "enrolments",
                "told": None,
                "pupils": None,
                "none_hidden": False,
                "out_of": {"as_at": THEN, **{name: of for name, of in base.items() if of}}
                if "measure" in each
                else None,
            }
            for (each, value), base in zip(counts, enrolments, strict=True)
        ],
    }


def floor_of(key, *records, relations=()):
    return Readings({}, set(), read_records(records), relations).column((key, EVERY_REPORT)).floor


YEAR_8, LATE = {"year_group": "8"}, {"measure": "late"}


def test_a_reader_remembers_what_an_earlier_report_told_of_the_size_of_a_group():
    # 12 of year 8 were late, so they are ten or more and a c of theirs is not 0; the other report says neither.
    told = record_with((YEAR_8, "c"), (YEAR_8 | ABSENT, "c"), (YEAR_8 | LATE, 12))
    untold = record_with((YEAR_8, "c"), (YEAR_8 | ABSENT, "c"))
    assert floor_of(MINE, untold) == 0
    assert [floor_of(MINE, told, untold), floor_of(MINE, untold, told)] == [1, 1]


@pytest.mark.parametrize(("late_in_school", "floor"), [(0, 0), ("c", 1)])
def test_a_zero_that_follows_from_the_whole_schools_zero_says_nothing_of_its_group(late_in_school, floor):
    # Where nobody was late a group of 3 has its 0 too; where somebody was, only a group of ten or more has.
    record = record_with((YEAR_8, "c"), (YEAR_8 | ABSENT, "c"), (YEAR_8 | LATE, 0), (LATE, late_in_school))
    keys = {key_of(each["coordinates"]): Unit.ENROLMENTS for each in record["counts"]}
    relations = tuple(relations_among(keys, [characteristic("year_group", ["8", "9"])]))
    assert floor_of(MINE, record, relations=relations) == floor


CLUB, NO_CLUB = YEAR_8 | {"club": "yes"}, YEAR_8 | {"club": "no"}


def reported_years(*more):
    """Everyone's 23 are printed, and of the 3, 8 and 12 of each year nothing; 8 of year 8 are in the club."""
    years = [({"year_group": year} | ABSENT, "c") for year in "789"]
    sizes = [({"year_group": year}, 50) for year in "789"]
    return record_with((ABSENT, 23), *years, ({}, 150), *sizes, (CLUB | ABSENT, 8), (CLUB, 30), *more)


def of_no_club():
    frame = pd.DataFrame({"enrolments": [20], "absent": [0]})
    counts = (Count("enrolments"), Count("absent", ABSENT, "enrolments"))
    return PublicTable("clubs", "", frame, ({"as_at": THEN, **NO_CLUB},), counts)


CLUBS = (*years(["7", "8", "9"]), characteristic("club", ["yes", "no"]))


def test_a_report_that_would_give_away_what_an_earlier_one_left_out_is_stopped():
    # Year 8 has 8 or more; that nobody outside the club is absent makes it 8. A true 0 cannot be left out.
    with pytest.raises(
        DisclosureError, match="table 'clubs': the protected count of .*year_group 8 could be"
    ):
        protect([of_no_club()], 5, CLUBS, [reported_years()])


def test_what_the_earlier_reports_give_away_by_themselves_stops_nothing():
    given = reported_years((NO_CLUB | ABSENT, 0), (NO_CLUB, 20))
    again = protect([of_no_club()], 5, CLUBS, [given])
    assert again.tables[0].frame["absent"].tolist() == [0]
