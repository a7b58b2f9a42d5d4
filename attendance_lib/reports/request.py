"""What is asked for (RunRequest), and the same once every part of it has been checked (Job)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import RequestError, SettingsError, nearest
from attendance_lib.reports.folder import PackPlace
from attendance_lib.reports.names import WHOLE_SCHOOL, pack_name, report_folder
from attendance_lib.reports.papers import PAPERS, MadeBy, Paper, paper_of
from attendance_lib.reports.parameters import (
    EARLIER,
    check_parameters,
    earlier_parameter,
    inspected,
    own_defaults,
    read_values,
)
from attendance_lib.reports.period import Period, check_period, settle_period
from attendance_lib.reports.project import Project

if TYPE_CHECKING:
    import pandas as pd

    from attendance_lib.intake.settings.school_file import Settings
    from attendance_lib.rules.calendar import SchoolCalendar


@dataclass(frozen=True)
class RunRequest:
    """One report to make. Dates left out are settled from the calendar and the last register taken.

    ``earlier`` is what the report reads of earlier ones as its receipt has it (the casebook at a revision, or the records of
    all that was published, relative to the project); None looks for it and "" does without. ``values`` are of parameters
    that the notebook declares beyond the common ones; those left out are as the notebook has them. ``marks_to`` is a day
    that the marks must reach. ``given`` are folders of published packs, or their records, that are no longer where they were
    made.
    """

    report: str
    project: Project
    school_file: Path
    out: Path
    date_from: date | None = None
    date_to: date | None = None
    cohort: str = WHOLE_SCHOOL
    cohorts_file: Path | None = None
    earlier: str | None = None
    replace: bool = False
    values: Mapping[str, object] = field(default_factory=dict)
    marks_to: date | None = None
    given: tuple[Path, ...] = ()

    @cached_property
    def paper(self) -> Paper:
        """What sets its report apart."""
        is_declared = self.report in PAPERS
        return paper_of(self.report, () if is_declared else inspected(self.project.notebook(self.report)))

    @property
    def cohorts(self) -> Path:
        """The file of named cohorts: the one given, or the project's own.

        Examples
        --------
        >>> RunRequest("impact", Project(Path("office")), Path("school.yml"), Path("packs")).cohorts.as_posix()
        'office/params/cohorts.yml'
        """
        return self.cohorts_file or self.project.params / "cohorts.yml"


@dataclass(frozen=True)
class Job:
    """A request that has passed every check: nothing but the casebook and the notebook itself can refuse it now.

    ``logs`` are the school's logs that staff also write in packs, by name, None where it exports none; ``missing_percent`` are
    the marks missing of those due in the period, 0 where they are within the limit.
    """

    request: RunRequest
    settings: "Settings"
    period: Period
    parameters: dict[str, object]
    logs: "Mapping[str, pd.DataFrame | None]" = field(default_factory=dict)
    missing_percent: int = 0

    @property
    def earlier(self) -> str:
        """What it reads of earlier papers (see ``RunRequest.earlier``).

        Examples
        --------
        >>> [Job(None, None, None, given).earlier for given in ({"casebook": "casebook.sqlite@12"}, {"previous_pack": "a; b"}, {})]
        ['casebook.sqlite@12', 'a; b', '']
        """
        return next((str(self.parameters[name]) for name in EARLIER if name in self.parameters), "")

    @property
    def notebook(self) -> Path:
        """The notebook that makes this report."""
        return self.request.project.notebook(self.request.report)


def with_values(request: RunRequest, written: Iterable[str]) -> RunRequest:
    """Return a request with values of the notebook's own parameters as written on the command line (NAME=VALUE).

    Raises
    ------
    RequestError
        If the report is unknown.
    SettingsError
        If a value names no such parameter or is not of its type.
    """
    if not written:
        return request
    check_report(request)
    return replace(request, values=read_values(request.project.notebook(request.report), written))


def check_request(request: RunRequest) -> "Settings":
    """Return the school's settings after refusing whatever can be refused before any export is read.

    Raises
    ------
    RequestError
        If the report is unknown or the dates are in the wrong order.
    SettingsError
        If the school file, an export it names, the cohort, a date or a parameter of the notebook cannot be used.
    """
    from attendance_lib.intake.settings.loading import load_settings
    from attendance_lib.intake.settings.sources import check_files

    check_report(request)
    settings = check_files(load_settings(request.school_file))
    check_cohort(request)
    check_period(settings.build_calendar(), request.date_from, request.date_to)
    check_parameters(request.project.notebook(request.report), parameters_of(request, PLACEHOLDER))
    return settings


def check_report(request: RunRequest) -> None:
    """Refuse a report that has no notebook, by name.

    Raises
    ------
    RequestError
        If there is none; the message names the nearest report.

    Examples
    --------
    >>> check_report(RunRequest("trust", Project(Path("office")), Path("school.yml"), Path("packs")))
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: 'trust' is of many schools: attendance trust makes it.
    """
    reports = request.project.reports()
    if request.report in PAPERS and PAPERS[request.report].made_by is MadeBy.TRUST:
        raise RequestError(f"'{request.report}' is of many schools: attendance trust makes it.")
    if request.report not in reports:
        raise RequestError(f"'{request.report}' is not a report. {nearest(request.report, reports)}")


def check_cohort(request: RunRequest) -> None:
    """Refuse a cohort that the cohorts file does not name, or on which a published paper cannot be.

    Raises
    ------
    SettingsError
        If there is none; the message names the nearest cohort.
    DisclosureError
        If it counts what is not guarded beside the whole school's paper.
    """
    from attendance_lib.intake.settings.school_file import WHOLE_SCHOOL as EVERYONE
    from attendance_lib.intake.settings.school_file import check_published, load_cohorts

    names = {WHOLE_SCHOOL: EVERYONE} | load_cohorts(request.cohorts)
    if request.cohort not in names:
        raise SettingsError(
            f"{request.cohorts.name}: there is no cohort '{request.cohort}'. {nearest(request.cohort, names)}"
        )
    if request.paper.is_published:
        check_published(names[request.cohort], names)


def split_requests(request: RunRequest, column: str) -> list[RunRequest]:
    """Return a request for each of the school's groups by a column, on the cohort that is chosen by it alone.

    Parameters
    ----------
    request : RunRequest
        On the whole school.
    column : str
        ``year_group``: so far the only one of which the school file says which groups there are.

    Raises
    ------
    RequestError
        If a cohort is asked for besides.
    SettingsError
        If the cohorts file has none for a group; the message says what to write.

    Examples
    --------
    >>> year_7 = RunRequest("impact", Project(Path("office")), Path("school.yml"), Path("packs"), cohort="year_7")
    >>> split_requests(year_7, "year_group")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: --split and --cohort go not together: --split makes a pack for each group ...
    """
    from attendance_lib.intake.settings.loading import load_settings
    from attendance_lib.intake.settings.school_file import load_cohorts

    if request.cohort != WHOLE_SCHOOL:
        raise RequestError(
            "--split and --cohort go not together: --split makes a pack for each group of the whole school."
        )
    cohorts = load_cohorts(request.cohorts)
    named = {
        tuple(cohort.where[column]): name for name, cohort in cohorts.items() if set(cohort.where) == {column}
    }
    groups = load_settings(request.school_file).school.year_groups
    if missing := [str(group) for group in groups if (group,) not in named]:
        raise SettingsError(
            f"{request.cohorts.name}: no cohort is {column} {missing[0]} alone. Add a line such as "
            f'year_{missing[0]}: {{title: "Year {missing[0]}", where: {{{column}: [{missing[0]}]}}}}.'
        )
    return [replace(request, cohort=named[(group,)]) for group in groups]


def settle(request: RunRequest, settings: "Settings", last_register: date) -> Job:
    """Return the job: the request with its period and the parameters that the notebook is given."""
    period = settle_request_period(request, settings.build_calendar(), last_register)
    return Job(request, settings, period, parameters_of(request, period))


def settle_request_period(request: RunRequest, calendar: "SchoolCalendar", last_register: date) -> Period:
    """Return the period of a request (see ``settle_period``)."""
    span = request.paper.span
    return settle_period(calendar, last_register, request.date_from, request.date_to, span)


def parameters_of(request: RunRequest, period: Period) -> dict[str, object]:
    """Return the parameters of a notebook, paths relative to the project so that every machine has the same."""
    common = {
        "school_file": request.project.relative(request.school_file),
        "date_from": period.date_from.isoformat(),
        "date_to": period.date_to.isoformat(),
        "cohort": request.cohort,
        "cohorts_file": request.project.relative(request.cohorts),
    }
    earlier = earlier_parameter(request.project.notebook(request.report))
    told = {earlier: request.earlier or ""} if earlier else {}
    return common | told | own_values(request)


def own_values(request: RunRequest) -> dict[str, object]:
    """Return the values of the notebook's own parameters: those asked for, else its defaults."""
    return own_defaults(request.project.notebook(request.report)) | dict(request.values)


def values_apart(request: RunRequest) -> dict[str, object]:
    """Return the values of the notebook's own parameters that differ from its defaults, by name."""
    defaults = own_defaults(request.project.notebook(request.report))
    return {name: value for name, value in sorted(request.values.items()) if value != defaults.get(name)}


def packs_of(request: RunRequest, settings: "Settings") -> Path:
    """Return the folder in which this report's packs of this school are."""
    return report_folder(request.out.resolve(), settings.school.name_and_urn, request.report)


def place_of(job: Job) -> PackPlace:
    """Return where a job's pack goes."""
    return place_in(job.request, job.settings, job.period)


def place_in(request: RunRequest, settings: "Settings", period: Period) -> PackPlace:
    """Return where the pack of a request goes once its period is settled."""
    name = pack_name(period, request.cohort, values_apart(request))
    return PackPlace(packs_of(request, settings), name)


# Stands for a period not settled yet while names and types of the parameters are compared.
PLACEHOLDER = Period(date.min, date.min)
