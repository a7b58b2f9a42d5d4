"""Why sessions were missed against England's mix, punctuality, suspensions and part-time timetables."""

from collections.abc import Iterable

import pandas as pd

from attendance_lib.display import Column, Kind, Table
from attendance_lib.display.columns import figure
from attendance_lib.papers.governors.absence_counts import EXCEPTIONS, LATE_CODES, LATENESS, REASONS, THE_REST
from attendance_lib.papers.governors.published import Published
from attendance_lib.papers.published_tables import published_table, without_signs
from attendance_lib.papers.shared import figure_words, heading_of
from attendance_lib.rules.benchmarks import Benchmark
from attendance_lib.rules.thresholds import FEWEST_FOR_REASONS

YEAR_RATE = Column("year_rate", "Year to date", Kind.RATE, "Share of the year's possible sessions", width=12)
CODES_IN_ENGLAND = "The same codes in England; the days covered are in the note"
LATE_MEASURES = ("late_before_close_rate", "late_after_close_rate", "late_rate")


def period_rate(span_word: str) -> Column:
    """Return the column of the half term's rates (fractions), under what the school calls one."""
    meaning = f"Share of the {span_word}'s possible sessions"
    return Column("period_rate", f"This {span_word}", Kind.RATE, meaning, width=12)


def reason_frame(report: Published) -> pd.DataFrame:
    """Return the reasons with England's rate of the same codes together, commonest first as far as is published.

    One row per reason of which the year's rate is not a published nought, rates as fractions of possible sessions, ``c``
    where withheld.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> table = pd.DataFrame({"group": ["Other", "Holiday", "Illness"], "codes": ["O", "G", "I"], "year_rate": ["c", 0, 0.02]})
    >>> facts, comparators = SimpleNamespace(date_to="2026-10-23"), SimpleNamespace(reasons=lambda day: {})
    >>> report = SimpleNamespace(facts=facts, comparators=comparators, tables={REASONS: table})
    >>> reason_frame(report)["group"].tolist()  # what is withheld has a row, what is nought has none
    ['Illness', 'Other']
    """
    england = report.comparators.reasons(report.facts.date_to)
    table = report.tables[REASONS]
    table = table[~(table["year_rate"] == 0)]
    table = table.assign(england_rate=[mixed(england, codes) for codes in table["codes"]])
    return table.sort_values(
        "year_rate", key=without_signs, ascending=False, kind="stable", na_position="last", ignore_index=True
    )


def mixed(england: dict[str, Benchmark], codes: str) -> float | None:
    """Return England's rate of some codes together; None where DfE published none of them.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> figure = benchmark("census", "all", "persistent_absence_rate", "202425")
    >>> mixed({"I": figure, "M": figure}, "I, M"), mixed({"I": figure}, "K")
    (0.3628, None)
    """
    figures = [england[letter].rate for letter in codes.split(", ") if letter in england]
    return sum(figures) if figures else None


def covered(report: Published, figures: Iterable[Benchmark | None]) -> str:
    """Say which days England's figures cover and how old they are; nothing where there are none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> report = SimpleNamespace(facts=SimpleNamespace(date_from=date(2026, 6, 1), date_to=date(2026, 7, 10)))
    >>> covered(report, [benchmark("daily", "all", "absence_rate"), None]), covered(report, [None])
    ('England, daily data, 8 Sep 2025 to 10 Jul 2026: beside our year to date.', '')
    """
    period = (report.facts.date_from, report.facts.date_to)
    labels = dict.fromkeys(figure_words(figure, period) for figure in figures if figure)
    return f"{'; '.join(labels)}: beside our year to date." if labels else ""


def together(report: Published) -> str:
    """Say why reasons stand together, where they do.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> groups = (["Illness", "Holiday"], ["Illness", "All other authorised"])
    >>> [together(SimpleNamespace(tables={REASONS: pd.DataFrame({"group": each})})).partition(":")[0] for each in groups]
    ['', ' Of fewer than 100 pupils the rarer reasons are given together']
    """
    if set(THE_REST.values()).isdisjoint(report.tables[REASONS]["group"]):
        return ""
    return f" Of fewer than {FEWEST_FOR_REASONS} pupils the rarer reasons are given together: most by themselves would be withheld."


def reasons(report: Published) -> Table:
    """Return the reasons for absence: half term, year to date and England's mix for the phase."""
    day = report.facts.date_to
    england = report.comparators.reasons(day)
    headed = heading_of("England", england.values(), day)
    columns = (
        Column("group", "Reason", meaning="Group of register codes", width=28),
        figure("codes"),
        period_rate(report.facts.span),
        YEAR_RATE,
        Column("england_rate", headed, Kind.RATE, CODES_IN_ENGLAND, width=10),
    )
    return published_table(
        "reasons",
        "Reasons for absence, beside England's mix",
        reason_frame(report),
        columns,
        f"Per cent of possible sessions, not of absence.{together(report)} {covered(report, england.values())}",
        empty_text="No session was missed.",
    )


def punctuality(report: Published) -> Table:
    """Return late sessions before and after the register closed, beside England's."""
    day = report.facts.date_to
    figures = [report.comparators.in_year(measure, day) for measure in LATE_MEASURES]
    england = dict(zip(LATE_CODES, (figure.rate if figure else None for figure in figures), strict=True))
    table = report.tables[LATENESS]
    return published_table(
        "punctuality",
        "Punctuality",
        table.assign(england_rate=table["group"].map(england)),
        (
            Column("group", "Arrival", meaning="When the pupil arrived, with the register code", width=36),
            period_rate(report.facts.span),
            YEAR_RATE,
            figure("england_rate", width=10),
        ),
        "Per cent of possible sessions. L is present; U is an unauthorised absence. "
        f"{covered(report, figures)}",
    )


def _counts_over(when: str, words: str, meaning: str) -> tuple[Column, Column]:
    with_any = "Pupils with any such session"
    return (
        Column(f"{when}_sessions", f"Sessions, {words}", Kind.COUNT, meaning, width=12),
        Column(f"{when}_pupils", f"Pupils, {words}", Kind.COUNT, with_any, width=12),
    )


def exceptions(report: Published) -> Table:
    """Return the sessions missed to suspensions and part-time timetables, and the pupils concerned."""
    word = report.facts.span
    spans = (
        ("period", word, f"Sessions with the code in the {word}"),
        ("year", "year to date", "Sessions with the code in the year"),
    )
    return published_table(
        "suspensions_and_part_time",
        "Suspensions and part-time timetables",
        report.tables[EXCEPTIONS],
        (
            Column("group", "What", meaning="Register code", width=36),
            *(column for span in spans for column in _counts_over(*span)),
        ),
        "Both are authorised absence and lower attendance. A session is half a school day. "
        "Alternative provision must be arranged from the sixth school day of a suspension, at compulsory school age.",
    )
