"""The school file as typed, frozen values: what a school may choose, checked before anything is read."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, RootModel, StringConstraints, WithJsonSchema

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
    says,
    validated,
)
from attendance_lib.rules.calendar import SchoolCalendar
from attendance_lib.rules.groups import DECLARED
from attendance_lib.rules.occasions import (
    AUTHORITY,
    CASELOADS,
    IMPACT,
    PASTORAL,
    PRIZE_POT,
    RAFFLE,
    Occasions,
    Rhythm,
)
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

    Examples
    --------
    >>> check_published(Cohort(name="few", title="A few", where={"pupil_id": ["12", "13"]}), {})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: No report on the cohort 'few' can be published, because it is chosen by 'pupil_id': ...
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

    date: Annotated[date, says("When")]
    about: Text = says("Of whom, or in what")


class LeftTo(Settled):
    """Where pupils went who left the school this year, and how many; ``destination`` may be "not known"."""

    destination: Text = says('Where to, or "not known"')
    pupils: Count = says("How many; few for one place are withheld")


class GovernanceSettings(Settled):
    """What the board must know: who leads on attendance, the policy, training, data sharing, meetings and leavers.

    ``data_shared_since`` is the day since when the school shares its registers with DfE every day;
    ``authority_meetings`` are the days of targeting support meetings with the local authority.
    """

    attendance_champion: Text | None = says("Who leads on attendance, and in which post", None)
    policy_reviewed: date | None = says("When the attendance policy was last reviewed", None)
    policy_next_review: date | None = says("When it is next reviewed", None)
    training: Many[Training] = says("Training of staff about attendance", ())
    data_shared_since: date | None = says("Since when registers are shared with DfE every day", None)
    authority_meetings: Many[date] = says("Days of targeting support meetings with the local authority", ())
    pupils_who_left: Many[LeftTo] = says("Where pupils went who left this school year", ())


CLOCK_TIME = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]$")


def _clock_time(written: object) -> time:
    """Read HH:MM, which must be text."""
    if isinstance(written, str) and CLOCK_TIME.fullmatch(written):
        return time.fromisoformat(written)
    raise ValueError('must be a time of day as HH:MM in quotes, as in "08:40"')


ClockTime = Annotated[
    time, BeforeValidator(_clock_time), WithJsonSchema({"type": "string", "pattern": CLOCK_TIME.pattern})
]

# The parts of the school file about papers: the meetings, how long a paper waits, and where finished ones are handed over

AS_USUAL = Rhythm()


class Meeting(Settled):
    """When a meeting first takes place and after how many school weeks it returns."""

    first: date = says("The first meeting of these terms")
    every_school_weeks: AtLeastOne = says("After how many school weeks it returns")


class DailyTimes(Settled):
    """From when on each half of a school day its daily paper is asked for; a half that is left out is asked for on no day."""

    AM: ClockTime | None = says("The morning's, once its register has closed", None)
    PM: ClockTime | None = says("The afternoon's", None)


class PaperSettings(Settled):
    """How long papers wait, in school days, how often the incentives come, in school weeks, and which papers are not asked for."""

    leave_out: Many[
        Literal[
            "pastoral",
            "caseloads",
            "authority",
            "governors",
            "impact",
            "raffle",
            "prize_pot",
            "notice_ends",
            "plan_reviews",
        ]
    ] = says(
        "Papers that attendance due is not to ask for; those of which the file holds nothing it leaves out by itself",
        (),
    )

    pack_school_days_before: Count = says(
        "School days by which the pack is due before its meeting", AS_USUAL.pack_days_before
    )
    settled_school_days: Count = says(
        "School days that the governors' report waits for registers to settle", AS_USUAL.settled_days
    )
    raffle_every_school_weeks: AtLeastOne = says("How often the raffle comes", AS_USUAL.raffle_every_weeks)
    prize_pot_every_school_weeks: AtLeastOne = says(
        "How often the prize pot comes", AS_USUAL.prize_pot_every_weeks
    )
    punctuality_every_school_weeks: Count = says(
        "How often the punctuality paper comes; 0 for never", AS_USUAL.punctuality_every_weeks
    )
    lessons_every_school_weeks: Count = says(
        "How often the lessons paper comes; 0 for never", AS_USUAL.lessons_every_weeks
    )
    daily: DailyTimes = says("From when on the day's papers are asked for", DailyTimes())


class HandOver(Settled):
    """Folders that finished packs are copied to, relative to the school file.

    ``published`` is for the packs in which nobody can be found, ``personal`` for those with names.
    """

    published: Text | None = says("Folder for packs in which nobody can be found", None)
    personal: Text | None = says("Folder for packs with names; apart from the other", None)

    def folder(self, school_file: Path, *, published: bool) -> Path | None:
        """Return the folder for one sort of pack; None if the school file names none.

        Examples
        --------
        >>> hand_over = HandOver(published="../shared/published")
        >>> hand_over.folder(Path("/school/params/elm.yml"), published=True).as_posix()
        '/school/shared/published'
        >>> hand_over.folder(Path("/school/params/elm.yml"), published=False) is None
        True
        """
        named = self.published if published else self.personal
        return (school_file.parent / named).resolve() if named else None

    def problems(self, school_file: Path) -> Iterator[str]:
        """Yield what is wrong between the two folders: a pack with names must not come to lie among the published.

        Examples
        --------
        >>> [problem.partition(",")[0] for problem in HandOver(published="out/all", personal="out").problems(Path("/a/elm.yml"))]
        ["published ('out/all') and personal ('out') are one folder"]
        """
        published, personal = (self.folder(school_file, published=each) for each in (True, False))
        if published and personal and not are_apart(published, personal):
            yield (
                f"published ({quoted(self.published)}) and personal ({quoted(self.personal)}) are one folder, "
                "or one lies in the other. "
                "Name two folders apart, so that no pack with names is among the published."
            )


class OwnPapers(Settled):
    """The folder of notebooks that are papers of the school's own, and how often each of them comes."""

    folder: Text | None = says("Folder of the school's own notebooks, relative to this file", None)
    every_school_weeks: dict[Name, AtLeastOne] = says(
        "How often attendance due asks for each, by its file's name", {}, names=("fridays",)
    )


def lies_in(folder: Path, other: Path) -> bool:
    """Whether a folder is another one or lies in it.

    Examples
    --------
    >>> lies_in(Path("a/b"), Path("a")), lies_in(Path("a"), Path("a/b"))
    (True, False)
    """
    return folder == other or other in folder.parents


def are_apart(folder: Path, other: Path) -> bool:
    """Whether no file can lie in both of two folders.

    Examples
    --------
    >>> are_apart(Path("a/b"), Path("a/c")), are_apart(Path("a"), Path("a/b"))
    (True, False)
    """
    return not (lies_in(folder, other) or lies_in(other, folder))


def rhythm_of(settings: "Settings") -> Rhythm:
    """Return the rhythm of a school's papers; what its file holds nothing of does not come at all.

    Without a meeting called ``pastoral`` there is no pack to prepare, without interventions nothing to evaluate, no draw without
    its rule, no sheets without staff, and no paper for the authority without the days of its meetings.
    """
    meeting, papers = settings.meetings.get(PASTORAL), settings.papers
    without = {
        IMPACT: not settings.exports.interventions,
        RAFFLE: not settings.incentives.raffle,
        PRIZE_POT: not settings.incentives.prize_pot,
        CASELOADS: not settings.staff,
        AUTHORITY: not settings.governance.authority_meetings,
    }
    return Rhythm(
        first_meeting=meeting.first if meeting else None,
        meeting_every_weeks=meeting.every_school_weeks if meeting else AS_USUAL.meeting_every_weeks,
        pack_days_before=papers.pack_school_days_before,
        settled_days=papers.settled_school_days,
        raffle_every_weeks=papers.raffle_every_school_weeks,
        prize_pot_every_weeks=papers.prize_pot_every_school_weeks,
        authority_meetings=settings.governance.authority_meetings,
        left_out=frozenset({kind for kind, is_so in without.items() if is_so} | set(papers.leave_out)),
        punctuality_every_weeks=papers.punctuality_every_school_weeks,
        lessons_every_weeks=papers.lessons_every_school_weeks,
        daily_at={half: at for half, at in papers.daily if at is not None},
        own_every_weeks=settings.own_papers.every_school_weeks,
    )


LONGEST_OPEN_REGISTER = timedelta(minutes=30)
__all__ = ["Cohort", "Settings", "load_cohorts"]


def _one_or_many(written: object) -> object:
    """Accept a single source in place of a list of sources."""
    return [written] if isinstance(written, dict) else written


class RegisterTimes(Settled):
    """When a register opens and closes, on the clock."""

    opens: ClockTime = says("When it opens, as HH:MM in quotes")
    closes: ClockTime = says("When it closes, as HH:MM in quotes")


class Registers(Settled):
    """The register times of the two sessions."""

    AM: RegisterTimes = says("The morning register")
    PM: RegisterTimes = says("The afternoon register")


Urn = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class FormerSchool(Settled):
    """What a school was before, as when it became an academy: what staff wrote in its packs is still read."""

    name: Name = says("What it was called")
    urn: Urn = says("Its URN then")


class SchoolDetails(Settled):
    """Who the school is, and which school it was before. Reception is year group 0, nursery -1.

    ``taught_minutes_a_day`` is what lost time is told in days by; without it, it is told in hours alone.
    """

    name: Name = says("The school's name, as papers print it")
    urn: Urn = says("Its unique reference number: six digits in quotes")
    formerly: Many[FormerSchool] = says(
        "What it was before, as when it became an academy: words in its packs are still read", ()
    )
    phase: Literal["primary", "secondary", "special", "alternative_provision"] = says(
        "Which of England's figures stand beside its own"
    )
    year_groups: Annotated[Many[YearGroup], Field(min_length=1)] = says(
        "Its year groups; Reception is 0, nursery -1"
    )
    registers: Registers = says("When registers open and close")
    taught_minutes_a_day: AtLeastOne | None = says(
        "Lost time is told in such days; without it in hours", None
    )

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

    path: Text = says("A file, or a pattern such as marks_*.csv")
    layout: str = says("How it is written, if its content does not show it", "")
    sheet: str = says("The sheet of a workbook", "")
    columns: dict[str, Text] = says("The export's headings by our names", {}, names=("year_group",))
    date_order: Literal["day_first", "month_first", ""] = says(
        "What 03/09/2026 means, where a whole file leaves it open", ""
    )
    codes: dict[Text, Text] = says("Register codes by the system's own", {}, names=("I01",))


Sources = Annotated[Many[ExportSource], BeforeValidator(_one_or_many), Field(min_length=1)]


class Exports(Settled):
    """The export files of each kind; only pupils and marks are required, and a later source wins over an earlier one."""

    pupils: Sources = says("The roll: everybody of the period, leavers too")
    marks: Sources = says("Session marks; of two entries with one mark the later holds")
    lessons: Sources | None = says("Registers of lessons", None)
    planned: Sources | None = says("Absence known beforehand", None)
    sign_ins: Sources | None = says("The desk: late in, early out", None)
    interventions: Sources | None = says("What is done for whom", None)
    actions: Sources | None = says("What was agreed, who does it, by when", None)
    contacts: Sources | None = says("Calls, letters and visits", None)
    notices: Sources | None = says("Penalty notices, notices to improve, contracts", None)
    overrides: Sources | None = says("Lateness and absence excused in the rewards", None)
    redraws: Sources | None = says("Prizes given up and drawn again", None)
    plans: Sources | None = says("Support plans, one row a plan", None)
    part_time: Sources | None = says("Part-time timetables", None)
    parents: Sources | None = says("Each pupil's parents, never their addresses", None)
    considered: Sources | None = says("What was decided when a notice was considered", None)


class LessonSettings(Settled):
    """The periods of the day, as lessons are exported: in the morning and in the afternoon."""

    morning: Many[Text] = says("Periods of the morning", ())
    afternoon: Many[Text] = says("Periods of the afternoon", ())


COUNTS_N = True


class NationalFramework(Settled):
    """Whether and from when the national penalty notice threshold is applied."""

    from_date: date = says("From when it is applied", alias="from")
    count_n: bool = says("Whether N counts, as the regulations say", COUNTS_N)


class LocalNotice(Settled):
    """A local rule: so many unauthorised sessions within so many consecutive terms."""

    name: Name = says("What the authority calls it")
    sessions: AtLeastOne = says("So many unauthorised sessions")
    terms: AtLeastOne = says("Within so many consecutive terms")
    from_date: date = says("From when it holds", alias="from")
    to_date: date | None = says("Until when, if it ended", None, alias="to")


class NoticeSettings(Settled):
    """Which notice rules apply at this school; ``authority`` is its local authority's profile file, relative to the school's."""

    national_framework: NationalFramework | None = says(
        "10 unauthorised sessions in 10 school weeks, for all state schools since 19 August 2024", None
    )
    local: Many[LocalNotice] = says("The local authority's own referral triggers", ())
    authority: Text | None = says("The local authority's profile, such as authorities/southwark.yml", None)


class LocalBand(Settled):
    """A school's own band, from a share of sessions missed (two whole numbers) up to the next band."""

    name: Name = says("What the school calls it")
    missed: Count = says("It begins at so many sessions missed")
    out_of: AtLeastOne = says("Of so many possible")


class RuleSettings(Settled):
    """What a school may choose about rules; what persistent absence means is not among it."""

    notices: NoticeSettings = says("Which penalty notice thresholds apply", NoticeSettings())
    suppression_level: Literal[5, 10] = says(
        "In papers that leave the school counts below this are withheld", SUPPRESSION_LEVEL
    )
    short_enrolment_sessions: Count = says(
        "An enrolment of fewer possible sessions is short, and is said to be", SHORT_ENROLMENT_SESSIONS
    )
    local_bands: Many[LocalBand] = says("The school's own bands of absence", ())


class StaffMember(Settled):
    """A role, who holds it and for which pupils (all of them unless year groups or forms are given)."""

    role: Name = says("The role, such as Head of Year 7")
    name: Name = says("Who holds it, as papers print it")
    year_groups: Many[YearGroup] = says("For which year groups, if not all", ())
    forms: Many[Text] = says("For which forms, if not all", ())


class Settings(Settled):
    """The whole school file."""

    school: SchoolDetails = says("Who the school is")
    exports: Exports = says("Where the exports lie, relative to this file")
    calendar: CalendarSettings = says("The school's published dates")
    lessons: LessonSettings = says("The periods of the day, as lessons are exported", LessonSettings())
    rules: RuleSettings = says("What a school may choose about rules", RuleSettings())
    meetings: dict[str, Meeting] = says(
        "attendance due prepares the pack for the one called pastoral", {}, names=(PASTORAL,)
    )
    papers: PaperSettings = says("When papers are due", PaperSettings())
    own_papers: OwnPapers = says("Papers made by notebooks of the school's own", OwnPapers())
    hand_over: HandOver = says("Folders that finished packs are copied to", HandOver())
    staff: Many[StaffMember] = says("Who holds which role: papers name them beside what is theirs", ())
    benchmarks: BenchmarkSettings = says("What the school's figures stand beside", BenchmarkSettings())
    governance: GovernanceSettings = says("What the board must know besides figures", GovernanceSettings())
    incentives: IncentiveSettings = says("Rewards; without a rule there is no draw", IncentiveSettings())
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

    @property
    def own_folder(self) -> Path | None:
        """The folder of the school's own papers; None where the file names none."""
        named = self.own_papers.folder
        return (self.file.parent / named).resolve() if named else None

    def build_calendar(self) -> SchoolCalendar:
        """Return the school's calendar as the rules know it."""
        return self.calendar.built

    def occasions(self) -> Occasions:
        """Return which paper is due when, by this school's calendar and meetings."""
        return Occasions(self.build_calendar(), rhythm_of(self))

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
