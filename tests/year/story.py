"""What happens at three invented schools from September 2025 to October 2026, and which papers must come of it on which day.

The days are worked out on a wall calendar by hand: `due` may be asked on any day, but papers are made on Mondays and on days
after which something is due, as the school's machine runs then. Exports are those of the evening before; an export is good
unless it is spoiled here. What is spoiled is what goes wrong in schools, and what goes wrong goes wrong here.
"""

from dataclasses import dataclass, replace
from datetime import date

BEGINS, ENDS = date(2025, 9, 1), date(2026, 10, 31)
FIRST_DAY, LAST_DAY = date(2025, 9, 3), date(2026, 7, 17)
# A week without heating, typed in on the Monday after.
CLOSED, CLOSED_TYPED = (date(2026, 3, 16), date(2026, 3, 20)), date(2026, 3, 23)
# The machine is off when term ends; by the time it runs again the MIS has promoted every pupil.
OFF = (date(2026, 7, 18), date(2026, 8, 16))
PROMOTED = date(2026, 8, 10)
NEXT_TERMS = date(2026, 8, 24)
OLD, NEW = ("St Mary's", "990002"), ("Mary Seacole Academy", "990004")
JOINS, LEAVES, MOVES_FORM = date(2025, 11, 10), date(2026, 2, 27), date(2026, 1, 12)

Made = tuple[str, str, str, str]


@dataclass(frozen=True)
class Story:
    """One school's fourteen months.

    ``cohorts`` are its year groups in 2025/26, with the one that comes in September 2026 first, on the day ``starts``.
    ``packs`` are the day on which each pack appears, its report, its first and its last day; ``governors`` so of the
    governors' reports: five school days after each half term. ``refused`` is what a day's run says where it cannot make
    what is due: exit code and words.
    """

    name: str
    title: str
    phase: str
    cohorts: tuple[int, ...]
    starts: date
    last_year: str
    this_year: str
    holidays: tuple[tuple[date, date], ...]
    # Snow on the last day before the October holiday: its registers are annulled, the closure is typed in on the Monday after.
    snow: date
    snow_typed: date
    # Nothing runs for weeks around the February holiday; the pack that no run makes is made by hand later.
    outage: tuple[date, date]
    since: tuple[date, date]
    late: Made
    # An export that breaks off, mended on the day after.
    broken: date
    # Exports that were not written since some day.
    stale: tuple[date, date]
    # Last year's terms are replaced by this year's, whose first meeting is on a day, and put back on the day after.
    replaced: date
    new_meeting: date
    renamed: date
    # What the school file is called from that day on.
    renamed_file: str
    other_days: tuple[date, ...]
    packs: tuple[Made, ...]
    governors: tuple[Made, ...]
    refused: dict[date, tuple[int, str]]

    @property
    def papers(self) -> tuple[Made, ...]:
        """All that must be made."""
        return (*self.packs, *self.governors)


def days_of(text: str) -> tuple[date, ...]:
    """The dates in a text."""
    return tuple(map(date.fromisoformat, text.split()))


def spans_of(text: str) -> tuple[tuple[date, date], ...]:
    """The first and last days in a text."""
    days = days_of(text)
    return tuple(zip(days[::2], days[1::2], strict=True))


def papers_of(text: str) -> tuple[Made, ...]:
    """The packs in a text: the day on which each appears, its report, its first and its last day, one a line."""
    return tuple(tuple(line.split()) for line in text.strip().splitlines())


BREAKS_OFF = (11, "the file breaks off here")
NO_TERMS = (11, "of 2025/26, before the calendar's first day (2026-09-03)")

SECONDARY = Story(
    name="secondary",
    title="A secondary school",
    phase="secondary",
    cohorts=(6, 7, 8, 9, 10, 11),
    starts=date(2026, 9, 3),
    last_year="""\
    - school_year: "202526"
      name: autumn
      half_terms: [{start: 2025-09-03, end: 2025-10-24}, {start: 2025-11-03, end: 2025-12-19}]
    - school_year: "202526"
      name: spring
      half_terms: [{start: 2026-01-05, end: 2026-02-13}, {start: 2026-02-23, end: 2026-03-27}]
    - school_year: "202526"
      name: summer
      half_terms: [{start: 2026-04-13, end: 2026-05-22}, {start: 2026-06-01, end: 2026-07-17}]
""",
    this_year="""\
    - school_year: "202627"
      name: autumn
      half_terms: [{start: 2026-09-03, end: 2026-10-23}, {start: 2026-11-02, end: 2026-12-18}]
""",
    holidays=spans_of(
        "2025-10-25 2025-11-02 2025-12-20 2026-01-04 2026-02-14 2026-02-22 2026-03-28 2026-04-12 2026-05-04 2026-05-04 "
        "2026-05-23 2026-05-31 2026-07-18 2026-09-02 2026-10-24 2026-11-01"
    ),
    snow=date(2025, 10, 24),
    snow_typed=date(2025, 10, 27),
    outage=(date(2026, 2, 2), date(2026, 2, 22)),
    since=(date(2026, 2, 25), date(2026, 2, 2)),
    late=("2026-02-25", "fortnightly", "2026-01-19", "2026-01-30"),
    broken=date(2026, 3, 9),
    stale=(date(2026, 5, 4), date(2026, 4, 24)),
    replaced=date(2026, 9, 14),
    new_meeting=date(2026, 9, 15),
    renamed=date(2026, 9, 21),
    renamed_file="school.yml",
    # After half terms, and after what went wrong.
    other_days=days_of(
        "2025-10-25 2025-12-20 2026-03-10 2026-03-28 2026-05-05 2026-05-23 2026-09-15 2026-10-24"
    ),
    # Not on 20 December, seventeen days before its meeting; on 17 August from the roll promoted a week before.
    packs=papers_of("""
        2025-09-08 fortnightly 2025-09-03 2025-09-05
        2025-09-22 fortnightly 2025-09-08 2025-09-19
        2025-10-06 fortnightly 2025-09-22 2025-10-03
        2025-10-20 fortnightly 2025-10-06 2025-10-17
        2025-10-25 impact 2025-09-03 2025-10-24
        2025-11-10 fortnightly 2025-10-20 2025-11-07
        2025-11-24 fortnightly 2025-11-10 2025-11-21
        2025-12-08 fortnightly 2025-11-24 2025-12-05
        2025-12-20 impact 2025-09-03 2025-12-19
        2026-01-05 fortnightly 2025-12-08 2025-12-19
        2026-01-19 fortnightly 2026-01-05 2026-01-16
        2026-02-23 impact 2025-09-03 2026-02-13
        2026-02-23 fortnightly 2026-02-02 2026-02-13
        2026-02-25 fortnightly 2026-01-19 2026-01-30
        2026-03-10 fortnightly 2026-02-23 2026-03-06
        2026-03-23 fortnightly 2026-03-09 2026-03-13
        2026-03-28 impact 2025-09-03 2026-03-27
        2026-04-20 fortnightly 2026-03-23 2026-04-17
        2026-05-05 fortnightly 2026-04-20 2026-05-01
        2026-05-18 fortnightly 2026-05-05 2026-05-15
        2026-05-23 impact 2025-09-03 2026-05-22
        2026-06-08 fortnightly 2026-05-18 2026-06-05
        2026-06-22 fortnightly 2026-06-08 2026-06-19
        2026-07-06 fortnightly 2026-06-22 2026-07-03
        2026-08-17 fortnightly 2026-07-06 2026-07-17
        2026-08-17 impact 2025-09-03 2026-07-17
        2026-09-15 fortnightly 2026-09-03 2026-09-11
        2026-09-28 fortnightly 2026-09-14 2026-09-25
        2026-10-12 fortnightly 2026-09-28 2026-10-09
        2026-10-24 impact 2025-09-03 2026-10-23
    """),
    governors=papers_of("""
        2025-11-10 governors 2025-09-03 2025-10-23
        2026-01-12 governors 2025-11-03 2025-12-19
        2026-03-02 governors 2026-01-05 2026-02-13
        2026-04-20 governors 2026-02-23 2026-03-27
        2026-06-08 governors 2026-04-13 2026-05-22
        2026-08-17 governors 2026-06-01 2026-07-17
    """),
    refused={
        date(2026, 3, 9): BREAKS_OFF,
        date(2026, 5, 4): (
            11,
            "the last register taken is of 2026-04-24, and this paper waits for marks of 2026-05-01",
        ),
        date(2026, 9, 14): NO_TERMS,
    },
)
# Reception to Year 6 on the same days; the youngest come two school days after the others.
PRIMARY = replace(
    SECONDARY,
    name="primary",
    title="A primary school",
    phase="primary",
    cohorts=(-1, 0, 1, 2, 3, 4, 5, 6),
    starts=date(2026, 9, 7),
)
# Six terms that are not halved, with two weeks off in October. The week without heating is one with a meeting, whose pack is
# made before anybody types it in; broken exports are those of a pack and of a report to governors; with the school's new name
# its school file gets one.
SIX_TERMS = replace(
    SECONDARY,
    name="six_terms",
    title="A secondary school of six terms",
    last_year="".join(
        f'    - {{school_year: "202526", name: term {number}, half_terms: [{{start: {first}, end: {last}}}]}}\n'
        for number, (first, last) in enumerate(
            spans_of(
                "2025-09-03 2025-10-17 2025-11-03 2025-12-19 2026-01-05 2026-02-13 2026-02-23 2026-03-27 "
                "2026-04-13 2026-05-22 2026-06-01 2026-07-17"
            ),
            start=1,
        )
    ),
    this_year="""\
    - {school_year: "202627", name: term 1, half_terms: [{start: 2026-09-03, end: 2026-10-16}]}
    - {school_year: "202627", name: term 2, half_terms: [{start: 2026-11-02, end: 2026-12-18}]}
""",
    holidays=spans_of(
        "2025-10-18 2025-11-02 2025-12-20 2026-01-04 2026-02-14 2026-02-22 2026-03-28 2026-04-12 2026-05-04 2026-05-04 "
        "2026-05-23 2026-05-31 2026-07-18 2026-09-02 2026-10-17 2026-11-01"
    ),
    snow=date(2025, 10, 17),
    snow_typed=date(2025, 10, 20),
    outage=(date(2026, 1, 19), date(2026, 2, 22)),
    since=(date(2026, 2, 25), date(2026, 1, 19)),
    late=("2026-02-25", "fortnightly", "2026-01-12", "2026-01-23"),
    broken=date(2026, 3, 2),
    stale=(date(2026, 5, 11), date(2026, 5, 1)),
    replaced=date(2026, 9, 21),
    new_meeting=date(2026, 9, 22),
    renamed=date(2026, 9, 28),
    renamed_file="academy.yml",
    other_days=days_of(
        "2025-10-18 2025-12-20 2026-03-03 2026-03-28 2026-05-12 2026-05-23 2026-09-22 2026-10-17"
    ),
    packs=papers_of("""
        2025-09-08 fortnightly 2025-09-03 2025-09-05
        2025-09-22 fortnightly 2025-09-08 2025-09-19
        2025-10-06 fortnightly 2025-09-22 2025-10-03
        2025-10-18 impact 2025-09-03 2025-10-17
        2025-11-03 fortnightly 2025-10-06 2025-10-16
        2025-11-17 fortnightly 2025-11-03 2025-11-14
        2025-12-01 fortnightly 2025-11-17 2025-11-28
        2025-12-15 fortnightly 2025-12-01 2025-12-12
        2025-12-20 impact 2025-09-03 2025-12-19
        2026-01-12 fortnightly 2025-12-15 2026-01-09
        2026-02-23 impact 2025-09-03 2026-02-13
        2026-02-23 fortnightly 2026-01-26 2026-02-06
        2026-02-25 fortnightly 2026-01-12 2026-01-23
        2026-03-03 fortnightly 2026-02-09 2026-02-27
        2026-03-16 fortnightly 2026-03-02 2026-03-13
        2026-03-28 impact 2025-09-03 2026-03-27
        2026-04-13 fortnightly 2026-03-23 2026-03-27
        2026-04-27 fortnightly 2026-04-13 2026-04-24
        2026-05-12 fortnightly 2026-04-27 2026-05-08
        2026-05-23 impact 2025-09-03 2026-05-22
        2026-06-01 fortnightly 2026-05-11 2026-05-22
        2026-06-15 fortnightly 2026-06-01 2026-06-12
        2026-06-29 fortnightly 2026-06-15 2026-06-26
        2026-07-13 fortnightly 2026-06-29 2026-07-10
        2026-08-17 fortnightly 2026-07-13 2026-07-17
        2026-08-17 impact 2025-09-03 2026-07-17
        2026-09-07 fortnightly 2026-09-03 2026-09-04
        2026-09-22 fortnightly 2026-09-07 2026-09-18
        2026-10-05 fortnightly 2026-09-21 2026-10-02
        2026-10-17 impact 2025-09-03 2026-10-16
    """),
    governors=papers_of("""
        2025-11-10 governors 2025-09-03 2025-10-16
        2026-01-12 governors 2025-11-03 2025-12-19
        2026-03-03 governors 2026-01-05 2026-02-13
        2026-04-20 governors 2026-02-23 2026-03-27
        2026-06-08 governors 2026-04-13 2026-05-22
        2026-08-17 governors 2026-06-01 2026-07-17
    """),
    refused={
        date(2026, 3, 2): BREAKS_OFF,
        date(2026, 5, 11): (
            11,
            "the last register taken is of 2026-05-01, and this paper waits for marks of 2026-05-08",
        ),
        date(2026, 9, 21): NO_TERMS,
    },
)
STORIES = (SECONDARY, PRIMARY, SIX_TERMS)
