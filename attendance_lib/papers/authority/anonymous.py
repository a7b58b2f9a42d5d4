"""The meeting's page without names: nothing but figures that a published report to governors has told already.

Fresh counts, however rounded, could be set against those of a report of another day, and what was withheld there worked out. What
repeats published figures, withheld ones as withheld, tells nothing that its readers could not know.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from attendance_lib.disclosure.read_back import Record, read_record
from attendance_lib.disclosure.tables import AS_AT
from attendance_lib.display import Column, Document, Handed, HandedNote, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_date, round_half_up
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.authority.asks import AGENDA
from attendance_lib.papers.shared import masthead
from attendance_lib.reports.papers import AUTHORITY_MEETING
from attendance_lib.reports.published import history_of
from attendance_lib.rules.thresholds import SUPPRESSED

FOLDER, NAME = "anonymous", "meeting"
MEASURES = ("persistently_absent", "severely_absent")
RATE_PLACES = 3
NONE_PUBLISHED = (
    "No page without names was made: it repeats the figures of the newest published report to governors, and none was published by "
    "the last day of this paper."
)
WHY_THESE = (
    "No figure here is newer than the last published report: a fresh count could be set against a published one, and what was "
    "withheld there worked out."
)


def records_of(pack: Pack) -> list[Record]:
    """Return the records of the reports to governors that the school has published, oldest first."""
    settings = pack.school.settings
    folder = history_of(Path(settings.file), settings.school.urn, AUTHORITY_MEETING.repeats)
    return [read_record(path) for path in folder.records()]


def published_days(records: Sequence[Record], until: date) -> pd.DataFrame:
    """Return what was published of the whole school's persistent and severe absence up to each day.

    Parameters
    ----------
    records : sequence of Record
        Of published reports, oldest first: where two tell a count of one day, the newer report holds.
    until : datetime.date
        The last day told.

    Returns
    -------
    pandas.DataFrame
        One row per day, oldest first: ``date``, ``enrolments``, ``persistently_absent``, ``severely_absent`` and their rates of
        enrolments; ``c`` where a count was withheld. Days of which no enrolments were told are left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> told = [("2026-10-23", {}, 600), ("2026-10-23", {"measure": "severely_absent"}, 12), ("2026-12-18", {}, 601)]
    >>> counts = [SimpleNamespace(coordinates={"as_at": day} | more, value=value) for day, more, value in told]
    >>> days = published_days([SimpleNamespace(counts=counts)], date(2026, 11, 20))  # nothing of a later day
    >>> days[["enrolments", "severely_absent", "severely_absent_rate"]].values.tolist()
    [[600.0, 12.0, 0.02]]
    """
    rows = [
        {"date": pd.Timestamp(day), "enrolments": counts["enrolments"]} | measured(counts)
        for day, counts in sorted(told_by_day(records).items())
        if "enrolments" in counts and day <= until.isoformat()
    ]
    names = ["date", "enrolments", *(name for each in MEASURES for name in (each, f"{each}_rate"))]
    return pd.DataFrame(rows, columns=names)


def told_by_day(records: Sequence[Record]) -> dict[str, dict[str, int | str]]:
    """Return the counts of the whole school that records tell, by day (ISO text) and measure; of two of one day the newer.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> day = ("as_at", "2026-10-23")
    >>> counts = [((day,), 600), ((day, ("measure", "severely_absent")), "c"), ((day, ("fsm", "yes")), 90)]  # the last of a group
    >>> told_by_day([SimpleNamespace(counts=[SimpleNamespace(coordinates=where, value=told) for where, told in counts])])
    {'2026-10-23': {'enrolments': 600, 'severely_absent': 'c'}}
    """
    told: dict[str, dict[str, int | str]] = {}
    for record in records:
        for count in record.counts:
            where = dict(count.coordinates)
            day, measure = where.pop(AS_AT, ""), where.pop("measure", "enrolments")
            if day and not where and count.value is not None and measure in ("enrolments", *MEASURES):
                told.setdefault(day, {})[measure] = count.value
    return told


def measured(counts: dict[str, int | str]) -> dict[str, object]:
    """Return the measures of one day with their rates; a rate of a withheld count is withheld.

    Examples
    --------
    >>> measured({"enrolments": 200, "persistently_absent": 31, "severely_absent": "c"})["persistently_absent_rate"]
    0.155
    >>> measured({"enrolments": 200, "persistently_absent": 31, "severely_absent": "c"})["severely_absent_rate"]
    'c'
    """
    row: dict[str, object] = {}
    for name in MEASURES:
        count, of = counts.get(name, SUPPRESSED), counts["enrolments"]
        whole = isinstance(count, int) and isinstance(of, int) and of > 0
        row[name] = count
        row[f"{name}_rate"] = float(round_half_up(count / of, RATE_PLACES)) if whole else SUPPRESSED
    return row


def page_without_names(pack: Pack) -> HandedNote:
    """Return that a page without names was made, with the page, or why there is none."""
    days = published_days(records_of(pack), pack.date_to)
    if days.empty:
        return HandedNote.of("anonymous_page", (NONE_PUBLISHED,), [])
    page = Handed(FOLDER, NAME, "anybody", tuple(parts(pack, days)), seen=None, leaves_school=True)
    made = f"A page without names is in the folder '{FOLDER}' of this pack. It tells nothing that governors were not told."
    return HandedNote.of("anonymous_page", (made,), [page])


def parts(pack: Pack, days: pd.DataFrame) -> Iterator[Document | Sentences | Table]:
    """Yield what the page shows, in order, of days published (one row each, as ``published_days``; at least one)."""
    yield _head(pack, days["date"].iloc[-1].date())
    yield Table(
        name="published_figures",
        title="Persistent and severe absence, as governors were told",
        frame=days,
        columns=DAY_COLUMNS,
        note="Year to date up to each day, from the published reports to governors, as they were then; c: withheld.",
    )
    yield Sentences(
        name="parts", title="What the meeting talks about", items=tuple(part for part, _ in AGENDA)
    )
    yield Sentences(name="why_these", style="note", items=(WHY_THESE,))


def _head(pack: Pack, last: date) -> Document:
    named = masthead(pack, AUTHORITY_MEETING)
    return Document(
        name=named.name,
        title="Support meeting without names",
        school=named.school,
        urn=named.urn,
        period=f"School year to {format_date(last)}",
        date=last.isoformat(),
        audience="For the meeting and whoever it reports to",
        confidentiality="Nobody can be identified here. c: withheld, for few pupils are behind it.",
    )


DAY_COLUMNS = (
    Column("date", "Up to", Kind.DATE, meaning="The last day counted"),
    figure("enrolments", heading="Enrolments", meaning="Enrolments counted"),
    Column("persistently_absent", "Persistently absent", Kind.COUNT, meaning="Missed 10% or more"),
    Column("persistently_absent_rate", "Rate", Kind.RATE, meaning="Out of enrolments"),
    Column("severely_absent", "Severely absent", Kind.COUNT, meaning="Missed 50% or more"),
    Column("severely_absent_rate", "Rate, severe", Kind.RATE, meaning="Out of enrolments"),
)
