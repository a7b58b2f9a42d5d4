"""The first page of the meeting's paper: what is to be settled, the agenda, and the figures beside England and the authority."""

from collections.abc import Iterable, Mapping
from datetime import date

import pandas as pd

from attendance_lib.analysis.comparators import beside_of
from attendance_lib.analysis.headline import headline_of
from attendance_lib.display import Column, Document, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count
from attendance_lib.errors import in_number
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.authority.asks import AGENDA, BEFORE, asks_of
from attendance_lib.papers.authority.pupils import GONE, cases_of, part_time_of, returns_of
from attendance_lib.papers.shared import beside_england, dates_told, heading_of, masthead
from attendance_lib.reports.papers import AUTHORITY_MEETING
from attendance_lib.rules.benchmarks import Benchmark, Level


def authority_masthead(pack: Pack) -> Document:
    """Return what heads the paper (see ``shared.masthead``)."""
    return masthead(pack, AUTHORITY_MEETING)


def what_to_settle(pack: Pack) -> Sentences:
    """Say what the meeting has to settle, in counts."""
    cases = cases_of(pack)
    severe = cases[cases["is_severely_absent"]]
    several = int((cases["has_several"] & ~cases["is_severely_absent"]).sum())
    lost = int((returns_of(pack)["rule"] == GONE).sum())
    without = int(severe["lacks_plan"].sum())
    items = (
        f"{no_or(len(severe), 'pupil is', 'pupils are')} severely absent; {format_count(without) if without else 'none'} without a "
        "support plan that runs.",
        f"{no_or(several, 'other pupil is', 'other pupils are')} persistently absent with two agencies or more.",
        f"{no_or(lost, 'pupil is', 'pupils are')} absent without authority for ten school days or more, up to the last register.",
        part_time_words(pack),
        beside_england(
            headline_of(pack).loc["attendance_rate", "year_to_date"],
            beside_of(pack).in_year("attendance_rate", pack.date_to),
            (pack.date_from, pack.date_to),
        ),
    )
    return Sentences(name="to_settle", title="To settle", style="lead", items=tuple(filter(None, items)))


def part_time_words(pack: Pack) -> str:
    """Say how many part-time timetables are in force, and how many of them lack what guidance asks for.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> part_time_words(SimpleNamespace(school=SimpleNamespace(part_time=None)))  # not the same as none in force
    'The school exports no log of part-time timetables.'
    """
    if pack.school.part_time is None:
        return "The school exports no log of part-time timetables."
    part_time = part_time_of(pack)
    running = part_time[part_time["is_running"]]
    lacking = int((running["lacks"] != "").sum())
    return (
        f"{no_or(len(running), 'part-time timetable is', 'part-time timetables are')} in force; "
        f"{format_count(lacking) if lacking else 'none'} {in_number(max(lacking, 1), 'lacks', 'lack')} what guidance asks for."
    )


def no_or(count: int, one: str, many: str) -> str:
    """Return a count with what it is of, as a sentence begins.

    Examples
    --------
    >>> no_or(0, "pupil is", "pupils are"), no_or(1, "pupil is", "pupils are"), no_or(2, "has", "have")
    ('No pupil is', '1 pupil is', '2 have')
    """
    return f"{format_count(count) if count else 'No'} {in_number(max(count, 1), one, many)}"


def agenda(pack: Pack) -> Table:
    """Return the agenda of the meeting, with how many pupils each part is about."""
    cases, part_time = cases_of(pack), part_time_of(pack)
    severe = cases["is_severely_absent"]
    earlier = int((asks_of(pack)["stands"] == BEFORE).sum())
    about = (None, earlier or None, int(severe.sum()), int((cases["has_several"] & ~severe).sum()),
             returns_of(pack)["pupil_id"].nunique() + int(part_time["is_running"].sum()), None)  # fmt: skip
    rows = [
        {"part": part, "minutes": minutes, "pupils": pupils}
        for (part, minutes), pupils in zip(AGENDA, about, strict=True)
    ]
    return Table(
        name="agenda",
        title="Agenda",
        frame=pd.DataFrame(rows).astype({"pupils": "Int64"}),
        columns=AGENDA_COLUMNS,
        note="One hour; the minutes are a suggestion of ours.",
    )


AGENDA_COLUMNS = (
    figure("part", width=70),
    figure("minutes"),
    figure("pupils", meaning="About how many pupils, or entries"),
)
TRENDS = {
    "attendance_rate": "Attendance",
    "unauthorised_absence_rate": "Unauthorised absence",
    "persistent_absence_rate": "Persistent absence (10% or more missed)",
    "severe_absence_rate": "Severe absence (50% or more missed)",
}


def trends(pack: Pack) -> Table:
    """Return the school's rates year to date and at the same point last year, beside England and the authority."""
    england, authority = figures_of(pack, Level.ENGLAND), figures_of(pack, Level.LOCAL_AUTHORITY)
    told = [days_covered(england, pack), days_covered(authority, pack)]
    return Table(
        name="trends",
        title="The school beside England and the authority",
        frame=pd.DataFrame(
            [_trend(name, headline_of(pack).loc[name], england[name], authority[name]) for name in TRENDS]
        ),
        columns=trend_columns(england.values(), authority.values(), pack.date_to),
        note=" ".join(f"{each}." for each in filter(None, told)) or "No figure of others stands beside them.",
    )


def figures_of(pack: Pack, level: Level) -> dict[str, Benchmark | None]:
    """Return the figures of others that stand beside the school's year to date, by measure."""
    return {name: beside_of(pack).in_year(name, pack.date_to, level) for name in TRENDS}


def days_covered(found: Mapping[str, Benchmark | None], pack: Pack) -> str:
    """Say which days the figures of others cover; empty where there is none."""
    held = {TRENDS[name]: figure for name, figure in found.items() if figure}
    return dates_told(held, (pack.date_from, pack.date_to))


def _trend(
    name: str, own: pd.Series, england: Benchmark | None, authority: Benchmark | None
) -> dict[str, object]:
    return {
        "measure": TRENDS[name],
        "year_to_date_rate": own["year_to_date"],
        "last_year_rate": own["last_year_to_date"],
        "change_rate": own["year_to_date"] - own["last_year_to_date"],
        "england_rate": england.rate if england else None,
        "authority_rate": authority.rate if authority else None,
    }


def trend_columns(
    england: Iterable[Benchmark | None], authority: Iterable[Benchmark | None], day: date
) -> tuple[Column, ...]:
    """Return the columns of ``trends``; those of others are headed with the date of their figures where it is not the day.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> england = [benchmark("daily", "all", "absence_rate")]
    >>> [column.heading for column in trend_columns(england, [None], date(2026, 10, 23))][-2:]
    ['England, year to 10 Jul 2026', 'Local authority']
    """
    return (
        figure("measure", width=34),
        figure("year_to_date_rate"),
        Column("last_year_rate", "Same point last year", Kind.RATE, meaning="Year to date at the same point of last school year"),
        figure("change_rate", meaning="This year less last year at the same point"),
        figure("england_rate", heading=heading_of("England", england, day)),
        Column("authority_rate", heading_of("Local authority", authority, day), Kind.RATE, meaning="As the school file has it"),
    )  # fmt: skip
