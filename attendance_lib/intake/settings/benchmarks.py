"""The part of the school file about comparison: where newer DfE files lie, figures the school enters, its targets."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from attendance_lib.intake.settings.yaml import Key, Many, Settled, Text, says
from attendance_lib.rules.benchmarks import YEAR_TO_DATE, Benchmark, Level, Series
from attendance_lib.rules.calendar import school_year_of

# What a school calls a measure, and the name it has everywhere else.
MEASURES = {
    "attendance": "attendance_rate",
    "overall_absence": "absence_rate",
    "authorised_absence": "authorised_absence_rate",
    "unauthorised_absence": "unauthorised_absence_rate",
    "persistent_absence": "persistent_absence_rate",
    "severe_absence": "severe_absence_rate",
    "late": "late_rate",
}
ABIE = "abie"
AREAS = {Level.LOCAL_AUTHORITY: "Local authority", Level.SIMILAR_SCHOOLS: "Similar schools"}
# As DfE writes them: the nine characters of a new code, or the three digits of an old one.
LA_CODE = r"^(E[0-9]{8}|[0-9]{3})$"

MeasureName = Literal[
    "attendance",
    "overall_absence",
    "authorised_absence",
    "unauthorised_absence",
    "persistent_absence",
    "severe_absence",
    "late",
]
Percent = Annotated[float, Field(ge=0, le=100)]


def _path_alone(written: object) -> object:
    """Accept a path alone in place of a set of keys."""
    return {"path": written} if isinstance(written, str) else written


class DfeFile(Settled):
    """Where DfE's files lie: a file, a pattern or a folder, relative to the school file.

    ``published`` is the day DfE published it, for one file whose name does not hold it; ``first_date`` and
    ``last_date`` are the days a file of the year to date covers, which are not in the file itself.
    """

    path: Text = says("The file, pattern or folder, relative to this file")
    published: date | None = says("The day DfE published it, if its name does not hold it", None)
    first_date: date | None = says("First day that a file of the year to date covers", None)
    last_date: date | None = says("Last day that it covers", None)


DfeFiles = Annotated[DfeFile, BeforeValidator(_path_alone)]


class EnteredFigure(Settled):
    """A figure that the school copies from elsewhere, in per cent, with what it covers and its source."""

    measure: MeasureName = says("What is measured")
    percent: Percent = says("The figure, in per cent")
    series: Literal["daily", "census"] = says("Daily attendance data, or the census that comes later")
    period: Literal[
        "autumn term", "spring term", "summer term", "autumn and spring terms", "year to date", "full year"
    ] = says("What it covers")
    last_date: date = says("Last day that it covers")
    source: Text = says("Where it was copied from; printed beside the figure")

    @model_validator(mode="after")
    def _check(self) -> Self:
        refuse_fraction(self.measure, self.percent)
        if self.series == Series.CENSUS and self.period == YEAR_TO_DATE:
            raise ValueError(
                'has series census and period "year to date", but the census covers whole terms or years'
            )
        return self


class Target(Settled):
    """What the school means to reach, in per cent, by when and where that was agreed."""

    percent: Percent = says("The figure to reach, in per cent")
    by: date | None = says("By when", None)
    source: Text = says("Where it was agreed; printed beside the figure")


class Targets(Settled):
    """The school's targets; ``abie`` is DfE's attendance baseline improvement expectation for the school."""

    attendance: Target | None = says("Attendance rate", None)
    overall_absence: Target | None = says("Absence rate", None)
    authorised_absence: Target | None = says("Authorised absence rate", None)
    unauthorised_absence: Target | None = says("Unauthorised absence rate", None)
    persistent_absence: Target | None = says("Pupils persistently absent", None)
    severe_absence: Target | None = says("Pupils severely absent", None)
    late: Target | None = says("Sessions to which pupils came late", None)
    abie: Target | None = says("DfE's attendance baseline improvement expectation; not for a website", None)

    @model_validator(mode="after")
    def _check(self) -> Self:
        for name in ("attendance", ABIE):
            target = getattr(self, name)
            if target:
                refuse_fraction("attendance", target.percent)
        return self

    def by_measure(self) -> dict[str, Target]:
        """Return the targets that are set, by the measure's name elsewhere; the ABIE is not among them.

        Examples
        --------
        >>> figure = {"percent": 96.0, "source": "governors, 5 October"}
        >>> list(Targets.model_validate({"attendance": figure, "abie": figure}).by_measure())
        ['attendance_rate']
        """
        return {name: getattr(self, own) for own, name in MEASURES.items() if getattr(self, own)}


class BenchmarkSettings(Settled):
    """What the school's figures are compared with, besides what the project holds of DfE's figures."""

    dfe_file: DfeFiles | None = says("Folder for newer files of DfE's (EES_ytd_data_<day>.csv)", None)
    dfe_weekly_file: DfeFiles | None = says("Folder or pattern of DfE's weekly files", None)
    la_code: Annotated[str, StringConstraints(pattern=LA_CODE)] | None = says(
        "The local authority's code, whose rows of DfE's files are read too", None
    )
    local_authority: Many[EnteredFigure] = says("Figures copied from the local authority", ())
    similar_schools: Many[EnteredFigure] = says("Figures copied from DfE's report on similar schools", ())
    targets: Targets = says("What the school means to reach", Targets())

    def typed(self) -> Iterator[tuple[Key, str]]:
        """Yield the key and the source of each figure that somebody typed.

        Examples
        --------
        >>> target = {"percent": 95, "source": "letter of 1 October"}
        >>> list(BenchmarkSettings.model_validate({"targets": {"abie": target}}).typed())
        [(('targets', 'abie', 'source'), 'letter of 1 October')]
        """
        for level in AREAS:
            for number, figure in enumerate(getattr(self, level.value)):
                yield (level.value, number, "source"), figure.source
        for name in Targets.model_fields:
            target = getattr(self.targets, name)
            if target:
                yield ("targets", name, "source"), target.source

    def entered(self) -> Iterator[Benchmark]:
        """Yield the figures that the school entered, as those of DfE are held.

        Examples
        --------
        >>> figure = {"measure": "late", "percent": 2.5, "series": "daily", "period": "year to date", "source": "letter"}
        >>> settings = BenchmarkSettings.model_validate({"similar_schools": [figure | {"last_date": date(2026, 7, 17)}]})
        >>> [(each.area, each.measure, each.percent) for each in settings.entered()]
        [('Similar schools', 'late_rate', '2.5')]
        """
        for level, area in AREAS.items():
            for figure in getattr(self, level.value):
                yield benchmark_of(figure, level, area)


def benchmark_of(figure: EnteredFigure, level: Level, area: str) -> Benchmark:
    """Return an entered figure as a benchmark; it is of the school's own phase, so of none in particular.

    Examples
    --------
    >>> figure = EnteredFigure(
    ...     measure="late", percent=2.5, series="daily", period="year to date", last_date=date(2026, 7, 17), source="letter"
    ... )
    >>> own = benchmark_of(figure, Level.LOCAL_AUTHORITY, "Local authority")
    >>> own.measure, own.school_year, own.last_date == figure.last_date
    ('late_rate', '202526', True)
    """
    return Benchmark(
        Series(figure.series), "", "", "", MEASURES[figure.measure], school_year_of(figure.last_date), figure.period,
        None, figure.last_date, str(figure.percent), figure.source, None, level, area,
    )  # fmt: skip


def refuse_fraction(measure: str, percent: float) -> None:
    """Refuse an attendance under 1 per cent, which is a fraction written for a percentage.

    Raises
    ------
    ValueError
        With what to write instead.

    Examples
    --------
    >>> refuse_fraction("attendance", 93.4)
    >>> refuse_fraction("attendance", 0.934)
    Traceback (most recent call last):
    ValueError: has an attendance of 0.934 per cent, which looks like a fraction. Write 93.4
    """
    if measure == "attendance" and 0 < percent <= 1:
        raise ValueError(
            f"has an attendance of {percent} per cent, which looks like a fraction. Write {100 * percent:g}"
        )
