"""What a school's figure may be compared with: England, its local authority, similar schools and its own target.

The daily series is compared with a year to date and the census with a full year, never the other way round.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from attendance_lib.analysis.measures import MEASURES
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.settings.benchmarks import Target, Targets
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.rules.benchmarks import (
    WEEK,
    WHOLE_YEAR,
    YEAR_TO_DATE,
    Benchmark,
    Level,
    Series,
    at_same_point,
    benchmarks,
    england_to_date,
    is_near_point,
)


@dataclass(frozen=True)
class Comparators:
    """Figures of the school's phase and its targets; ``figures`` holds DfE's and those the school entered."""

    phase: str
    figures: tuple[Benchmark, ...]
    targets: Targets = Targets()

    def in_year(self, measure: str, day: date, level: Level = Level.ENGLAND) -> Benchmark | None:
        """Return the figure that may be compared with the school's year to date on a day: of the daily series alone.

        Parameters
        ----------
        measure : str
            A rate's name, such as ``"persistent_absence_rate"``.
        day : datetime.date
            The last day of the school's figure, in any school year.
        level : Level
            England, the local authority or similar schools.

        Returns
        -------
        Benchmark or None
            Nearest to the same point of its school year (see ``rules/benchmarks.py``); its ``label`` says the
            days covered and ``age_beside`` whether it is older. None where there is none of that part of the year: DfE
            publishes no severe absence in the year, and no persistent absence before January. What the school entered
            itself is kept, of whatever part of the year, and labelled as that (see ``is_near_point``).

        Examples
        --------
        >>> england = Comparators("secondary", england_to_date())
        >>> england.in_year("absence_rate", date(2026, 10, 23)).label
        'England, daily data, 8 Sep 2025 to 24 Oct 2025'
        >>> england.in_year("severe_absence_rate", date(2026, 10, 23)) is None
        True
        """
        found = self._about(Series.DAILY, measure, level)
        nearest = at_same_point(
            (each for each in found if each.period == YEAR_TO_DATE or not each.phase), day
        )
        is_told = nearest is not None and (level is not Level.ENGLAND or is_near_point(nearest, day))
        return nearest if is_told else None

    def full_year(self, measure: str, school_year: str, level: Level = Level.ENGLAND) -> Benchmark | None:
        """Return the figure that may be compared with a full school year of the school's: of the census alone.

        Examples
        --------
        >>> Comparators("secondary", benchmarks()).full_year("severe_absence_rate", "202425").percent
        '3.88'
        """
        found = [
            each
            for each in self._about(Series.CENSUS, measure, level)
            if each.school_year == school_year and each.period in WHOLE_YEAR
        ]
        return found[-1] if found else None

    def reasons(self, day: date) -> dict[str, Benchmark]:
        """Return England's rate of absence by code beside a year to date on a day, all of one release, by letter.

        Examples
        --------
        >>> Comparators("secondary", benchmarks()).reasons(date(2026, 10, 23))["I"].label
        'England, daily data, 8 Sep 2025 to 10 Jul 2026'
        """
        codes = [
            each
            for each in self.figures
            if (each.characteristic, each.phase, each.level) == ("code", self.phase, Level.ENGLAND)
            and each.period == YEAR_TO_DATE
        ]
        chosen = at_same_point((each for each in codes if each.value == "I"), day)
        release = chosen and (chosen.school_year, chosen.ends)
        return {each.value: each for each in codes if (each.school_year, each.ends) == release}

    def target(self, measure: str) -> Target | None:
        """Return the school's own target of a measure; None where it set none."""
        return self.targets.by_measure().get(measure)

    def england_weeks(self) -> pd.DataFrame:
        """Return England's attendance week by week, from the weekly files that the school put by.

        Returns
        -------
        pandas.DataFrame
            One row per week, ascending: ``week_beginning`` (a Monday) and ``attendance_rate`` (a fraction), as
            ``weekly_gap`` of ``analysis/impact/whole_school.py`` wants them. Of a week given twice the newer file holds.

        Examples
        --------
        >>> england = next(each for each in england_to_date() if (each.phase, each.measure) == ("secondary", "attendance_rate"))
        >>> week, said = {"period": WEEK, "first_date": date(2026, 9, 7)}, (("92.4", 24), ("92.0", 17))  # two files
        >>> files = (replace(england, **week, percent=percent, published=date(2026, 9, day)) for percent, day in said)
        >>> Comparators("secondary", tuple(files)).england_weeks()["attendance_rate"].tolist()
        [0.924]
        """
        weeks = [
            each
            for each in self._about(Series.DAILY, "attendance_rate", Level.ENGLAND)
            if each.period == WEEK
        ]
        newest = {
            each.first_date: each.rate for each in sorted(weeks, key=lambda each: each.published or date.min)
        }
        in_order = sorted(newest.items())
        table = pd.DataFrame(in_order, columns=["week_beginning", "attendance_rate"])
        return table.astype({"week_beginning": "datetime64[s]", "attendance_rate": "float64"})

    def _about(self, series: Series, measure: str, level: Level) -> list[Benchmark]:
        """Return the figures for everyone of a series, a measure and a level, of the school's phase or of none in particular."""
        wanted = (series, measure, level, "")
        return [
            each
            for each in self.figures
            if (each.series, each.measure, each.level, each.characteristic) == wanted
            and each.phase in (self.phase, "")
        ]


def comparators_of(school: School) -> Comparators:
    """Return what a school's figures may be compared with, from the project, from DfE's newer files and from the school file."""
    settings = school.settings
    return Comparators(settings.school.phase, known_figures(school.benchmarks), settings.benchmarks.targets)


def known_figures(more: Iterable[Benchmark]) -> tuple[Benchmark, ...]:
    """Return the project's figures and further ones.

    The year to date of the project's table of whole years is the last release of England's year to date, so it is
    left out where that table has the measure, and kept where it has not (2022/23, approved activity).
    """
    to_date = england_to_date()
    held = {(each.phase, each.measure, each.school_year) for each in to_date}
    others = [
        each
        for each in benchmarks()
        if each.period != YEAR_TO_DATE or (each.phase, each.measure, each.school_year) not in held
    ]
    return (*others, *to_date, *more)


@derived
def beside_of(pack: Pack) -> Comparators:
    """Return what may be compared with a pack's headline: of others nothing unless it counts whom DfE counts; its targets."""
    found = comparators_of(pack.school)
    return found if pack.whom.is_beside_england else replace(found, figures=())


@derived
def england_of(pack: Pack) -> dict[str, Benchmark]:
    """Return England's figure of each headline measure that may be compared with the year to date, where DfE publishes one."""
    found = {measure: beside_of(pack).in_year(measure, pack.date_to) for measure in MEASURES}
    return {measure: figure for measure, figure in found.items() if figure}
