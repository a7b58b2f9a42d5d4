"""The governor report as it is published: all of its tables made together and safe to be read together.

Sections read nothing else, so that no table, chart or sentence can say what the disclosure step withheld.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from attendance_lib.analysis.comparators import beside_of
from attendance_lib.disclosure.protect import UnsafeError, protect
from attendance_lib.disclosure.read_back import Record, checked, read_record
from attendance_lib.disclosure.record import gather_cells
from attendance_lib.disclosure.tables import Partition, Protected, PublicTable, check_tied
from attendance_lib.display.format import round_half_up
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.settings.school_file import Cohort, Settings, check_published, load_cohorts
from attendance_lib.pack.opening import find_file, open_pack
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.governors import (
    absence_counts,
    casework_counts,
    casework_tables,
    changes,
    compliance_counts,
    group_counts,
    outside,
    spans,
)
from attendance_lib.papers.governors.group_counts import EMPTY, GROUP_SIZES, GROUPS, YEARS
from attendance_lib.papers.governors.past import public_past
from attendance_lib.papers.governors.published import Facts, Published
from attendance_lib.papers.governors.refused import (
    AGAIN,
    REMEDY,
    REMEDY_OF_ALL,
    changed_sizes,
    refusal,
    to_join,
)
from attendance_lib.papers.governors.sums import partitions_of
from attendance_lib.papers.governors.workings import Build, Workings, declared_in, is_whole_school_only

BUILDERS = declared_in(
    (
        absence_counts, casework_counts, casework_tables, changes, compliance_counts, group_counts, outside, spans,
    )
)  # fmt: skip
OF_GROUPS = (YEARS, GROUPS, EMPTY)
RECORD = "tables/disclosure.json"
# How many tables of a report may be withheld as a whole before it is not made.
MOST_WITHHELD = 3
# Rates are published to one decimal place of a per cent: more digits tell the sessions of a small group.
RATE_PLACES, WHOLE, PENCE = 3, 0, 2
PLACES_OF = {"cost": PENCE, "sessions_regained": WHOLE, "sessions_low": WHOLE, "sessions_high": WHOLE}


def open_governors(
    school_file: str,
    date_from: str,
    date_to: str,
    cohort: str = "all",
    *,
    cohorts_file: str = "params/cohorts.yml",
    previous_pack: str = "",
) -> Published:
    """Read a school's files and make every table of the governor report safe to publish.

    Parameters
    ----------
    school_file, date_from, date_to, cohort, cohorts_file : str
        As ``pack.opening.open_pack`` takes them.
    previous_pack : str
        The records of all governor reports of the school so far, or their folders, joined by semicolons; empty if there
        is none.

    Returns
    -------
    Published
        Ready for the sections.

    Raises
    ------
    SettingsError
        If a file, date or cohort is not known.
    InputError
        If the exports were refused.
    DisclosureError
        If a table cannot be made safe, or an earlier report has no record of what it withheld that can be read; the
        message names it.
    """
    earlier = earlier_records(previous_pack)
    pack = open_pack(school_file, date_from, date_to, cohort, cohorts_file=cohorts_file)
    cohorts = load_cohorts(find_file(cohorts_file, find_file(school_file).resolve().parents))
    return publish(pack, earlier, cohorts)


def earlier_records(previous_pack: str) -> list[Record]:
    """Return the records that the parameter ``previous_pack`` names, or those in the folders that it names.

    Raises
    ------
    DisclosureError
        If one cannot be read.
    """
    return [
        read_record(path if path.suffix == ".json" else path / RECORD)
        for pack in previous_pack.split(";")
        if pack.strip() and (path := Path(find_file(pack.strip())))
    ]


def publish(
    pack: Pack, earlier: Iterable[dict | Record], cohorts: Mapping[str, Cohort] | None = None
) -> Published:
    """Make all tables of a pack's governor report safe, together and with the earlier reports.

    ``cohorts`` are those of the school by name; without them the whole school is as it is where no file says otherwise.
    """
    check_published(pack.cohort, cohorts or {pack.cohort.name: pack.cohort})
    workings = Workings(pack, tuple(checked(record) for record in earlier))
    return publish_tables(tables_of(workings), workings)


def tables_of(workings: Workings) -> list[PublicTable]:
    """Return the tables of a report as they would be published if no group were small."""
    return [of_cohort(rounded(build(workings)), workings) for build in builders_of(workings)]


def publish_tables(own: list[PublicTable], workings: Workings) -> Published:
    """Make the tables of a report safe, together and with the earlier reports."""
    tables = with_past(own, workings)
    safe = protected(tables, workings)
    return Published(
        facts=facts_of(workings),
        tables=not_given(workings)
        | without_rows(own)
        | {table.name: table.frame for table in safe.tables if len(table.frame.columns)},
        comparators=beside_of(workings.pack),
        record=safe.record,
        counts=safe.counts,
        suppressed_counts=safe.suppressed_counts,
        earlier=len(workings.earlier),
        corrected_counts=safe.corrected_counts,
        withheld=tuple(table.title for table in tables if table.name in safe.withheld),
    )


def protected(tables: list[PublicTable], workings: Workings) -> Protected:
    """Return the tables safe to publish together and with the earlier reports.

    Raises
    ------
    DisclosureError
        If they cannot be made so, in words for whoever asked for them.
    """
    partitions, earlier = partitions_of(workings), workings.earlier
    tied = [check_tied(table, partitions) for table in tables]
    try:
        return protected_in_part(
            tied, workings.level, partitions, earlier, is_of_cohort=bool(workings.everyone)
        )
    except UnsafeError as error:
        span = workings.pack.school.calendar.span_word
        remedy = remedy_for(workings)
        join = to_join(error.key, tables, workings.pack.date_to)
        changed = "" if workings.everyone else changed_sizes(tables, earlier, workings.pack.date_to)
        raise DisclosureError(
            f"{changed}{refusal(error, tables, remedy.format(span=span, join=join))}"
        ) from None


def remedy_for(workings: Workings) -> str:
    """Return what may be done where a report cannot be made safe, with places for the span and the groups to join."""
    if is_made_again(workings):
        return AGAIN
    return REMEDY if workings.named else REMEDY_OF_ALL


def is_made_again(workings: Workings) -> bool:
    """Whether an earlier record is of a report of the same days and pupils."""
    # Only a report's own headline counts those late in the year to date.
    mine = workings.over(workings.periods.year_to_date) | {"measure": "late_before_close_sessions"}
    return any(count.coordinates == mine for record in workings.earlier for count in record.counts)


def protected_in_part(
    tables: list[PublicTable],
    level: int,
    partitions: tuple[Partition, ...],
    earlier: Sequence[Record],
    *,
    is_of_cohort: bool = False,
) -> Protected:
    """Return the tables safe to publish, some of them withheld as a whole where they cannot be made so figure by figure.

    Of a cohort's groups no row is given then: with its rows such a table would say of whom there is none.

    Raises
    ------
    UnsafeError
        If a few such tables do not suffice; it is of the first trouble.
    """
    trouble, withheld, without = None, (), ()
    while True:
        try:
            safe = protect(tables, level, partitions, earlier, withheld)
            return replace(safe, withheld=(*without, *withheld))
        except UnsafeError as error:
            trouble = trouble or error
            also = to_withhold_next(error, withheld)
        if is_of_cohort and not without and also in (None, *OF_GROUPS):
            tables, without = without_groups(tables), (YEARS, GROUPS)
        elif also is None:
            raise trouble
        else:
            withheld = (*withheld, also)


def to_withhold_next(error: UnsafeError, withheld: Sequence[str]) -> str | None:
    """Return the first table of the trouble that is not withheld yet; None if there is none, or as many are as may be.

    Examples
    --------
    >>> trouble = UnsafeError((), ("groups", "flows"))
    >>> to_withhold_next(trouble, ["groups"]), to_withhold_next(trouble, ["groups", "weeks", "reasons"])
    ('flows', None)
    """
    if len(withheld) == MOST_WITHHELD:
        return None
    return next((name for name in error.tables if name not in withheld), None)


def without_groups(tables: Iterable[PublicTable]) -> list[PublicTable]:
    """Return tables but those of groups."""
    return [table for table in tables if table.name not in OF_GROUPS]


def builders_of(workings: Workings) -> list[Build]:
    """Return what makes the tables of a report: of a cohort's all but those that are given for the whole school only.

    Who joined and left a small group, and by how much definitions differ in it, are seldom more than a few, and the whole
    school's report has told already what the group had before and has now. What a check of the registers finds is the
    school's, and does not add up over groups.
    """
    return [build for build in BUILDERS if not (workings.everyone and is_whole_school_only(build))]


def not_given(workings: Workings) -> dict[str, pd.DataFrame]:
    """Return the tables that are given for the whole school only, without a row, by name; none of the whole school's report."""
    return without_rows(
        build(workings) for build in BUILDERS if workings.everyone and is_whole_school_only(build)
    )


def without_rows(tables: Iterable[PublicTable]) -> dict[str, pd.DataFrame]:
    """Return tables as they are where no row of them is given, by name."""
    return {
        table.name: shown.frame.head(0) for table in tables if len((shown := table.as_shown()).frame.columns)
    }


def of_cohort(table: PublicTable, workings: Workings) -> PublicTable:
    """Let noughts be withheld in a cohort's report: none of it is none of each of its groups, of which nothing may be said.

    How many are in a group is otherwise: whether there are any stands in whether it has a row, which nothing withholds.
    """
    if not workings.everyone or table.name == EMPTY:
        return table
    by_row = GROUP_SIZES if table.name in (YEARS, GROUPS) else ()
    counts = (replace(count, is_none_hidden=count.column not in by_row) for count in table.counts)
    return replace(table, counts=tuple(counts))


def with_past(tables: list[PublicTable], workings: Workings) -> list[PublicTable]:
    """Return tables with what earlier reports left out and these do not hold, so that it stays as uncertain as it was."""
    return [*tables, not_printed(public_past(workings), tables)]


def not_printed(past: PublicTable, tables: Iterable[PublicTable]) -> PublicTable:
    """Return the rows (counts of sessions or notices) that none of the report's own tables holds."""
    cells = gather_cells(tables)
    (count,) = past.counts
    new = [row for row in range(len(past.rows)) if past.key(row, count) not in cells]
    return replace(
        past, frame=past.frame.iloc[new].reset_index(drop=True), rows=tuple(past.rows[row] for row in new)
    )


def rounded(table: PublicTable) -> PublicTable:
    """Return a table with its rates rounded as they are published, and its counts as plain numbers.

    Examples
    --------
    >>> from attendance_lib.disclosure.tables import Rate
    >>> frame = pd.DataFrame({"enrolments": pd.array([16], dtype="Int64"), "absence_rate": [0.0625]})
    >>> table = PublicTable("spans", "Spans", frame, ({},), (), (Rate("absence_rate", ("enrolments",), "enrolments"),))
    >>> rounded(table).frame.values.tolist()  # half up
    [[16.0, 0.063]]
    """
    frame = table.frame.astype(
        {name: float for name, kind in table.frame.dtypes.items() if str(kind) == "Int64"}
    )
    floats = [rate.column for rate in table.rates if frame[rate.column].dtype == float]
    return table.with_frame(
        frame.assign(
            **{name: frame[name].map(lambda value, name=name: to_places(value, name)) for name in floats}
        )
    )


def to_places(value: float, column: str) -> float:
    """Return a figure rounded half up to the places its column is published to; missing stays missing.

    Examples
    --------
    >>> to_places(0.92751, "attendance_rate"), to_places(-84.15, "sessions_low")
    (0.928, -84.0)
    """
    return value if pd.isna(value) else float(round_half_up(value, PLACES_OF.get(column, RATE_PLACES)))


def facts_of(workings: Workings) -> Facts:
    """Return what the report says of its period, its cohort and its sources."""
    pack, settings = workings.pack, workings.pack.school.settings
    sessions = workings.periods.current.sessions
    calendar = pack.school.calendar
    compared, compared_to_date = compared_in_words(workings)
    return Facts(
        school=settings.school,
        date_from=pack.date_from,
        date_to=pack.date_to,
        half_term=calendar.half_term_names[sessions["half_term"].iloc[-1]],
        span=calendar.span_word,
        sessions=len(sessions),
        year_sessions=len(workings.periods.year_to_date.sessions),
        cohort=pack.cohort.title,
        compared=compared,
        compared_to_date=compared_to_date,
        is_beside_last_year=workings.has_last_year,
        is_from_last_year=not len(workings.periods.year_to_previous.sessions),
        since=workings.flow_from.last_date if len(workings.flow_from.sessions) else None,
        whole_years=tuple(workings.half_terms.whole_years),
        last_mark=pack.register.last_date,
        level=workings.level,
        short_enrolment_sessions=settings.rules.short_enrolment_sessions,
        is_of_cohort=bool(workings.everyone),
        left_out=tuple(name for name in ("interventions", "notices") if getattr(pack.school, name) is None),
        counted=workings.periods.selection.basis,
        own_codes=codes_translated(settings),
        governance=settings.governance,
    )  # fmt: skip


def codes_translated(settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return the codes of the school's own system, each with the register code that it stands for, in order.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> marks = [SimpleNamespace(codes={"P": "/", "ILL": "I"}), SimpleNamespace(codes={"ILL": "I"})]  # two files of marks
    >>> codes_translated(SimpleNamespace(exports=SimpleNamespace(marks=marks)))
    (('ILL', 'I'), ('P', '/'))
    """
    return tuple(sorted({pair for source in settings.exports.marks for pair in source.codes.items()}))


LAST_YEAR = ("the same {} last year", "the same point last year")
BEFORE = ("the {} before", "the end of the {} before")


def compared_in_words(workings: Workings) -> tuple[str, ...]:
    """Return what the half term and what the year to date is compared with; empty where the exports do not hold it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pack = SimpleNamespace(school=SimpleNamespace(calendar=SimpleNamespace(span_word="half term")))
    >>> held, none = SimpleNamespace(sessions=["AM"]), SimpleNamespace(sessions=[])
    >>> compared_in_words(SimpleNamespace(pack=pack, has_last_year=False, compared=held, compared_to_date=none))
    ('the half term before', '')
    """
    span = workings.pack.school.calendar.span_word
    if workings.has_last_year:
        return tuple(words.format(span) for words in LAST_YEAR)
    registers = (workings.compared, workings.compared_to_date)
    return tuple(
        words.format(span) if len(register.sessions) else ""
        for words, register in zip(BEFORE, registers, strict=True)
    )
