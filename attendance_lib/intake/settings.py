"""The school file as typed, frozen values: what a school may choose, checked before anything is read."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, StringConstraints

from attendance_lib.errors import nearest, quoted
from attendance_lib.intake.benchmark_settings import BenchmarkSettings
from attendance_lib.intake.cohorts import Cohort, load_cohorts
from attendance_lib.intake.governance_settings import GovernanceSettings
from attendance_lib.intake.layouts import LAYOUTS
from attendance_lib.intake.layouts.weekly_wide import WEEKLY
from attendance_lib.intake.layouts.xporter import STRINGS
from attendance_lib.intake.letters import as_letter
from attendance_lib.intake.paper_settings import HandOver, Meeting, PaperSettings, rhythm_of
from attendance_lib.intake.schema import MARKS, TABLES, Kind
from attendance_lib.intake.strict_yaml import Document, Key, load_document, raise_problems
from attendance_lib.intake.term_dates import CalendarSettings, calendar_problems
from attendance_lib.intake.validation import (
    AtLeastOne,
    Count,
    Many,
    Name,
    Settled,
    Text,
    YearGroup,
    at,
    validated,
)
from attendance_lib.rules.calendar import SchoolCalendar
from attendance_lib.rules.codes import KNOWN_LETTERS
from attendance_lib.rules.disclosure import SUPPRESSION_LEVEL
from attendance_lib.rules.occasions import Occasions
from attendance_lib.rules.thresholds import SHORT_ENROLMENT_SESSIONS

LONGEST_OPEN_REGISTER = timedelta(minutes=30)
__all__ = ["Cohort", "Settings", "load_cohorts", "load_settings"]

EXPORT_KINDS = tuple(TABLES)
# What the layouts of marks have beside the columns of marks themselves, and a school may map too.
LAYOUT_COLUMNS = tuple(dict.fromkeys((*WEEKLY.column_names, *STRINGS.column_names)))
CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _clock_time(written: object) -> time:
    """Read HH:MM, which must be text."""
    if isinstance(written, str) and CLOCK_TIME.fullmatch(written):
        return time.fromisoformat(written)
    raise ValueError('must be a time of day as HH:MM in quotes, as in "08:40"')


def _one_or_many(written: object) -> object:
    """Let a single source stand where a list of sources may."""
    return [written] if isinstance(written, dict) else written


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


class RegisterTimes(Settled):
    """When a register opens and closes, on the clock."""

    opens: ClockTime
    closes: ClockTime


class Registers(Settled):
    """The register times of the two sessions."""

    AM: RegisterTimes
    PM: RegisterTimes


Urn = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class FormerSchool(Settled):
    """What a school was before, as when it became an academy: what staff wrote in its packs is still read."""

    name: Name
    urn: Urn


class SchoolDetails(Settled):
    """Who the school is, and which school it was before. Reception is year group 0, nursery -1."""

    name: Name
    urn: Urn
    formerly: Many[FormerSchool] = ()
    phase: Literal["primary", "secondary", "special", "alternative_provision"]
    year_groups: Annotated[Many[YearGroup], Field(min_length=1)]
    registers: Registers

    @property
    def name_and_urn(self) -> tuple[str, str]:
        """The two that name the folder of its packs."""
        return self.name, self.urn


class ExportSource(Settled):
    """Where one kind of export lies: a path or pattern relative to the school file.

    ``layout`` overrides detection; ``columns`` maps our column names to the export's headings;
    ``date_order`` settles dates such as 03/09/2026 where a whole file leaves the order open; ``codes`` says which register
    code each code of the system's own stands for.
    """

    path: Text
    layout: str = ""
    sheet: str = ""
    columns: dict[str, Text] = {}
    date_order: Literal["day_first", "month_first", ""] = ""
    codes: dict[Text, Text] = {}


Sources = Annotated[Many[ExportSource], BeforeValidator(_one_or_many), Field(min_length=1)]


class Exports(Settled):
    """The export files of each kind; only pupils and marks are required, and a later source wins over an earlier one."""

    pupils: Sources
    marks: Sources
    lessons: Sources | None = None
    interventions: Sources | None = None
    actions: Sources | None = None
    contacts: Sources | None = None
    notices: Sources | None = None


class NationalFramework(Settled):
    """Whether and from when the national penalty notice threshold is applied."""

    from_date: date = Field(alias="from")
    count_n: bool = True


class LocalNotice(Settled):
    """A local rule: so many unauthorised sessions within so many consecutive terms."""

    name: Name
    sessions: AtLeastOne
    terms: AtLeastOne
    from_date: date = Field(alias="from")
    to_date: date | None = Field(default=None, alias="to")


class NoticeSettings(Settled):
    """Which notice rules apply at this school."""

    national_framework: NationalFramework | None = None
    local: Many[LocalNotice] = ()


class LocalBand(Settled):
    """A school's own band, from a share of sessions missed (two whole numbers) up to the next band."""

    name: Name
    missed: Count
    out_of: AtLeastOne


class RuleSettings(Settled):
    """What a school may choose about rules; what persistent absence means is not among it."""

    notices: NoticeSettings = NoticeSettings()
    suppression_level: Literal[5, 10] = SUPPRESSION_LEVEL
    short_enrolment_sessions: Count = SHORT_ENROLMENT_SESSIONS
    local_bands: Many[LocalBand] = ()


class StaffMember(Settled):
    """A role, who holds it and for which pupils (all of them unless year groups or forms are given)."""

    role: Name
    name: Name
    year_groups: Many[YearGroup] = ()
    forms: Many[Text] = ()


class Settings(Settled):
    """The whole school file."""

    school: SchoolDetails
    exports: Exports
    calendar: CalendarSettings
    rules: RuleSettings = RuleSettings()
    meetings: dict[str, Meeting] = {}
    papers: PaperSettings = PaperSettings()
    hand_over: HandOver = HandOver()
    staff: Many[StaffMember] = ()
    benchmarks: BenchmarkSettings = BenchmarkSettings()
    governance: GovernanceSettings = GovernanceSettings()
    _file: Path = PrivateAttr(default=Path())

    def model_post_init(self, context: Any, /) -> None:
        """Keep the path of the school file, to which the exports' paths are relative."""
        self._file = context["file"] if context else Path()

    @property
    def file(self) -> Path:
        """The school file these settings were read from."""
        return self._file

    def build_calendar(self) -> SchoolCalendar:
        """Return the school's calendar as the rules know it."""
        return self.calendar.build()

    def occasions(self) -> Occasions:
        """Return when this school's calendar and meetings ask for which paper."""
        return Occasions(self.build_calendar(), rhythm_of(self.meetings, self.papers))

    def caveats(self) -> tuple[str, ...]:
        """Return what is allowed but against guidance, one sentence each.

        A register should not stay open for longer than 30 minutes. Source: DfE, Working together to
        improve school attendance.
        """
        return tuple(
            f"The {session} register stays open from {times.opens:%H:%M} to {times.closes:%H:%M}, "
            f"longer than the 30 minutes that guidance allows."
            for session, times in self._registers()
            if _open_for(times) > LONGEST_OPEN_REGISTER
        )

    def _registers(self) -> Iterator[tuple[str, RegisterTimes]]:
        yield "AM", self.school.registers.AM
        yield "PM", self.school.registers.PM


def load_settings(path: Path) -> Settings:
    """Read and check a school file.

    Parameters
    ----------
    path : pathlib.Path
        The school file, such as ``params/demo.yml``.

    Returns
    -------
    Settings
        Frozen; the export files need not exist yet (see ``sources.check_files``).

    Raises
    ------
    SettingsError
        One line for each problem: file, line, key, value and what to write instead.
    """
    document = load_document(path)
    settings = validated(Settings, document)
    checks = (_register_problems, _export_problems, _hand_over_problems)
    found = [problem for check in checks for problem in check(settings, document)]
    raise_problems([*found, *calendar_problems(settings.calendar, document)])
    return settings


def _open_for(times: RegisterTimes) -> timedelta:
    return datetime.combine(date.min, times.closes) - datetime.combine(date.min, times.opens)


def _register_problems(settings: Settings, document: Document) -> Iterator[str]:
    for session, times in settings._registers():
        if times.opens >= times.closes:
            where = at(document, ("school", "registers", session))
            hours = f"opens at {times.opens:%H:%M} and closes at {times.closes:%H:%M}"
            yield f"{where}: the register {hours}. It must close later than it opens."


def _hand_over_problems(settings: Settings, document: Document) -> Iterator[str]:
    for problem in settings.hand_over.problems(settings.file):
        yield f"{at(document, ('hand_over',))}: {problem}"


def _export_problems(settings: Settings, document: Document) -> Iterator[str]:
    for kind in EXPORT_KINDS:
        for number, source in enumerate(getattr(settings.exports, kind) or ()):
            key = ("exports", kind, number)
            if source.layout and source.layout not in LAYOUTS:
                what = f"there is no layout {quoted(source.layout)}. {nearest(source.layout, LAYOUTS)}"
                yield f"{at(document, (*key, 'layout'))}: {what}"
            known = (*TABLES[kind].column_names, *(LAYOUT_COLUMNS if kind == MARKS.name else ()))
            for column in source.columns.keys() - set(known):
                yield f"{at(document, (*key, 'columns', column))}: {kind} has no column {quoted(column)}. {nearest(column, known)}"
            yield from _code_problems(kind, source, document, key)


def _code_problems(kind: str, source: ExportSource, document: Document, key: Key) -> Iterator[str]:
    """Yield what is wrong with the codes of a system's own: where there are none to map, or mapped to what is no code."""
    if source.codes and not any(column.kind is Kind.CODE for column in TABLES[kind].columns):
        yield f"{at(document, (*key, 'codes'))}: {kind} have no register codes. Leave the key out."
    for own, code in source.codes.items():
        if not as_letter(code).letter:
            where = at(document, (*key, "codes", own))
            yield f"{where}: {quoted(code)} is no register code. Write one of {', '.join(sorted(KNOWN_LETTERS))}."
