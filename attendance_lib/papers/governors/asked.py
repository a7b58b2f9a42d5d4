"""What a school publishes of its own asking: attendance by groups and weekdays, made safe beside the reports to governors.

Its readers may be the governors' own, so its tables pass the same step, with the same sums and all records of what was published.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, product

import numpy as np
import pandas as pd

from attendance_lib.analysis.groups import counted
from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.disclosure.protect import UnsafeError
from attendance_lib.disclosure.tables import Count, Partition, Protected, PublicTable, Rate, check_tied
from attendance_lib.display import Column, DisclosureNote, Document, Kind, PassedTable
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count
from attendance_lib.errors import DisclosureError, SettingsError, nearest, quoted
from attendance_lib.intake.settings.school_file import WHOLE_SCHOOL
from attendance_lib.pack.cohorts import BASES
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.coordinates import as_at
from attendance_lib.papers.governors.group_counts import session_counts
from attendance_lib.papers.governors.opening import earlier_records, protected_in_part, rounded, with_past
from attendance_lib.papers.governors.sums import partitions_of
from attendance_lib.papers.governors.workings import Workings, coordinate_of
from attendance_lib.papers.published_tables import published_table
from attendance_lib.register.grid import Register
from attendance_lib.rules.groups import CHARACTERISTICS, DECLARED, YES_OR_NO, is_so
from attendance_lib.rules.pupils import year_name

WEEKDAY = "weekday"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SCHOOL_WEEK = 5
# What a published table of a school's own may be grouped by: groups of which it is declared what they add up to.
BY = (*DECLARED, WEEKDAY)


@dataclass(frozen=True, eq=False)
class AskedTables:
    """The tables that were asked for, safe to publish together and beside all that was published before."""

    pack: Pack
    asked: Mapping[str, tuple[str, ...]]
    safe: Protected
    level: int

    def masthead(self, title: str, reader: str) -> Document:
        """Return what heads the paper: title, school, period and that no pupil can be identified."""
        pack = self.pack
        return Document.of(
            pack.school.settings.school,
            (pack.date_from, pack.date_to),
            title=title,
            cohort=pack.cohort.title,
            audience=f"For {reader}",
            confidentiality=(
                "No pupil can be identified in this paper. Figures that few pupils are behind are withheld and marked c."
            ),
        )

    def table(self, name: str, title: str) -> PassedTable:
        """Return one of the tables by its name.

        Raises
        ------
        SettingsError
            If it was not asked for; the nearest one is named.

        Examples
        --------
        >>> AskedTables(None, {"by_year": ("year_group",)}, None, 5).table("by_yaer", "Year groups")
        Traceback (most recent call last):
        attendance_lib.errors.SettingsError: No table 'by_yaer' was asked for. Did you mean 'by_year'?
        """
        if name not in self.asked:
            raise SettingsError(f"No table {quoted(name)} was asked for. {nearest(name, self.asked)}")
        frame = next(each.frame for each in self.safe.tables if each.name == name)
        columns = (
            *(
                Column(column_of(each), heading_of(each), Kind.TEXT, "What sessions are grouped by")
                for each in self.asked[name]
            ),
            figure("enrolments", meaning="Enrolments with a possible session, year to date"),
            figure("attendance", meaning="Attended out of possible sessions of these days"),
        )
        shown = published_table(name, title, frame, columns, self._note)
        return PassedTable(**vars(shown), record=self.safe.record)

    @property
    def _note(self) -> str:
        return f"{BASES[self.pack.periods.selection.basis]}."

    def withheld(self) -> DisclosureNote:
        """Return what was withheld and by which rule, with the record that all later published papers are held against.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> note = AskedTables(None, {}, SimpleNamespace(suppressed_counts=3, counts=120, record={}), 5).withheld()
        >>> note.items[0].partition(" are withheld")[0], note.items[1]
        ('Counts from 1 to 4', '3 of 120 counts behind this paper are withheld.')
        """
        items = (
            f"Counts from 1 to {self.level - 1} are withheld (c) with the rates made from them, and whatever would let one of "
            "these be worked out from this paper or another that the school has published.",
            f"{format_count(self.safe.suppressed_counts)} of {format_count(self.safe.counts, 'count')} behind this paper "
            "are withheld.",
        )
        return DisclosureNote(name="withheld", style="points", items=items, record=self.safe.record)


def check_can_be_asked(pack: Pack, grouped: Mapping[str, Sequence[str]]) -> None:
    """Refuse what is never published, whatever the counts are.

    Raises
    ------
    SettingsError
        If nothing can be published by a column.
    DisclosureError
        If the pack is a cohort's.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> cohort = SimpleNamespace(cohort=SimpleNamespace(name="year_7"))
    >>> check_can_be_asked(cohort, {"by_form": ("pupil_id",)})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: Nothing can be published by 'pupil_id'. ...
    >>> check_can_be_asked(cohort, {"by_sex": ("sex",)})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: A published paper of the school's own counts the whole school, not the cohort ...
    """
    for column in chain.from_iterable(grouped.values()):
        if column not in BY:
            raise SettingsError(f"Nothing can be published by {quoted(column)}. {nearest(column, BY)}")
    if pack.cohort.name != WHOLE_SCHOOL.name:
        raise DisclosureError(
            f"A published paper of the school's own counts the whole school, not the cohort {quoted(pack.cohort.name)}. "
            "Make it without --cohort."
        )


def published(pack: Pack, asked: Mapping[str, Sequence[str]], previous_pack: str) -> AskedTables:
    """Make tables of attendance safe to publish, together and with all that the school has published.

    Parameters
    ----------
    pack : Pack
        The days to count, of the whole school.
    asked : mapping of str to sequence of str
        The tables by name, each with what it is grouped by, in order: of BY.
    previous_pack : str
        The records of all that the school has published, as a run gives them to the notebook.

    Returns
    -------
    AskedTables
        Ready to be shown.

    Raises
    ------
    SettingsError
        If nothing can be published by a column.
    DisclosureError
        If the tables cannot be made safe, or count a cohort.
    """
    grouped = {name: tuple(by) for name, by in asked.items()}
    check_can_be_asked(pack, grouped)
    workings = Workings(pack, tuple(earlier_records(previous_pack)))
    tables = with_past([rounded(public_asked(workings, name, by)) for name, by in grouped.items()], workings)
    partitions = (*partitions_of(workings), of_weekdays(workings.periods.current))
    tied = [check_tied(table, partitions) for table in tables]
    try:
        safe = protected_in_part(tied, workings.level, partitions, workings.earlier)
    except UnsafeError:
        raise DisclosureError(
            f"This paper ({', '.join(grouped)}) cannot be made safe beside what the school has published, so it is not made. "
            "Ask for fewer or larger groups."
        ) from None
    return AskedTables(pack, grouped, safe, workings.level)


def public_asked(workings: Workings, name: str, by: tuple[str, ...]) -> PublicTable:
    """Return attendance by groups and weekdays as it would be published if no group were small.

    Returns
    -------
    PublicTable
        One row for every group that there could be, in order: the grouping columns in words, ``enrolments`` in the year to
        date, as the governors' report tells them; not shown those of the period and ``absence_sessions``; ``attendance_rate`` of
        the period (fraction).
    """
    current = workings.periods.current
    totals = {day: pupil_totals(on_weekday(current, day)) for day in (None, *weekdays_of(current))}
    so_far = pupil_totals(workings.periods.year_to_date)
    groups = list(groups_asked(current, by))
    enrolled, missed_sessions = session_counts(workings, current, ("absence_sessions", "period_enrolments"))
    days = tuple({WEEKDAY: group.day} if group.day else {} for group in groups)
    return PublicTable(
        name=name,
        title=f"Attendance by {' and '.join(heading_of(each).lower() for each in by) or 'nothing'}",
        frame=pd.DataFrame([attendance_of(group, totals, so_far) for group in groups]),
        rows=tuple(group.coordinates for group in groups),
        counts=(
            Count("enrolments", as_at(workings.periods.date_to)),
            enrolled,
            replace(missed_sessions, by_row=days),
        ),
        rates=(Rate("attendance_rate", ("absence_sessions",), "period_enrolments"),),
    )


@dataclass(frozen=True)
class AskedGroup:
    """One value of each column that is asked for, and who has them all (boolean, one per enrolment)."""

    values: dict[str, object]
    members: np.ndarray

    @property
    def day(self) -> str | None:
        """The weekday alone that is counted; None for all.

        Examples
        --------
        >>> AskedGroup({"year_group": 7}, np.array([True])).day is None, AskedGroup({WEEKDAY: "Monday"}, np.array([True])).day
        (True, 'Monday')
        """
        return self.values.get(WEEKDAY)

    @property
    def coordinates(self) -> dict[str, str]:
        """The values that are of pupils, as published counts name them.

        Examples
        --------
        >>> AskedGroup({"year_group": 7, WEEKDAY: "Monday", "fsm": True}, np.array([True, False])).coordinates
        {'year_group': '7', 'fsm': 'yes'}
        """
        return {column: coordinate_of(value) for column, value in self.values.items() if column != WEEKDAY}


def groups_asked(register: Register, by: tuple[str, ...]) -> Iterator[AskedGroup]:
    """Yield every group that there could be, in order.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> register = SimpleNamespace(pupils=pd.DataFrame({"fsm": [True, False], "year_group": [7, 8]}))
    >>> [(group.coordinates, int(group.members.sum())) for group in groups_asked(register, ("year_group", "fsm"))][:2]
    [({'year_group': '7', 'fsm': 'yes'}, 1), ({'year_group': '7', 'fsm': 'no'}, 0)]
    """
    everyone = np.ones(len(register.pupils), dtype=bool)
    for chosen in product(*(choices_of(register, column) for column in by)):
        values = dict(zip(by, (value for value, _ in chosen), strict=True))
        yield AskedGroup(values, np.logical_and.reduce([everyone, *(here for _, here in chosen)]))


def attendance_of(
    group: AskedGroup, totals: Mapping[str | None, pd.DataFrame], so_far: pd.DataFrame
) -> dict[str, object]:
    """Return a group's row of ``public_asked``.

    Parameters
    ----------
    group : AskedGroup
        The group and its weekday, if any.
    totals : mapping of str or None to pandas.DataFrame
        Sessions of the period, one row per enrolment: of each weekday, and of all days under None.
    so_far : pandas.DataFrame
        The same of the year to date.

    Examples
    --------
    >>> period = pd.DataFrame({"possible_sessions": [20, 0], "absence_sessions": [2, 0]})  # one of two left before it
    >>> so_far = pd.DataFrame({"possible_sessions": [200, 100]})
    >>> attendance_of(AskedGroup({}, np.array([True, True])), {None: period}, so_far)
    {'enrolments': 2, 'period_enrolments': 1, 'absence_sessions': 2, 'attendance_rate': 0.9}
    """
    held = totals[group.day][group.members]
    possible, missed = int(held["possible_sessions"].sum()), int(held["absence_sessions"].sum())
    return {column_of(column): in_words(column, value) for column, value in group.values.items()} | {
        "enrolments": len(counted(so_far[group.members])),
        "period_enrolments": len(counted(totals[None][group.members])),
        "absence_sessions": missed,
        "attendance_rate": (possible - missed) / possible if possible else float("nan"),
    }


def choices_of(register: Register, column: str) -> list[tuple[object, np.ndarray]]:
    """Return each value of a column, with who has it (boolean, one per enrolment); of weekdays each day, with everyone.

    Raises
    ------
    DisclosureError
        If the pupils file leaves it blank for some: it would be told of nobody what the others add up to.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> register = SimpleNamespace(pupils=pd.DataFrame({"fsm": [True, None, False], "year_group": [7, 8, None]}))
    >>> [(value, members.tolist()) for value, members in choices_of(register, "fsm")]  # blank is not yes
    [(True, [True, False, False]), (False, [False, True, True])]
    >>> choices_of(register, "year_group")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: The pupils file leaves 'year_group' blank for some, so it is not known what ...
    """
    if column == WEEKDAY:
        return [(day, np.ones(len(register.pupils), dtype=bool)) for day in weekdays_of(register)]
    values = register.pupils[column]
    if column in YES_OR_NO:
        has = is_so(values)
        return [(True, has), (False, ~has)]
    if values.isna().any():
        raise DisclosureError(
            f"The pupils file leaves '{column}' blank for some, so it is not known what its groups add up to. Fill it in, or "
            "publish by another."
        )
    return [(value, (values == value).to_numpy(dtype=bool)) for value in sorted(values.unique())]


def weekdays_of(register: Register) -> tuple[str, ...]:
    """Return Monday to Friday, and any other weekday with a session.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05", "2026-11-07"])})  # a Thursday and a Saturday
    >>> weekdays_of(SimpleNamespace(sessions=days))
    ('Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday')
    """
    held = set(register.sessions["date"].dt.day_name())
    return tuple(day for place, day in enumerate(WEEKDAYS) if place < SCHOOL_WEEK or day in held)


def on_weekday(register: Register, day: str | None) -> Register:
    """Return a register's sessions of one weekday; all of them for none."""
    return register.where_sessions(register.sessions["date"].dt.day_name() == day) if day else register


def of_weekdays(register: Register) -> Partition:
    """Return that the sessions of all weekdays are those of a span."""
    return Partition({}, tuple({WEEKDAY: day} for day in weekdays_of(register)))


def column_of(column: str) -> str:
    """Return what a grouping column is called in a table: a year group in words is no number, which other tables have of it.

    Examples
    --------
    >>> column_of("year_group"), column_of("weekday")
    ('year_group_name', 'weekday')
    """
    return "year_group_name" if column == "year_group" else column


def heading_of(column: str) -> str:
    """Return what a grouping column is called.

    Examples
    --------
    >>> heading_of("year_group"), heading_of("weekday")
    ('Year group', 'Weekday')
    """
    return CHARACTERISTICS[column][0] if column in CHARACTERISTICS else column.replace("_", " ").capitalize()


def in_words(column: str, value: object) -> str:
    """Return what a group is called; always in words, for a number would be taken for a count.

    Examples
    --------
    >>> in_words("year_group", 7), in_words("sex", "F"), in_words("fsm", True)
    ('Year 7', 'Female', 'Eligible')
    """
    if column == "year_group":
        return year_name(int(value))
    return str(CHARACTERISTICS.get(column, ("", {}))[1].get(value, value))
