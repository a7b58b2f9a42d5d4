"""What adds up over time, worked by hand."""

import pandas as pd

from attendance_lib.disclosure import Count, Partition, PublicTable, Unit, protect
from attendance_lib.disclosure.sums import relations_among, sums_over_time
from attendance_lib.disclosure.tables import key_of

JULY, OCTOBER, DECEMBER, FEBRUARY = "2026-07-31", "2026-10-25", "2026-12-20", "2027-02-14"


def key(after, to, **more):
    return key_of({"after": after, "to": to, "kind": "letter", **more})


def test_a_year_is_the_sum_of_its_pieces_cut_at_every_date_of_any_report():
    units = dict.fromkeys((key(JULY, FEBRUARY), key(OCTOBER, DECEMBER)), Unit.SESSIONS)
    assert list(sums_over_time(units)) == [
        (key(JULY, FEBRUARY), (key(JULY, OCTOBER), key(OCTOBER, DECEMBER), key(DECEMBER, FEBRUARY)))
    ]


def test_pupils_of_two_spans_are_those_before_and_those_who_are_new():
    units = dict.fromkeys((key(JULY, OCTOBER), key(JULY, DECEMBER)), Unit.PUPILS)
    new = key(JULY, DECEMBER, seen="only since", parted=OCTOBER)
    assert (key(JULY, DECEMBER), (key(JULY, OCTOBER), new)) in list(sums_over_time(units))


def test_enrolments_stand_at_a_date_and_add_up_over_no_time():
    units = dict.fromkeys((key(JULY, OCTOBER), key(JULY, DECEMBER)), Unit.ENROLMENTS)
    assert list(sums_over_time(units)) == []


def test_what_adds_up_since_a_day_adds_up_in_no_count_of_before():
    # All of this year's Year 1 are girls; last year's were not.
    girls, first, others = {"sex": "F"}, {"year_group": "1"}, {"less": "the other girls"}
    now, then, over = {"as_at": OCTOBER}, {"as_at": "2025-10-24"}, {"after": JULY, "to": OCTOBER}
    known = {key_of(first | each): Unit.ENROLMENTS for each in (now, then, over)}
    found = relations_among(known, [Partition(girls, (first, others), since=JULY)])
    assert {each.whole for each in found} == {key_of(girls | now), key_of(girls | over)}


def notices(*figures):
    """A table of notices: each with its span, how many, and for how many pupils."""
    frame = pd.DataFrame([(count, pupils) for _, count, pupils in figures], columns=["notices", "pupils"])
    rows = tuple({"kind": "letter", "after": after, "to": to} for (after, to), _, _ in figures)
    counts = (Count("notices", unit=Unit.SESSIONS, people="pupils"),)
    return PublicTable("notices", "Notices", frame, rows, counts)


def test_two_years_to_date_do_not_tell_the_half_term_between():
    # 23 by October and 24 by December: the one of the half term is c, so the 24 must be c too.
    first = protect([notices(((JULY, OCTOBER), 23, 20))], 5, ())
    second = protect(
        [notices(((JULY, DECEMBER), 24, 21), ((OCTOBER, DECEMBER), 1, 1))], 5, (), [first.record]
    )
    assert first.tables[0].frame["notices"].tolist() == [23]
    assert second.tables[0].frame["notices"].tolist() == ["c", "c"]


def test_two_reports_whose_periods_overlap_do_not_tell_the_days_between():
    # Nobody prints October to December, of which the two years to date leave 2.
    first = protect([notices(((JULY, OCTOBER), 23, 20))], 5, ())
    second = protect([notices(((JULY, DECEMBER), 25, 22))], 5, (), [first.record])
    assert second.tables[0].frame["notices"].tolist() == ["c"]


def test_many_things_of_few_pupils_are_withheld_with_a_width_of_as_many_pupils_as_the_level():
    # 40 of 2 pupils, 20 each: 5 pupils' worth is 100 values, which are not left where 60 in all are told; so the 60 go.
    shown = protect(
        [notices(((JULY, DECEMBER), 60, 30), ((OCTOBER, DECEMBER), 40, 2), ((JULY, OCTOBER), 20, 28))], 5, ()
    )
    assert shown.tables[0].frame["notices"].tolist() == ["c", "c", 20]
