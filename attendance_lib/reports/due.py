"""Which papers a school's calendar asks for on a day: made, due, missed, or without a notebook that could make them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import CasebookError, RequestError, SettingsError
from attendance_lib.reports.names import WHOLE_SCHOOL, pack_name, school_folder
from attendance_lib.reports.papers import (
    OF_ONE_DAY,
    Span,
    asked_for,
    every_occasion,
    kinds_of,
    paper_of,
    values_asked,
)
from attendance_lib.reports.period import Period
from attendance_lib.reports.project import Project
from attendance_lib.reports.receipt import Receipt, packs_in, read_receipt
from attendance_lib.rules.occasions import PASTORAL

if TYPE_CHECKING:
    from attendance_lib.casebook.state import State
    from attendance_lib.intake.settings.school_file import Settings
    from attendance_lib.reports.shelves import Shelves
    from attendance_lib.rules.calendar import SchoolCalendar
    from attendance_lib.rules.occasions import Occasion


# What has been made fixes the past: a calendar or a rhythm edited later asks for no day a second time


@dataclass(frozen=True)
class MadePack:
    """A whole school's pack that the schedule made: its period, and its folder."""

    period: Period
    folder: Path


@dataclass(frozen=True)
class FixedPast:
    """The packs that the schedule has made of one kind of occasion; the calendar as it is now asks for what they leave."""

    report: str
    calendar: "SchoolCalendar"
    packs: Sequence[MadePack]

    def left_of(self, occasion: "Occasion") -> tuple["Occasion", Path | None]:
        """Return an occasion with the days that no pack holds, and the pack that stands for it where none are left.

        Parameters
        ----------
        occasion : Occasion
            As the calendar asks for it now.

        Returns
        -------
        tuple of Occasion and pathlib.Path or None
            A pack made up to the end of a half term stands for it though its last day has moved since. Of a pack for a
            meeting, what comes after the last one's end is left; else what comes before it. A draw that was held on any of the
            days stands for them all: nobody draws twice for a day.

        Examples
        --------
        A pack of the first of two weeks leaves the second.

        >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
        >>> from attendance_lib.rules.occasions import Occasion
        >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
        >>> past = FixedPast("fortnightly", calendar, [MadePack(Period(date(2026, 11, 9), date(2026, 11, 13)), Path("made"))])
        >>> asked = Occasion(date(2026, 11, 24), PASTORAL, date(2026, 11, 9), date(2026, 11, 20), date(2026, 11, 20))
        >>> occasion, pack = past.left_of(asked)
        >>> str(occasion.first), str(occasion.last), pack
        ('2026-11-16', '2026-11-20', None)
        """
        span = paper_of(self.report).span
        if not self.packs or span is Span.DAY:
            return occasion, None
        if span is Span.FORTNIGHT:
            return self._left_of_fortnight(occasion)
        return occasion, self._drawn_on(occasion) if span is Span.WEEK else self._pack_of_half_term(occasion)

    def _drawn_on(self, occasion: "Occasion") -> Path | None:
        """Return the pack that holds any day of an occasion."""
        days = (day for day in self.calendar.school_days if occasion.first <= day <= occasion.last)
        return next(filter(None, map(self._pack_on, days)), None)

    def _pack_of_half_term(self, occasion: "Occasion") -> Path | None:
        """Return the pack that ends in the half term of an occasion."""
        begins = [first for first, _ in self.calendar.half_term_days if first > occasion.last]
        until = min(begins, default=date.max)
        ending = (pack.folder for pack in self.packs if occasion.first <= pack.period.date_to < until)
        return next(ending, None)

    def _left_of_fortnight(self, occasion: "Occasion") -> tuple["Occasion", Path | None]:
        days = [day for day in self.calendar.school_days if occasion.first <= day <= occasion.last]
        held = [day for day in days if self._pack_on(day)]
        left = [day for day in days if day not in held]
        if not held or not left:
            return occasion, self._pack_on(occasion.last) if held else None
        kept = [day for day in left if day > held[-1]] or [day for day in left if day < held[-1]]
        return replace(occasion, first=kept[0], last=kept[-1], marks_to=kept[-1]), None

    def _pack_on(self, day: date) -> Path | None:
        """Return the pack whose period holds a day."""
        holding = (pack.folder for pack in self.packs if pack.period.date_from <= day <= pack.period.date_to)
        return next(holding, None)


A_WEEK = timedelta(days=7)
# In the environment of a command that makes one of many papers: whoever makes them all lists them when they are made.
UNLISTED = "ATTENDANCE_UNLISTED"


class Status(StrEnum):
    """How one occasion stands on a day."""

    DUE = "due"
    MISSED = "missed"
    MADE = "made"
    NO_NOTEBOOK = "no notebook"


@dataclass(frozen=True)
class DueRequest:
    """What is asked: the day, and from when on occasions count (None: the present half term and each paper's newest).

    ``at`` is the time of that day up to which what is asked for counts; by default the whole day does.
    """

    project: Project
    school_file: Path
    out: Path
    on: date
    since: date | None = None
    at: time = time.max

    def is_past(self, occasion: "Occasion") -> bool:
        """Whether an occasion is asked for by then; one of a single day, whether it is on that day.

        Examples
        --------
        Yesterday's sheet is asked for no more.

        >>> from attendance_lib.rules.occasions import MORNING_SHEET, Occasion
        >>> monday, tuesday = date(2026, 11, 9), date(2026, 11, 10)
        >>> sheet = Occasion(monday, MORNING_SHEET, monday, monday, monday)
        >>> [DueRequest(Project(Path()), Path("school.yml"), Path("packs"), day).is_past(sheet) for day in (monday, tuesday)]
        [True, False]
        """
        if occasion.kind in OF_ONE_DAY and occasion.due != self.on:
            return False
        return (occasion.due, occasion.at) <= (self.on, self.at)

    def is_to_come(self, occasion: "Occasion") -> bool:
        """Whether an occasion is asked for only after that.

        Examples
        --------
        >>> from attendance_lib.rules.occasions import MORNING_SHEET, Occasion
        >>> monday = date(2026, 11, 9)
        >>> at_nine = Occasion(monday, MORNING_SHEET, monday, monday, monday, at=time(9))
        >>> asked = DueRequest(Project(Path()), Path("school.yml"), Path("packs"), monday, at=time(8, 59))
        >>> asked.is_to_come(at_nine), replace(asked, at=time(9)).is_to_come(at_nine)
        (True, False)
        """
        return (occasion.due, occasion.at) > (self.on, self.at)


@dataclass(frozen=True)
class Asked:
    """One occasion, the report it asks for, how it stands, and the folder of its pack once that is made."""

    occasion: "Occasion"
    report: str
    status: Status
    pack: Path | None = None

    @property
    def is_wanting(self) -> bool:
        """Whether its pack is still to be made.

        Examples
        --------
        >>> [status.value for status in Status if Asked(None, "impact", status).is_wanting]
        ['due', 'missed']
        """
        return self.status in (Status.DUE, Status.MISSED)


@dataclass(frozen=True)
class Standing:
    """How everything stands on a day: the occasions that count, those missing from before, and the next ones.

    ``missing`` are those missing from before; ``waiting`` is the last day of a calendar whose next school year is not in it
    yet, from its last half term on.
    """

    request: DueRequest
    settings: "Settings"
    since: date
    asked: tuple[Asked, ...]
    missing_before: int
    coming: tuple["Occasion", ...]
    notes: tuple[str, ...]
    missing: tuple[Asked, ...] = ()
    waiting: date | None = None

    @property
    def folder(self) -> Path:
        """The folder of all packs of this school."""
        return folder_of(self.request, self.settings)


def folder_of(request: DueRequest, settings: "Settings") -> Path:
    """Return the folder of all packs of a school."""
    return school_folder(request.out.resolve(), settings.school.name_and_urn)


def standing_on(request: DueRequest) -> Standing:
    """Return how the papers stand on a day, from the school file, its calendar and the packs that are there.

    No export is read but the log of notices, for the days on which notices to improve end, and that of plans, for their reviews.

    Raises
    ------
    SettingsError
        If the school file cannot be used, or its first meeting lies outside its calendar.
    """
    from attendance_lib.intake.settings.loading import load_settings

    settings = load_settings(request.school_file)
    shelf = Shelf(request, settings)
    occasions = sorted(
        map(shelf.left_of, occasions_of(settings, shelf.written)), key=lambda each: (each.due, each.at)
    )
    past = [each for each in occasions if request.is_past(each)]
    since = request.since or settings.occasions().half_term_start(request.on)
    counted = [each for each in past if each.due >= since or (not request.since and each in newest_of(past))]
    before = tuple(
        asked for each in past if each not in counted and (asked := shelf.asked(each, past)).is_wanting
    )
    return Standing(
        request,
        settings,
        since,
        asked=tuple(shelf.asked(each, past) for each in counted),
        missing_before=len(before),
        coming=tuple(next_of([each for each in occasions if request.is_to_come(each)])),
        notes=(
            *shelf.unreadable,
            *calendar_notes(settings, request.on),
            *shelf.shelves.under_another_name(request.project),
        ),
        missing=before,
        waiting=waiting_on(settings, request.on),
    )


def occasions_of(settings: "Settings", written: "State | None" = None) -> list["Occasion"]:
    """Return every occasion of a school, by its calendar, the ends of notices to improve in its log and the reviews of its plans.

    Parameters
    ----------
    settings : Settings
        The school file.
    written : State or None
        The casebook: plans and reviews that staff wrote and the log does not have yet.

    Raises
    ------
    SettingsError
        If the first meeting lies outside the calendar.
    """
    from attendance_lib.casebook.plans import merge_plans, reviews_waiting
    from attendance_lib.intake.notice_ends import improvement_ends, log_alone
    from attendance_lib.intake.support_tables import PLANS
    from attendance_lib.rules.occasions import CannotCountError

    reviews = reviews_waiting(merge_plans(log_alone(PLANS, settings), written))
    try:
        return every_occasion(
            replace(settings.occasions(), improvement_ends=improvement_ends(settings), reviews=reviews)
        )
    except CannotCountError:
        days = settings.build_calendar().school_days
        raise SettingsError(
            f"{settings.file}: meetings.pastoral.first {settings.meetings['pastoral'].first} lies outside the calendar "
            f"({days[0]} to {days[-1]}), so the school weeks since then cannot be counted. "
            "Give the first meeting of these terms."
        ) from None


def newest_of(past: list["Occasion"]) -> list["Occasion"]:
    """Return the newest occasion of each kind.

    Examples
    --------
    >>> from attendance_lib.rules.occasions import Occasion
    >>> days = {date(2026, 11, 2): "raffle", date(2026, 11, 4): "pastoral", date(2026, 11, 9): "raffle"}
    >>> [f"{each.kind} {each.due}" for each in newest_of([Occasion(day, kind, day, day, day) for day, kind in days.items()])]
    ['raffle 2026-11-09', 'pastoral 2026-11-04']
    """
    return list({each.kind: each for each in past}.values())


def next_of(coming: list["Occasion"]) -> list["Occasion"]:
    """Return the first occasion of each kind of those to come, by the day it is due.

    Examples
    --------
    >>> from attendance_lib.rules.occasions import Occasion
    >>> days = {date(2026, 11, 2): "raffle", date(2026, 11, 4): "pastoral", date(2026, 11, 9): "raffle"}
    >>> [f"{each.kind} {each.due}" for each in next_of([Occasion(day, kind, day, day, day) for day, kind in days.items()])]
    ['raffle 2026-11-02', 'pastoral 2026-11-04']
    """
    first = {each.kind: each for each in reversed(coming)}
    return sorted(first.values(), key=lambda each: (each.due, each.at))


def waiting_on(settings: "Settings", day: date) -> date | None:
    """Return the last day of the calendar once its last half term has begun, if all that follows waits for the next terms."""
    ending = settings.occasions().year_that_ends()
    return ending[1] if ending and ending[0] <= day else None


def calendar_notes(settings: "Settings", day: date) -> Iterator[str]:
    """Yield what the school file lacks for the papers of a day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
    >>> settings = SimpleNamespace(file=Path("school.yml"), build_calendar=lambda: calendar, meetings={PASTORAL: None})
    >>> list(calendar_notes(settings, date(2026, 12, 18))), list(calendar_notes(settings, date(2026, 12, 19)))
    ([], ["The calendar of school.yml ends on 2026-12-18. Add the next terms under 'calendar'."])
    """
    last = settings.build_calendar().school_days[-1]
    if day > last:
        yield f"The calendar of {settings.file.name} ends on {last}. Add the next terms under 'calendar'."
    yield from label_notes(settings, day)
    if PASTORAL not in settings.meetings and PASTORAL not in settings.papers.leave_out:
        yield f"{settings.file.name} names no meeting, so no pack is due before one. Add 'pastoral' under 'meetings'."


def label_notes(settings: "Settings", day: date) -> Iterator[str]:
    """Yield that the labels of the two-week timetable end within a fortnight, or have ended, though school goes on.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> autumn = Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),))
    >>> calendar = SchoolCalendar((autumn,), week_labels={date(2026, 11, 2): "A"})
    >>> settings = SimpleNamespace(file=Path("school.yml"), build_calendar=lambda: calendar)
    >>> [len(list(label_notes(settings, day))) for day in (date(2026, 10, 25), date(2026, 10, 26))]  # a fortnight before 9 November
    [0, 1]
    """
    calendar = settings.build_calendar()
    labelled = max(calendar.week_labels, default=None)
    beyond = [each for each in calendar.school_days if labelled and each >= labelled + A_WEEK]
    if beyond and day >= beyond[0] - 2 * A_WEEK:
        yield (
            f"The week labels of {settings.file.name} end with the week of {labelled}, and school goes on on {beyond[0]}. "
            "Add the next weeks under 'week_labels', or no weekday of the two-week timetable can be told apart."
        )


@dataclass(frozen=True)
class Shelf:
    """The packs of a school that are there."""

    request: DueRequest
    settings: "Settings"

    @cached_property
    def reports(self) -> tuple[str, ...]:
        """The reports that this project has a notebook for."""
        return self.request.project.reports()

    def asked(self, occasion: "Occasion", past: list["Occasion"]) -> Asked:
        """Return how one of the past occasions stands.

        An occasion is missed when its meeting is over, or the next one of its kind has come, without its pack.
        """
        report = asked_for(occasion.kind)
        pack = self.pack_of(occasion)
        if pack:
            return Asked(occasion, report, Status.MADE, pack)
        if report not in self.reports:
            return Asked(occasion, report, Status.NO_NOTEBOOK)
        is_over = occasion.meeting is not None and occasion.meeting < self.request.on
        is_late = is_over or occasion not in newest_of(past)
        return Asked(occasion, report, Status.MISSED if is_late else Status.DUE)

    def pack_of(self, occasion: "Occasion") -> Path | None:
        """Return the folder of the whole school's pack of an occasion, or that stands for it; None if there is none."""
        found = (pack for pack, receipt in self.packs if self.is_of(pack, receipt, occasion))
        return next(found, None) or self.fixed_past[occasion.kind].left_of(occasion)[1]

    def left_of(self, occasion: "Occasion") -> "Occasion":
        """Return an occasion without the days that packs of former calendars hold."""
        return self.fixed_past[occasion.kind].left_of(occasion)[0]

    @cached_property
    def kinds(self) -> list[str]:
        """Every kind of occasion that the school may have."""
        return kinds_of(self.settings.occasions())

    @cached_property
    def fixed_past(self) -> dict[str, FixedPast]:
        """What the schedule has made of each kind of occasion, for the whole school."""
        return {kind: self._fixed_past(kind) for kind in self.kinds}

    def _fixed_past(self, kind: str) -> FixedPast:
        report = asked_for(kind)
        periods = (
            (pack, Period.of(receipt.date_from, receipt.date_to))
            for pack, receipt in self.packs
            if receipt.report == report and receipt.marks_to
        )
        packs = [MadePack(period, pack) for pack, period in periods if pack.name == name_asked(kind, period)]
        return FixedPast(report, self.calendar, packs)

    def is_of(self, pack: Path, receipt: Receipt, occasion: "Occasion") -> bool:
        """Whether a pack is an occasion's: the same report, over the same school days or the whole record up to them.

        A pack's name is its period and what is asked for alone only if it is about the whole school and made with the notebook's
        own defaults; one made for a cohort or with another --set is no occasion's.
        """
        period = Period.of(receipt.date_from, receipt.date_to)
        if receipt.report != asked_for(occasion.kind) or pack.name != name_asked(occasion.kind, period):
            return False
        if paper_of(receipt.report).span is Span.WHOLE_RECORD:
            return period.date_to == occasion.last and period.date_from <= occasion.first
        return self.ends(period) == (occasion.first, occasion.last)

    def ends(self, period: Period) -> tuple[date, ...]:
        """Return the first and last school day of a period, which may itself begin or end on a day without school.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
        >>> calendar = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 11, 2), date(2026, 12, 18)),)),))
        >>> shelf = Shelf(None, SimpleNamespace(build_calendar=lambda: calendar))
        >>> [str(day) for day in shelf.ends(Period(date(2026, 11, 7), date(2026, 11, 15)))]  # from a Saturday to a Sunday
        ['2026-11-09', '2026-11-13']
        """
        days = [day for day in self.school_days if period.date_from <= day <= period.date_to]
        return (days[0], days[-1]) if days else ()

    @cached_property
    def calendar(self) -> "SchoolCalendar":
        """The calendar of the school file."""
        return self.settings.build_calendar()

    @cached_property
    def school_days(self) -> tuple[date, ...]:
        """The school days of the calendar."""
        return self.calendar.school_days

    @cached_property
    def packs(self) -> list[tuple[Path, Receipt]]:
        """Every pack whose receipt can be read, with it, in order of name."""
        return [(pack, found) for pack, found in self._receipts if isinstance(found, Receipt)]

    @cached_property
    def unreadable(self) -> tuple[str, ...]:
        """What is wrong with each receipt that cannot be read; its pack does not count as made."""
        return tuple(found for _, found in self._receipts if isinstance(found, str))

    @cached_property
    def shelves(self) -> "Shelves":
        """The folders of this school, under its present and its former names."""
        from attendance_lib.reports.shelves import Shelves

        return Shelves(self.settings, self.request.out.resolve())

    @cached_property
    def written(self) -> "State | None":
        """What staff wrote and was read; None where the casebook cannot be used, which whoever makes a paper is told."""
        try:
            return self.shelves.book.state()
        except CasebookError:
            return None

    @cached_property
    def _receipts(self) -> list[tuple[Path, Receipt | str]]:
        # Packs made under a former name are made: a new name asks for none of them again.
        reports = sorted(set(map(asked_for, self.kinds)))
        folders = [school / report for school in self.shelves.folders for report in reports]
        packs = [pack for folder in folders for pack in sorted(packs_in(folder))]
        return [(pack, receipt_or_problem(pack)) for pack in packs]


def name_asked(kind: str, period: Period) -> str:
    """Return the name of the folder of the whole school's pack that a kind of occasion asks for.

    Examples
    --------
    What is asked for beyond the defaults stands after the days; of capitals a mark follows, which is left out here.

    >>> from attendance_lib.rules.occasions import AFTERNOON_SHEET, MORNING_SHEET
    >>> monday = Period(date(2026, 11, 9), date(2026, 11, 9))
    >>> [name_asked(kind, monday).partition("~")[0] for kind in (MORNING_SHEET, AFTERNOON_SHEET)]
    ['2026-11-09_2026-11-09', '2026-11-09_2026-11-09_session-pm']
    """
    return pack_name(period, WHOLE_SCHOOL, values_asked(kind))


def receipt_or_problem(pack: Path) -> Receipt | str:
    """Return a pack's receipt, or why it cannot be read."""
    try:
        return read_receipt(pack)
    except RequestError as error:
        return str(error)


def counts_of(asked: tuple[Asked, ...]) -> Counter[Status]:
    """Return how many occasions stand how."""
    return Counter(each.status for each in asked)


def in_its_words(words: str, standing: Standing) -> str:
    """Return what is asked for, with a half term by the name that the school's calendar has for one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
    >>> whole_term = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 12, 18)),)),))
    >>> standing = SimpleNamespace(settings=SimpleNamespace(build_calendar=lambda: whole_term))
    >>> in_its_words("governors' report on the {span}", standing)
    "governors' report on the term"
    """
    return words.format(span=standing.settings.build_calendar().span_word)
