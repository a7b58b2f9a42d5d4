"""What happens in fourteen months at an invented school, and what must be made on which day: worked out on a calendar by hand.

Meetings are on Tuesdays of every second school week from 9 September 2025. The school keeps its exports as schools do, and what
goes wrong goes wrong here.
"""

from datetime import date

BEGINS, ENDS = date(2025, 9, 1), date(2026, 10, 31)
LAST_YEAR = """\
    - school_year: "202526"
      name: autumn
      half_terms: [{start: 2025-09-03, end: 2025-10-24}, {start: 2025-11-03, end: 2025-12-19}]
    - school_year: "202526"
      name: spring
      half_terms: [{start: 2026-01-05, end: 2026-02-13}, {start: 2026-02-23, end: 2026-03-27}]
    - school_year: "202526"
      name: summer
      half_terms: [{start: 2026-04-13, end: 2026-05-22}, {start: 2026-06-01, end: 2026-07-17}]
"""
THIS_YEAR = """\
    - school_year: "202627"
      name: autumn
      half_terms: [{start: 2026-09-03, end: 2026-10-23}, {start: 2026-11-02, end: 2026-12-18}]
"""
HOLIDAYS = (
    (date(2025, 10, 25), date(2025, 11, 2)), (date(2025, 12, 20), date(2026, 1, 4)), (date(2026, 2, 14), date(2026, 2, 22)),
    (date(2026, 3, 28), date(2026, 4, 12)), (date(2026, 5, 4), date(2026, 5, 4)), (date(2026, 5, 23), date(2026, 5, 31)),
    (date(2026, 7, 18), date(2026, 9, 2)), (date(2026, 10, 24), date(2026, 11, 1)),
)  # fmt: skip
FIRST_DAY = date(2025, 9, 3)

# Snow on the last day before the October holiday: its registers are annulled, and the closure is typed in on the Monday after.
SNOW, SNOW_TYPED = date(2025, 10, 24), date(2025, 10, 27)
# Nothing runs for three weeks around the February holiday; the pack of 3 February is made by hand later.
OUTAGE, SINCE = (date(2026, 2, 2), date(2026, 2, 22)), (date(2026, 2, 25), date(2026, 2, 2))
# An export that breaks off, mended on the day after.
BROKEN = date(2026, 3, 9)
# A week without heating, typed in on the Monday after.
CLOSED, CLOSED_TYPED = (date(2026, 3, 16), date(2026, 3, 20)), date(2026, 3, 23)
# Exports that were not written since 24 April.
STALE, STALE_SINCE = date(2026, 5, 4), date(2026, 4, 24)
# The machine is off when term ends; by the time it runs again the MIS has promoted every pupil.
OFF = (date(2026, 7, 18), date(2026, 8, 16))
PROMOTED = date(2026, 8, 10)
NEXT_TERMS = date(2026, 8, 24)
# Last year's terms are replaced by this year's, and put back on the day after it was told.
REPLACED = date(2026, 9, 14)
RENAMED = date(2026, 9, 21)
OLD, NEW = ("St Mary's", "990002"), ("Mary Seacole Academy", "990004")

JOINS, LEAVES, MOVES_FORM = date(2025, 11, 10), date(2026, 2, 27), date(2026, 1, 12)

# The day on which each pack appears, its report, its first and last day.
EXPECTED = (
    ("2025-09-08", "fortnightly", "2025-09-03", "2025-09-05"),
    ("2025-09-22", "fortnightly", "2025-09-08", "2025-09-19"),
    ("2025-10-06", "fortnightly", "2025-09-22", "2025-10-03"),
    ("2025-10-20", "fortnightly", "2025-10-06", "2025-10-17"),
    ("2025-10-25", "impact", "2025-09-03", "2025-10-24"),
    ("2025-11-10", "fortnightly", "2025-10-20", "2025-11-07"),
    ("2025-11-24", "fortnightly", "2025-11-10", "2025-11-21"),
    ("2025-12-08", "fortnightly", "2025-11-24", "2025-12-05"),
    ("2025-12-20", "impact", "2025-09-03", "2025-12-19"),
    # Not on 20 December, seventeen days before its meeting.
    ("2026-01-05", "fortnightly", "2025-12-08", "2025-12-19"),
    ("2026-01-19", "fortnightly", "2026-01-05", "2026-01-16"),
    ("2026-02-23", "impact", "2025-09-03", "2026-02-13"),
    ("2026-02-23", "fortnightly", "2026-02-02", "2026-02-13"),
    ("2026-02-25", "fortnightly", "2026-01-19", "2026-01-30"),
    ("2026-03-10", "fortnightly", "2026-02-23", "2026-03-06"),
    ("2026-03-23", "fortnightly", "2026-03-09", "2026-03-13"),
    ("2026-03-28", "impact", "2025-09-03", "2026-03-27"),
    ("2026-04-20", "fortnightly", "2026-03-23", "2026-04-17"),
    ("2026-05-05", "fortnightly", "2026-04-20", "2026-05-01"),
    ("2026-05-18", "fortnightly", "2026-05-05", "2026-05-15"),
    ("2026-05-23", "impact", "2025-09-03", "2026-05-22"),
    ("2026-06-08", "fortnightly", "2026-05-18", "2026-06-05"),
    ("2026-06-22", "fortnightly", "2026-06-08", "2026-06-19"),
    ("2026-07-06", "fortnightly", "2026-06-22", "2026-07-03"),
    # From the roll promoted a week before.
    ("2026-08-17", "fortnightly", "2026-07-06", "2026-07-17"),
    ("2026-08-17", "impact", "2025-09-03", "2026-07-17"),
    ("2026-09-15", "fortnightly", "2026-09-03", "2026-09-11"),
    ("2026-09-28", "fortnightly", "2026-09-14", "2026-09-25"),
    ("2026-10-12", "fortnightly", "2026-09-28", "2026-10-09"),
    ("2026-10-24", "impact", "2025-09-03", "2026-10-23"),
)
# The whole year has governors' reports too: five school days after each half term, on the Monday that follows; the last one
# of the school year, for which nobody waits over the summer, as soon as it is over.
GOVERNORS = (
    ("2025-11-10", "governors", "2025-09-03", "2025-10-23"),
    ("2026-01-12", "governors", "2025-11-03", "2025-12-19"),
    ("2026-03-02", "governors", "2026-01-05", "2026-02-13"),
    ("2026-04-20", "governors", "2026-02-23", "2026-03-27"),
    ("2026-06-08", "governors", "2026-04-13", "2026-05-22"),
    # The machine runs again on 17 August.
    ("2026-08-17", "governors", "2026-06-01", "2026-07-17"),
)
# Days other than Mondays on which it runs: after half terms, and after what went wrong.
OTHER_DAYS = tuple(
    map(
        date.fromisoformat,
        (
            "2025-10-25", "2025-12-20", "2026-03-10", "2026-03-28", "2026-05-05", "2026-05-23", "2026-09-15",
            "2026-10-24",
        ),
    )
)  # fmt: skip
# What the day's run says where it cannot make what is due.
REFUSED = {
    BROKEN: (11, "the file breaks off here"),
    STALE: (11, "the last register taken is of 2026-04-24, and this paper waits for marks of 2026-05-01"),
    REPLACED: (11, "of 2025/26, before the calendar's first day (2026-09-03)"),
}
