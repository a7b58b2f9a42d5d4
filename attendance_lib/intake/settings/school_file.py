"""The school file as typed, frozen values: what a school may choose, checked before anything is read."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, RootModel, StringConstraints

from attendance_lib.errors import DisclosureError, nearest, quoted
from attendance_lib.intake.schema import PUPILS, Kind
from attendance_lib.intake.settings.authority_file import NOT_NAMED, Authority
from attendance_lib.intake.settings.benchmarks import BenchmarkSettings
from attendance_lib.intake.settings.calendar import CalendarSettings
from attendance_lib.intake.settings.incentives import IncentiveSettings
from attendance_lib.intake.settings.yaml import (
    AtLeastOne,
    Count,
    Document,
    Many,
    Name,
    Settled,
    Text,
    YearGroup,
    at,
    load_document,
    raise_problems,
    validated,
)
from attendance_lib.rules.calendar import SchoolCalendar
from attendance_lib.rules.groups import DECLARED
from attendance_lib.rules.occasions import PASTORAL, Occasions, Rhythm
from attendance_lib.rules.thresholds import SHORT_ENROLMENT_SESSIONS, SUPPRESSION_LEVEL

# Named cohorts: which pupils a report is about, and on which basis they are counted

VALUE_OF_KIND = {Kind.YEAR_GROUP: int, Kind.FLAG: bool}
VALUE_NAMES = {int: "whole numbers", bool: "true and false", str: "text"}
# What a cohort may choose by: what is known about a pupil, except names and dates; and the tier of support.
COHORT_COLUMNS = {
    column.name: VALUE_OF_KIND.get(column.kind, str)
    for column in PUPILS.columns
    if column.kind in (Kind.YEAR_GROUP, Kind.FLAG, Kind.LABEL)
} | {"pupil_id": str, "key_adult": str, "tier": str}


class CohortChoice(Settled):
    """How a file of cohorts describes one: every condition under ``where`` holds, by any value of its list."""

    title: Name
    where: dict[str, Many[str | int | bool]] = {}
    basis: Literal["current_roll", "dfe_comparable"] = "dfe_comparable"


class Cohort(CohortChoice):
    """A named group of pupils and the basis on which they are counted."""

    name: Name


WHOLE_SCHOOL = Cohort(name="all", title="Whole school")


class CohortFile(RootModel[dict[Name, CohortChoice]]):
    """All the cohorts of a file by name."""


def load_cohorts(path: Path) -> dict[str, Cohort]:
    """Read and check the named cohorts.

    Parameters
    ----------
    path : pathlib.Path
        The cohorts file, such as ``params/cohorts.yml``.

    Returns
    -------
    dict of str to Cohort
        The cohorts by name, in the order of the file.

    Raises
    ------
    SettingsError
        One line for each problem; an unknown column is refused with the nearest known one.
    """
    document = load_document(path)
    cohorts = validated(CohortFile, document).root
    raise_problems(
        [problem for name, cohort in cohorts.items() for problem in _cohort_problems(name, cohort, document)]
    )
    return {name: Cohort(name=name, **dict(choice)) for name, choice in cohorts.items()}


def _cohort_problems(name: str, cohort: CohortChoice, document: Document) -> Iterator[str]:
    for column, values in cohort.where.items():
        key = (name, "where", column)
        if column not in COHORT_COLUMNS:
            yield f"{at(document, key)}: pupils have no column {quoted(column)} to choose by. {nearest(column, COHORT_COLUMNS)}"
            continue
        wanted = COHORT_COLUMNS[column]
        for value in values:
            if type(value) is not wanted:
                what = f"{quoted(value)} can never match, for {quoted(column)} holds {VALUE_NAMES[wanted]}"
                yield f"{at(document, key)}: {what}. Correct the value."


def check_published(cohort: Cohort, cohorts: Mapping[str, Cohort]) -> Cohort:
    """Return a cohort on which a report may be published, besides that of the whole school.

    Raises
    ------
    DisclosureError
        If it is chosen by a column of which it is not declared what its groups add up to, or counts other pupils than the
        whole school's report does: a reader could set it against that report, and nothing would guard what follows.
    """
    other = next((column for column in cohort.where if column not in DECLARED), None)
    if other:
        raise DisclosureError(_refused(cohort, f"it is chosen by '{other}'"))
    whole = cohorts.get(WHOLE_SCHOOL.name, WHOLE_SCHOOL)
    if cohort.basis != whole.basis:
        raise DisclosureError(
            _refused(cohort, f"its basis is {cohort.basis}, and the whole school's {whole.basis}")
        )
    return cohort


def _refused(cohort: Cohort, why: str) -> str:
    """Say why no report on a cohort can be published, and on which one can."""
    return (
        f"No report on the cohort '{cohort.name}' can be published, because {why}: what it tells could be set against the whole "
        "school's report in ways that are not guarded. A published report can be on a cohort that cohorts.yml chooses by "
        f"{', '.join(DECLARED[:-1])} or {DECLARED[-1]}, with the basis of the whole school. Other papers can be on any cohort."
    )


# The part of the school file about what a governing board must know besides figures


class Training(Settled):
    """Training of staff about attendance: when, and of whom or in what."""

    date: date
    about: Text


class LeftTo(Settled):
    """Where pupils went who left the school this year, and how many; ``destination`` may be "not known"."""

    destination: Text
    pupils: Count


class GovernanceSettings(Settled):
    """What the board must know: who leads on attendance, the policy, training, data sharing, meetings and leavers.

    ``data_shared_since`` is the day since when the school shares its registers with DfE every day;
    ``authority_meetings`` are the days of targeting support meetings with the local authority.
    """

    attendance_champion: Text | None = None
    policy_reviewed: date | None = None
    policy_next_review: date | None = None
    training: Many[Training] = ()
    data_shared_since: date | None = None
    authority_meetings: Many[date] = ()
    pupils_who_left: Many[LeftTo] = ()


# The parts of the school file about papers: the meetings, how long a paper waits, and where finished ones are handed over

AS_USUAL = Rhythm()


class Meeting(Settled):
    """When a meeting first takes place and after how many school weeks it returns."""

    first: date
    every_school_weeks: AtLeastOne


class PaperSettings(Settled):
    """How long papers wait, in school days, and how often the incentives come, in school weeks.

    ``pack_school_days_before`` is how long before the meeting its pack is due; ``settled_school_days`` how long
    after the end of a half term its register may still change, so that the governors' report waits.
    """

    pack_school_days_before: Count = AS_USUAL.pack_days_before
    settled_school_days: Count = AS_USUAL.settled_days
    raffle_every_school_weeks: AtLeastOne = AS_USUAL.raffle_every_weeks
    prize_pot_every_school_weeks: AtLeastOne = AS_USUAL.prize_pot_every_weeks


class HandOver(Settled):
    """Folders that finished packs are copied to, relative to the school file.

    ``published`` is for the packs in which nobody can be found, ``personal`` for those with names.
    """

    published: Text | None = None
    personal: Text | None = None

    def folder(self, school_file: Path, *, published: bool) -> Path | None:
        """Return the folder for one sort of pack; None if the school file names none."""
        named = self.published if published else self.personal
        return (school_file.parent / named).resolve() if named else None

    def problems(self, school_file: Path) -> Iterator[str]:
        """Yield what is wrong between the two folders: a pack with names must not come to lie among the published."""
        published, personal = (self.folder(school_file, published=each) for each in (True, False))
        if published and personal and (lies_in(published, personal) or lies_in(personal, published)):
            yield (
                f"published ({quoted(self.published)}) and personal ({quoted(self.personal)}) are one folder, "
                "or one lies in the other. "
                "Name two folders apart, so that no pack with names is among the published."
            )


def lies_in(folder: Path, other: Path) -> bool:
    """Whether a folder is another one or lies in it.

    Examples
    --------
    >>> lies_in(Path("a/b"), Path("a")), lies_in(Path("a"), Path("a/b"))
    (True, False)
    """
    return folder == other or other in folder.parents


def rhythm_of(meetings: dict[str, Meeting], papers: PaperSettings, incentives: IncentiveSettings) -> Rhythm:
    """Return the rhythm of a school's papers; without a meeting called ``pastoral`` there is none to prepare.

    A draw for which the school has no rule does not come at all.
    """
    meeting = meetings.get(PASTORAL)
    return Rhythm(
        first_meeting=meeting.first if meeting else None,
        meeting_every_weeks=meeting.every_school_weeks if meeting else AS_USUAL.meeting_every_weeks,
        pack_days_before=papers.pack_school_days_before,
        settled_days=papers.settled_school_days,
        raffle_every_weeks=papers.raffle_every_school_weeks if incentives.raffle else 0,
        prize_pot_every_weeks=papers.prize_pot_every_school_weeks if incentives.prize_pot else 0,
    )


LONGEST_OPEN_REGISTER = timedelta(minutes=30)
__all__ = ["Cohort", "Settings", "load_cohorts"]
CLOCK_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _clock_time(written: object) -> time:
    """Read HH:MM, which must be text."""
    if isinstance(written, str) and CLOCK_TIME.fullmatch(written):
        return time.fromisoformat(written)
    raise ValueError('must be a time of day as HH:MM in quotes, as in "08:40"')


def _one_or_many(written: object) -> object:
    """Accept a single source in place of a list of sources."""
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
    """Who the school is, and which school it was before. Reception is year group 0, nursery -1.

    ``taught_minutes_a_day`` is what lost time is told in days by; without it, it is told in hours alone.
    """

    name: Name
    urn: Urn
    formerly: Many[FormerSchool] = ()
    phase: Literal["primary", "secondary", "special", "alternative_provision"]
    year_groups: Annotated[Many[YearGroup], Field(min_length=1)]
    registers: Registers
    taught_minutes_a_day: AtLeastOne | None = None

    @property
    def name_and_urn(self) -> tuple[str, str]:
        """The two that name the folder of its packs."""
        return self.name, self.urn


class ExportSource(Settled):
    """Where one kind of export lies: a path or pattern relative to the school file.

    ``layout`` overrides detection; ``columns`` maps our column names to the export's headings;
    ``date_order`` settles dates such as 03/09/2026 where a whole file leaves the order open; ``codes`` gives the register
    code for each code of the system's own.
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
    planned: Sources | None = None
    sign_ins: Sources | None = None
    interventions: Sources | None = None
    actions: Sources | None = None
    contacts: Sources | None = None
    notices: Sources | None = None
    overrides: Sources | None = None
    redraws: Sources | None = None
    plans: Sources | None = None
    part_time: Sources | None = None
    parents: Sources | None = None
    considered: Sources | None = None


class LessonSettings(Settled):
    """The periods of the day, as lessons are exported: in the morning and in the afternoon."""

    morning: Many[Text] = ()
    afternoon: Many[Text] = ()


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
    """Which notice rules apply at this school; ``authority`` is its local authority's profile file, relative to the school's."""

    national_framework: NationalFramework | None = None
    local: Many[LocalNotice] = ()
    authority: Text | None = None


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
    lessons: LessonSettings = LessonSettings()
    rules: RuleSettings = RuleSettings()
    meetings: dict[str, Meeting] = {}
    papers: PaperSettings = PaperSettings()
    hand_over: HandOver = HandOver()
    staff: Many[StaffMember] = ()
    benchmarks: BenchmarkSettings = BenchmarkSettings()
    governance: GovernanceSettings = GovernanceSettings()
    incentives: IncentiveSettings = IncentiveSettings()
    _file: Path = PrivateAttr(default=Path())
    _authority: Authority = PrivateAttr(default=NOT_NAMED)

    def model_post_init(self, context: Any, /) -> None:
        """Keep the path of the school file, to which the exports' paths are relative."""
        self._file = context["file"] if context else Path()

    @property
    def file(self) -> Path:
        """The school file these settings were read from."""
        return self._file

    @property
    def authority(self) -> Authority:
        """What the school's local authority asks for; nothing is known of one that is not named."""
        return self._authority

    @property
    def authority_file(self) -> Path | None:
        """The profile file of the school's local authority; None where it names none."""
        named = self.rules.notices.authority
        return self.file.parent / named if named else None

    def build_calendar(self) -> SchoolCalendar:
        """Return the school's calendar as the rules know it."""
        return self.calendar.built

    def occasions(self) -> Occasions:
        """Return which paper is due when, by this school's calendar and meetings."""
        return Occasions(self.build_calendar(), rhythm_of(self.meetings, self.papers, self.incentives))

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


def _open_for(times: RegisterTimes) -> timedelta:
    return datetime.combine(date.min, times.closes) - datetime.combine(date.min, times.opens)
