"""One object for whoever has a question that nobody planned: a school, counted by anything about its pupils and its days."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import flag_absence, with_rates
from attendance_lib.display import Chart, Document, Table
from attendance_lib.display.asked import asked_table
from attendance_lib.display.charts import asked_chart
from attendance_lib.display.format import format_count, format_date
from attendance_lib.display.notebook import payloads_of
from attendance_lib.errors import RequestError, SettingsError, counted, nearest, quoted
from attendance_lib.intake import school_store
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.intake.settings.school_file import load_cohorts
from attendance_lib.pack.cohorts import BASES, Selection
from attendance_lib.pack.opening import (
    PACKS,
    cells_run,
    find_file,
    found_or_not,
    iso_date,
    known_cohort,
    refuse_unknown_parameters,
    store_near,
)
from attendance_lib.pack.pack import selection_that_counts
from attendance_lib.register.build import build_register
from attendance_lib.register.grid import NOT_ON_ROLL, Register
from attendance_lib.register.groups import NOT_RECORDED
from attendance_lib.register.tally import count_codes, tally
from attendance_lib.reports.names import school_folder
from attendance_lib.reports.papers import PAPERS
from attendance_lib.reports.receipt import packs_in, read_receipt
from attendance_lib.rules.codes import Category

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# What a session can be grouped by, in the order in which they are listed; those of one year are distinguished from another's.
OVER = (
    *(
        "school_year",
        "term",
        "half_term",
        "half_term_of_year",
        "month",
        "week_beginning",
        "school_week",
        "week_label",
    ),
    *("date", "weekday", "session"),
)
HOW_IT_COUNTS = {category.value: category.name.lower().replace("_", " ") for category in Category}
ENROLMENT = "enrolment"
# Of these, and of a column with more values than FEW_VALUES, none is shown: they tell who a pupil is.
IDENTIFYING = {"pupil_id", "upn", "surname", "forename", "date_of_birth", "family_id"}
FEW_VALUES = 40

Where = Mapping[str, object]


class Counted(pd.DataFrame):
    """A table that says below itself what it counts; what is worked out of it is a plain table."""

    _metadata = ["about"]  # the name and form that pandas asks for

    @property
    def _constructor(self) -> type[pd.DataFrame]:
        return pd.DataFrame

    def __repr__(self) -> str:
        return f"{super().__repr__()}\n{self.about}"

    def _repr_html_(self) -> str:
        return f"{pd.DataFrame(self)._repr_html_()}<p>{escape(self.about)}</p>"

    def __getitem__(self, key: object) -> object:
        try:
            return super().__getitem__(key)
        except KeyError:
            unknown = [name for name in as_list(key) if name not in self.columns]
            if not unknown:
                raise
            said = f"There is no column {quoted(unknown[0])} here. {nearest(unknown[0], self.columns)}"
        raise KeyError(said)


def counted_as(frame: pd.DataFrame, about: str) -> Counted:
    """Return a table (its rows and columns as they are, of whatever days) that says what it counts.

    Examples
    --------
    >>> print(counted_as(pd.DataFrame({"form": ["7A"], "sessions": [12]}), "Counts sessions of Larkmoor."))
      form  sessions
    0   7A        12
    Counts sessions of Larkmoor.
    """
    told = Counted(frame)
    told.about = about
    return told


def open_school(
    school_file: str = "params/demo.yml",
    cohort: str = "all",
    date_from: str = "",
    date_to: str = "",
    *,
    cohorts_file: str = "params/cohorts.yml",
) -> "OpenSchool":
    """Open a school for whatever anyone wants to know of it.

    Parameters
    ----------
    school_file : str
        The school file, looked for in the working folder and those above it.
    cohort : str
        A name in the file of cohorts: whom every figure counts.
    date_from, date_to : str
        The first and last day counted (ISO dates), as a paper has them; empty for all that the exports hold.
    cohorts_file : str
        The file of cohorts, looked for likewise.

    Returns
    -------
    OpenSchool
        With every school year that its exports hold, or that lies between those days.

    Raises
    ------
    SettingsError
        If a file, cohort, day or parameter is not known, or no session lies between the days.
    InputError
        If the exports are refused.

    Examples
    --------
    >>> school = open_school("params/demo.yml")  # doctest: +SKIP
    >>> school.attendance(by="year_group", over="half_term")  # doctest: +SKIP
    """
    refuse_unknown_parameters(cells_run())
    path = find_file(school_file)
    near = path.resolve().parents
    chosen = known_cohort(load_cohorts(find_file(cohorts_file, near)), cohort)
    school = school_store.open_school(load_settings(path), store_near(near))
    whole = build_register(school.pupils, school.marks, school.calendar).register
    first = iso_date(date_from, "date_from") if date_from else whole.first_date
    last = iso_date(date_to, "date_to") if date_to else whole.last_date
    register = whole.between(first, last)
    if register.sessions.empty:
        raise SettingsError(
            f"The exports hold no session from {first} to {last}. Their days are {whole.first_date} to {whole.last_date}."
        )
    wanted = Selection(chosen.basis, chosen.where)
    counts = selection_that_counts(wanted, whole.year_to_date(register.last_date))
    return OpenSchool(path, school, register, counts, chosen.title)


@dataclass(frozen=True, repr=False)
class OpenSchool:
    """A school's register, asked in one line. Every figure is a count of sessions; rates are made last.

    ``by`` names what to group by, of pupils, of sessions or of both; ``over`` one more, of sessions, that the result runs along.
    ``where`` keeps what has a value, or one of several: ``{"year_group": 9, "weekday": ["Monday", "Friday"]}``. ``columns``
    lists all that may be named.
    """

    school_file: Path
    school: School
    register: Register
    selection: Selection
    whom: str = "Whole school"

    def masthead(self, title: str, reader: str) -> Document:
        """Return what heads a paper of the school's own: its title, the days counted, and how it must be kept."""
        return Document.of(
            self.school.settings.school,
            (self.register.first_date, self.register.last_date),
            title=title,
            cohort=self.whom,
            audience=f"For {reader}",
            confidentiality=f"Confidential: personal data. For {reader}; do not copy, forward or leave on view.",
        )

    @cached_property
    def years(self) -> tuple[Register, ...]:
        """The register of each school year, of those whom the headline counts, with each pupil's year group as it was then."""
        numbered = self.register.pupils.assign(**{ENROLMENT: np.arange(len(self.register.pupils))})
        whole = replace(self.register, pupils=numbered)
        years = pd.unique(whole.sessions["school_year"])
        chosen = (self.selection.of(whole.in_school_year(year)) for year in years)
        # A year holds those on its roll alone: who came later was of no year group of the school's then.
        return tuple(
            with_days_named(year.where_pupils((year.codes != NOT_ON_ROLL).any(axis=1))) for year in chosen
        )

    @cached_property
    def columns(self) -> pd.DataFrame:
        """What pupils and sessions can be grouped and chosen by: one row a column, with whose it is and values it holds.

        Of columns in which most pupils differ, such as names, no value is shown.
        """
        rows = [
            (name, whose, values_in_words(pd.concat([side(year)[name] for year in self.years])))
            for whose, side in (
                ("pupils", lambda year: year.pupils),
                ("sessions", lambda year: year.sessions),
            )
            for name in self._names[whose]
        ]
        return pd.DataFrame(rows, columns=["column", "of", "values"])

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        last = self.years[-1]
        return {
            "pupils": [name for name in last.pupils if name != ENROLMENT],
            "sessions": list(OVER),
        }

    def attendance(self, by: str | Sequence[str] = (), where: Where | None = None, over: str = "") -> Counted:
        """Count sessions and make the rates of them.

        Parameters
        ----------
        by : str or sequence of str
            Columns of pupils or sessions to group by.
        where : mapping of str to object
            Values to keep, by column.
        over : str
            A column of sessions that the result runs along, such as ``"half_term"``.

        Returns
        -------
        pandas.DataFrame
            One row a group in which anything was possible or missing, in order: the grouping columns, ``enrolments`` with a
            possible session, counts in sessions (``*_sessions``) and fractions of the possible ones (``*_rate``).

        Raises
        ------
        SettingsError
            If a column or value is not known; the nearest one is named.
        """
        names = self._asked(by, over)
        rows = self._by_enrolment(names, tally, where)
        counts = [name for name in rows if name.endswith("_sessions")]
        rows["enrolments"] = np.where(rows["possible_sessions"] > 0, rows[ENROLMENT], np.nan)
        summed = added_up(rows, names, {"enrolments": "nunique", **dict.fromkeys(counts, "sum")})
        held = summed[(summed["possible_sessions"] > 0) | (summed["missing_sessions"] > 0)]
        return self._counted(with_rates(held.reset_index(drop=True)), where)

    def codes(self, by: str | Sequence[str] = (), where: Where | None = None, over: str = "") -> Counted:
        """Count sessions by code.

        Parameters
        ----------
        by, where, over
            As in ``attendance``.

        Returns
        -------
        pandas.DataFrame
            One row a group and code that occurs: the grouping columns, ``code``, ``counts_as`` (how it counts on its days, in
            words) and ``sessions``.

        Raises
        ------
        SettingsError
            If a column or value is not known.
        """
        names = self._asked(by, over)
        rows = self._by_enrolment(names, count_codes, where)
        rows["counts_as"] = rows["category"].map(HOW_IT_COUNTS)
        return self._counted(added_up(rows, [*names, "code", "counts_as"], {"sessions": "sum"}), where)

    def pupils(self, where: Where | None = None, also: str | Sequence[str] = ()) -> Counted:
        """Return each enrolment's counts, rates and flags of the last school year, or of the ``school_year`` in ``where``.

        Parameters
        ----------
        where : mapping of str to object
            As in ``attendance``.
        also : str or sequence of str
            Further columns of pupils to show.

        Returns
        -------
        pandas.DataFrame
            One row an enrolment with a possible session, most missed first.

        Raises
        ------
        SettingsError
            If a column or value is not known.
        """
        chosen = {"school_year": self.years[-1].sessions["school_year"].iloc[0]} | dict(where or {})
        shown = dict.fromkeys(["pupil_id", "surname", "forename", "year_group", "form", *as_list(also)])
        frame = self.attendance([ENROLMENT, *shown], chosen)
        flagged = flag_absence(pd.DataFrame(frame)).drop(columns=[ENROLMENT, "enrolments"])
        listed = flagged[flagged["possible_sessions"] > 0].sort_values(
            ["absence_rate", "pupil_id"], ascending=[False, True], kind="stable", ignore_index=True
        )
        return self._counted(listed, chosen)

    def compare(
        self, by: str | Sequence[str] = (), where: Where | None = None, against: Where | None = None
    ) -> Counted:
        """Set attendance beside that of others, the most below them first.

        Parameters
        ----------
        by : str or sequence of str
            Columns to group by.
        where : mapping of str to object
            Whose attendance, as in ``attendance``.
        against : mapping of str to object
            What differs for the others: ``where={"weekday": "Monday"}, against={"weekday": ["Tuesday", "Friday"]}``.

        Returns
        -------
        pandas.DataFrame
            One row a group: the grouping columns, sessions possible, attended and the rate of both sides, and
            ``difference_rate`` (fractions; times 100 are percentage points). No test of chance: small groups differ by it.

        Raises
        ------
        SettingsError
            If a column or value is not known, or ``against`` names nothing.
        """
        if not against:
            raise SettingsError(
                f"compare needs against: what differs for the others, as in against={{'weekday': 'Tuesday'}}, not {against!r}."
            )
        names = self._asked(by, "")
        kept = [*names, "enrolments", "possible_sessions", "attended_sessions", "attendance_rate"]
        own = pd.DataFrame(self.attendance(names, where))[kept]
        others = pd.DataFrame(self.attendance(names, {**(where or {}), **against}))[kept]
        beside = (
            own.merge(others, on=names, how="outer", suffixes=("", "_against"))
            if names
            else own.join(others, rsuffix="_against")
        )
        beside["difference_rate"] = beside["attendance_rate"] - beside["attendance_rate_against"]
        ordered = beside.sort_values(["difference_rate", *names], kind="stable", ignore_index=True)
        told = f"{self._about(where)} Against: {in_words({**(where or {}), **against})}."
        return counted_as(ordered, told)

    def table(self, name: str, title: str, frame: pd.DataFrame) -> Table:
        """Return a result as a table of a paper: on the page, in the workbook and as CSV.

        Parameters
        ----------
        name, title : str
            What files and readers call it.
        frame : pandas.DataFrame
            What this object returned, or whatever was worked out of it: any columns, in sessions or as fractions.

        Raises
        ------
        SettingsError
            If no file could bear the name.
        """
        return asked_table(name, title, frame, getattr(frame, "about", ""), IDENTIFYING)

    def plot(
        self,
        by: str | Sequence[str] = (),
        where: Where | None = None,
        over: str = "",
        figure: str = "attendance_rate",
        name: str = "asked",
        title: str = "",
    ) -> Chart:
        """Draw a figure of ``attendance`` in the house's style: lines along ``over``, else a bar a group.

        Parameters
        ----------
        by, where, over
            As in ``attendance``; at most six lines can be distinguished.
        figure : str
            A column of its result: a rate or a count.
        name, title : str
            What files and readers call it; another name for each chart of a paper. The figure's name by default.

        Returns
        -------
        Chart
            With its text alternative and the table that it was drawn from.

        Raises
        ------
        SettingsError
            If a column, value or figure is not known, or there would be more than six lines.
        """
        frame = self.attendance(by, where, over)
        if figure not in frame.columns:
            raise SettingsError(f"There is no figure {quoted(figure)}. {nearest(figure, frame.columns)}")
        names = self._asked(by, over)
        shown = pd.DataFrame(frame)[list(dict.fromkeys([*names, "enrolments", figure]))]
        headed = title or figure.replace("_", " ").capitalize()
        return asked_chart(asked_table(name, headed, shown, frame.about, IDENTIFYING), names, over)

    def paper(self, report: str) -> "PaperMade":
        """Return the newest pack of a paper of this school: its ``tables`` as data frames and its ``charts``, by name.

        Raises
        ------
        RequestError
            If none was made, and the command is named; or if there is no such paper, and the nearest one is named.
        """
        near = self.school_file.resolve().parents
        folder = school_folder(found_or_not(PACKS, near), self.school.settings.school.name_and_urn) / report
        made = {pack: read_receipt(pack) for pack in packs_in(folder)}
        known = [*PAPERS, *self._own_papers()]
        if not made and report not in known:
            raise RequestError(f"There is no paper {quoted(report)}. {nearest(report, known)}")
        if not made:
            raise RequestError(
                f"There is no pack of {quoted(report)} yet. Make it with: attendance run {report} --school {self.school_file}"
            )
        newest = max(
            made, key=lambda pack: (made[pack].date_to, str(made[pack].times.get("ended", "")), pack.name)
        )
        return PaperMade(newest)

    def _own_papers(self) -> list[str]:
        own = self.school.settings.own_folder
        return sorted(each.stem for each in own.glob("*.ipynb")) if own else []

    def _asked(self, by: str | Sequence[str], over: str) -> list[str]:
        names = list(dict.fromkeys([*as_list(by), *as_list(over)]))
        for name in names:
            self._check_column(name)
        if over and over not in self._names["sessions"]:
            raise SettingsError(
                f"over={quoted(over)} is a column of pupils. Name it in by, and in over one of: {', '.join(OVER)}."
            )
        return names

    def _check_column(self, name: str) -> None:
        known = [*self._names["pupils"], *self._names["sessions"], ENROLMENT]
        if name not in known:
            raise SettingsError(
                f"There is no column {quoted(name)} of pupils or sessions. {nearest(name, known[:-1])}"
            )

    def _by_enrolment(
        self, names: list[str], count: Callable[..., pd.DataFrame], where: Where | None
    ) -> pd.DataFrame:
        """Return each year's counts of each enrolment by what was asked, of what ``where`` keeps, one year below the other."""
        kept = self._kept(where or {})
        known = self.years[-1].pupils
        of_pupils = [name for name in names if name in known]
        of_sessions = [name for name in names if name not in known]
        by_pupil = list(dict.fromkeys([ENROLMENT, *of_pupils]))
        return pd.concat(
            [count(keeping(year, kept), by_pupil, of_sessions) for year in self.years], ignore_index=True
        )

    def _kept(self, where: Where) -> dict[str, list]:
        """Return the values to keep of each column as a list, once it is known that the years hold them."""
        kept = {column: as_list(wanted) for column, wanted in where.items()}
        for column, values in kept.items():
            self._check_column(column)
            self._check_values(column, values)
        return kept

    def _check_values(self, column: str, values: list) -> None:
        held = [(year.pupils if column in year.pupils else year.sessions)[column] for year in self.years]
        known = set(pd.concat(held).dropna().tolist())
        for value in values:
            if value not in known:
                raise SettingsError(f"No {column} is {quoted(value)}. {nearest(str(value), in_order(known))}")

    def _counted(self, frame: pd.DataFrame, where: Where | None) -> Counted:
        return counted_as(frame, self._about(where))

    def _about(self, where: Where | None) -> str:
        first, last = self.years[0].first_date, self.years[-1].last_date
        what = in_words(where) if where else "all"
        return (
            f"Counts sessions of {self.school.settings.school.name}, {format_date(first)} to {format_date(last)}, {what}. "
            f"{BASES[self.selection.basis]}. Year groups are those of each school year; all else about pupils is as the "
            "pupils file has it now."
        )

    def _repr_html_(self) -> str:
        columns = "".join(f"<li>{whose}: {', '.join(names)}</li>" for whose, names in self._names.items())
        return f"<p>{escape(str(self))}</p><ul>{columns}</ul>"

    def __repr__(self) -> str:
        """Say which school it is, how much it holds and what to ask; never anything of a pupil."""
        return (
            f"{self.school.settings.school.name}: {counted(len(self.years), 'school year', 'school years')} to "
            f"{format_date(self.register.last_date)}, {format_count(len(self.register.sessions), 'session')}; "
            f"{format_count(len(self.years[-1].pupils), 'enrolment')} in the last year. {BASES[self.selection.basis]}. "
            "Ask attendance, codes, pupils, compare, plot or paper; .columns lists what to group by."
        )


class ByName(dict):
    """What a pack holds of a kind, by name; another name is refused with the nearest one."""

    def __init__(self, kind: str, held: Mapping[str, object]) -> None:
        super().__init__(held)
        self.kind = kind

    def __missing__(self, name: str) -> object:
        raise RequestError(
            f"There is no {self.kind} {quoted(name)}. {nearest(name, self) if self else 'It has none.'}"
        )


@dataclass(frozen=True)
class PaperMade:
    """A pack that was made: every table and chart of its paper, by name."""

    folder: Path

    @cached_property
    def _payloads(self) -> list[dict]:
        report = read_receipt(self.folder).report
        return payloads_of(nbformat.read(self.folder / f"{report}.ipynb", as_version=4))

    def _of_type(self, name: str) -> list[dict]:
        return [each for each in self._payloads if each["type"] == name]

    @cached_property
    def tables(self) -> dict[str, Counted]:
        """Its tables, whole, with the names that the CSV files have; below each its title and note."""
        drawn_from = [each["table"] for each in self._of_type("chart") if each["table"]]
        tables = [*self._of_type("table"), *drawn_from]
        return ByName(
            "table",
            {
                each["name"]: counted_as(
                    pd.DataFrame(each["rows"], columns=[column["name"] for column in each["columns"]]),
                    ". ".join(filter(None, [each["title"], each["note"]])),
                )
                for each in tables
            },
        )

    @cached_property
    def charts(self) -> dict[str, Chart]:
        """Its charts."""
        return ByName(
            "chart",
            {
                each["name"]: Chart(
                    each["name"], each["title"], each["svg"], each["alt"], narrow=each["narrow"]
                )
                for each in self._of_type("chart")
            },
        )

    def __repr__(self) -> str:
        """Name the pack and what it holds; never a row of it."""
        return f"{self.folder.parent.name} {self.folder.name}: tables {', '.join(self.tables)}; charts {', '.join(self.charts)}"


# Columns of the days, values in order and in words


def with_days_named(register: Register) -> Register:
    """Return a register whose sessions can be grouped by weekday, month and half term of the year, too."""
    sessions = register.sessions
    names = sessions["half_term"].str.partition("-")[2].str.replace("-", " ").str.capitalize()
    return replace(
        register,
        sessions=sessions.assign(
            school_year=[school_year_in_words(year) for year in sessions["school_year"]],
            weekday=pd.Categorical(sessions["date"].dt.day_name(), WEEKDAYS, ordered=True),
            month=sessions["date"].dt.strftime("%Y-%m"),
            half_term_of_year=names,
        ),
    )


def keeping(year: Register, kept: Mapping[str, list]) -> Register:
    """Return the enrolments and sessions of a year that hold one of the values kept of each column."""
    for column, values in kept.items():
        is_of_pupils = column in year.pupils
        keep = (year.pupils if is_of_pupils else year.sessions)[column].isin(values).to_numpy(dtype=bool)
        year = year.where_pupils(keep) if is_of_pupils else year.where_sessions(keep)
    return year


def school_year_in_words(year: str) -> str:
    """Return a school year as people write it.

    Examples
    --------
    >>> school_year_in_words("202627")
    '2026/27'
    """
    return f"{year[:4]}/{year[4:]}"


def as_list(value: object) -> list:
    """Return what was given as a list: a single value, also an empty text for none, or several.

    Examples
    --------
    >>> as_list("form"), as_list(""), as_list((7, 8)), as_list(True)
    (['form'], [], [7, 8], [True])
    """
    if isinstance(value, str):
        return [value] if value else []
    return list(value) if isinstance(value, Iterable) else [value]


def in_order(values: Iterable[object]) -> list:
    """Return values in their own order: weekdays as they follow one another, numbers as numbers, what is not recorded last.

    Examples
    --------
    >>> in_order(["Friday", "Monday"]), in_order([10, "Not recorded", 9])
    (['Monday', 'Friday'], [9, 10, 'Not recorded'])
    """
    found = set(values)
    if found <= set(WEEKDAYS):
        return [day for day in WEEKDAYS if day in found]
    known = sorted(found - {NOT_RECORDED})
    return [*known, *(found & {NOT_RECORDED})]


def added_up(rows: pd.DataFrame, names: Sequence[str], how: Mapping[str, str]) -> pd.DataFrame:
    """Add rows (of sessions) up by some columns, groups in the order of their values; all together where no column is named.

    Examples
    --------
    >>> rows = pd.DataFrame({"weekday": ["Monday", "Friday", "Monday"], "absence_sessions": [1, 2, 3]})
    >>> added_up(rows, ["weekday"], {"absence_sessions": "sum"})["absence_sessions"].tolist()
    [4, 2]
    """
    if not names:
        return rows.agg(how).to_frame().T.astype(dict.fromkeys(how, "int64"))
    placed = rows.assign(
        **{
            name: pd.Categorical(rows[name].astype(object), in_order(rows[name].unique()), ordered=True)
            for name in names
        }
    )
    summed = placed.groupby(list(names), observed=True, as_index=False).agg(how)
    plain = {name: summed[name].astype(object).infer_objects() for name in names if name != "weekday"}
    return summed.assign(**plain)


def values_in_words(values: pd.Series) -> str:
    """Return the values of a column, for whoever wonders what to write; of one that tells who a pupil is only how many.

    Examples
    --------
    >>> values_in_words(pd.Series(["Year 8", "Year 7", "Year 8"], name="year_group"))
    'Year 7, Year 8'
    >>> values_in_words(pd.Series(pd.to_datetime(["2026-11-09", "2026-11-20"]), name="date"))
    '9 November 2026 to 20 November 2026'
    """
    known = values.dropna().unique()
    if pd.api.types.is_datetime64_any_dtype(values) and len(known) and values.name not in IDENTIFYING:
        return f"{format_date(known.min())} to {format_date(known.max())}"
    if values.name in IDENTIFYING or len(known) > FEW_VALUES:
        return f"{len(known)} different ones"
    return ", ".join(map(str, in_order(known)))


def in_words(where: Where) -> str:
    """Return what is kept, in words.

    Examples
    --------
    >>> in_words({"year_group": 9, "weekday": ["Monday", "Friday"]})
    'year group 9, weekday Monday or Friday'
    """
    return ", ".join(
        f"{column.replace('_', ' ')} {' or '.join(map(str, as_list(wanted)))}"
        for column, wanted in where.items()
    )
