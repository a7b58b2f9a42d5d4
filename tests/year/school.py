"""An invented school of six pupils a year group: its exports and school file as they stood on the evening of any day."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np

from tests.school_file import details
from tests.year import story
from tests.year.story import Story

ONE_DAY = timedelta(days=1)
PUPILS_A_COHORT = 6
SEED = 20250901
# What share of sessions each pupil of a year group misses: some are persistently and one severely absent, so that governors'
# reports have small counts to withhold. For one absence of three no reason is found for four days.
MISSED = (0.02, 0.04, 0.06, 0.1, 0.2, 0.6)
SEN = "NNKNKE"
# Days on which pupils are on holiday in term: two of each year group, and then one alone in each half term, whom the
# report on it must not betray beside the year to date before it.
HOLIDAY = "G"
TOGETHER = date(2025, 10, 1)
ALONE = tuple(map(date.fromisoformat, ("2025-11-26", "2026-01-14", "2026-03-04", "2026-04-22", "2026-06-10")))
REASON_FOUND = timedelta(days=4)
ROLL_HEAD = (
    "pupil_id,surname,forename,year_group,form,date_of_birth,sex,fsm,sen_status,admission_date,leaving_date"
)
MARKS_HEAD = "pupil_id,date,session,code"


@dataclass(frozen=True)
class Pupil:
    """One pupil: ``place`` is that of the cohort among the story's, of which the first comes in September 2026."""

    number: int
    place: int
    story: Story

    @property
    def pupil_id(self) -> str:
        return f"{self.place + 6:02}{self.number:02}"

    @property
    def cohort(self) -> int:
        """The year group in 2025/26."""
        return self.story.cohorts[self.place]

    @property
    def comes_next_year(self) -> bool:
        return self.place == 0

    @property
    def admission(self) -> date:
        if self.comes_next_year:
            return self.story.starts
        return story.JOINS if (self.place, self.number) == (2, 0) else date(2025, 9, 1)

    @property
    def leaving(self) -> date | None:
        if (self.place, self.number) == (3, 0):
            return story.LEAVES
        return story.LAST_DAY if self.place == len(self.story.cohorts) - 1 else None

    def is_on_roll(self, day: date) -> bool:
        return self.admission <= day and (self.leaving is None or day <= self.leaving)

    def year_group(self, school_year: int) -> int:
        return self.cohort + school_year - 2025


@dataclass
class School:
    """The school below a project's folder; ``agreed`` are the actions that its log has by a day."""

    root: Path
    story: Story
    agreed: list[tuple[date, str]] = field(default_factory=list)

    @cached_property
    def pupils(self) -> list[Pupil]:
        return [
            Pupil(number, place, self.story)
            for place in range(len(self.story.cohorts))
            for number in range(PUPILS_A_COHORT)
        ]

    @cached_property
    def days(self) -> list[date]:
        """Every day with school, as it turned out."""
        whole = (story.FIRST_DAY + ONE_DAY * number for number in range((story.ENDS - story.FIRST_DAY).days))
        return [day for day in whole if day.weekday() < 5 and not self.is_closed(day)]

    def is_closed(self, day: date) -> bool:
        closed = (*self.story.holidays, story.CLOSED)
        return any(first <= day <= last for first, last in closed)

    @cached_property
    def absences(self) -> dict[tuple[str, date, str], str]:
        """The code of every session that is missed, once its reason is known."""
        rng = np.random.default_rng(SEED)
        sessions = [(pupil, day, half) for pupil in self.pupils for day in self.days for half in ("AM", "PM")]
        draws = rng.random(len(sessions))
        drawn = {
            (pupil.pupil_id, *session): ("N", "I", "O")[int(draw / MISSED[pupil.number] * 3)]
            for (pupil, *session), draw in zip(sessions, draws, strict=True)
            if draw < MISSED[pupil.number]
        }
        return drawn | dict.fromkeys(self.holidays(), HOLIDAY)

    def holidays(self) -> Iterator[tuple[str, date, str]]:
        """The sessions for which pupils are on holiday."""
        for half in ("AM", "PM"):
            yield from ((pupil.pupil_id, TOGETHER, half) for pupil in self.pupils if pupil.number < 2)
            yield from (("0701", day, half) for day in ALONE)

    def code(self, pupil: Pupil, day: date, half: str, as_on: date) -> str:
        """What the register says of a session as it stood on a day: a reason found later is not there yet."""
        code = self.absences.get((pupil.pupil_id, day, half), "/" if half == "AM" else "\\")
        return "I" if code == "N" and as_on - day >= REASON_FOUND else code

    def marks(self, first: date, last: date, as_on: date) -> Iterator[str]:
        """The tidy rows of some days, by pupil as an MIS sorts them."""
        days = [day for day in self.days if first <= day <= min(last, as_on) and self.is_held(day, as_on)]
        for pupil in self.pupils:
            for day in days:
                if pupil.is_on_roll(day):
                    for half in ("AM", "PM"):
                        yield f"{pupil.pupil_id},{day},{half},{self.code(pupil, day, half, as_on)}"

    def is_held(self, day: date, as_on: date) -> bool:
        """Whether the registers of a day are held on another: those of the snow day were annulled."""
        return day != self.story.snow or as_on < self.story.snow_typed

    def weeks(self, as_on: date) -> Iterator[str]:
        """All of last year's marks again, as another report of the MIS has them: a row a week."""
        days = [day for day in self.days if day < date(2026, 8, 1) and self.is_held(day, as_on)]
        mondays = sorted({day - ONE_DAY * day.weekday() for day in days})
        for pupil in self.pupils:
            for monday in mondays:
                week = [monday + ONE_DAY * number for number in range(5)]
                cells = [
                    self.code(pupil, day, half, as_on) if day in days and pupil.is_on_roll(day) else "#"
                    for day in week
                    for half in ("AM", "PM")
                ]
                yield ",".join([pupil.pupil_id, f"{monday}T00:00:00", *cells])

    def roll(self, as_on: date) -> Iterator[str]:
        """The pupils file: pupils of the time to come are not in it before they are admitted or promoted."""
        promoted = as_on >= story.PROMOTED
        for pupil in self.pupils:
            if pupil.admission > as_on and not (promoted and pupil.comes_next_year):
                continue
            is_gone = pupil.leaving is not None and pupil.leaving < story.PROMOTED
            year = pupil.year_group(2026 if promoted and not is_gone else 2025)
            form = f"{year}{'B' if as_on >= story.MOVES_FORM and pupil.number == 3 else 'A'}"
            left = pupil.leaving if pupil.leaving and pupil.leaving <= as_on else ""
            yield (
                f"{pupil.pupil_id},Surname{pupil.pupil_id},Forename,{year},{form},{2020 - pupil.cohort}-10-15,"
                f"{'FM'[pupil.number % 2]},{int(pupil.number < 2)},{SEN[pupil.number]},{pupil.admission},{left}"
            )

    def write(self, as_on: date) -> None:
        """Write the exports as they stood on the evening of a day, files as the school keeps them by then."""
        folder = self.root / "params"
        for path in folder.glob("*.csv"):
            path.unlink()
        put(folder / "pupils.csv", [ROLL_HEAD, *self.roll(as_on)])
        for name, first, last in self.files(as_on):
            put(folder / name, [MARKS_HEAD, *self.marks(first, last, as_on)])
        if as_on >= date(2026, 9, 3):
            heads = ",".join(
                f"{day}{half}" for day in ("Mon", "Tue", "Wed", "Thu", "Fri") for half in ("AM", "PM")
            )
            put(folder / "marks_last_year.csv", [f"StudentId,CalendarStartDate,{heads}", *self.weeks(as_on)])
        log = [
            f"L{number:03},0701,{day},{words},HoY 7,{day + ONE_DAY * 10},{'done' if as_on - day > ONE_DAY * 20 else 'open'},"
            f"{day + ONE_DAY * 20 if as_on - day > ONE_DAY * 20 else ''},"
            for number, (day, words) in enumerate(self.agreed)
        ]
        put(
            folder / "actions.csv",
            ["action_id,pupil_id,raised_on,action,owner,due_date,status,completed_on,note", *log],
        )
        # Without any intervention the evaluation is asked for on no day.
        tried = ["0701,Mentor,2,2025-09-15,2025-12-19"] if as_on >= date(2025, 9, 15) else []
        put(folder / "interventions.csv", ["pupil_id,intervention,tier,start_date,end_date", *tried])

    @staticmethod
    def files(as_on: date) -> Iterator[tuple[str, date, date]]:
        """One file a half term in the autumn, one growing file from January, and a new one from September."""
        if as_on < date(2026, 9, 3):
            yield "marks_autumn_1.csv", date(2025, 9, 1), date(2025, 10, 31)
            if as_on >= date(2025, 11, 3):
                yield "marks_autumn_2.csv", date(2025, 11, 1), date(2025, 12, 31)
            if as_on >= date(2026, 1, 5):
                yield "marks_2026.csv", date(2026, 1, 1), date(2026, 8, 31)
        else:
            yield "marks_this_year.csv", date(2026, 9, 1), date(2026, 12, 31)

    def break_off(self) -> None:
        """Cut the growing file in the middle of a line, half way."""
        path = self.root / "params" / "marks_2026.csv"
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: text.index("\n", len(text) // 2) + 8], encoding="utf-8")

    def write_school_file(self, today: date) -> None:
        """Write the school file as it is on a day: calendars and names are edited when somebody finds the time."""
        self.school_file(min(today, self.story.renamed - ONE_DAY)).unlink(missing_ok=True)
        name, urn = story.NEW if today >= self.story.renamed else story.OLD
        exports = ' {path: "marks_*.csv"}\n  actions: {path: "actions.csv"}'
        exports += '\n  interventions: {path: "interventions.csv"}'
        text = details(name, urn, marks=exports).replace("[7, 8]", str(list(self.story.cohorts[1:])))
        text = text.replace("phase: secondary", f"phase: {self.story.phase}")
        if today >= self.story.renamed:
            formerly = f'  formerly: [{{name: "{story.OLD[0]}", urn: "{story.OLD[1]}"}}]\n'
            text = text.replace("  phase:", f"{formerly}  phase:")
        is_replaced = today == self.story.replaced
        terms = "" if is_replaced else self.story.last_year
        terms += self.story.this_year if today >= story.NEXT_TERMS else ""
        first = self.story.new_meeting if is_replaced else "2025-09-09"
        meetings = f"meetings:\n  pastoral: {{first: {first}, every_school_weeks: 2}}\n"
        text += f"calendar:\n  terms:\n{terms}{self.closures(today)}{meetings}"
        self.school_file(today).write_text(text, encoding="utf-8")

    def school_file(self, today: date) -> Path:
        """Where the school file is on a day."""
        name = self.story.renamed_file if today >= self.story.renamed else "school.yml"
        return self.root / "params" / name

    def closures(self, today: date) -> str:
        days = [self.story.snow] if self.story.snow_typed <= today != self.story.replaced else []
        if story.CLOSED_TYPED <= today != self.story.replaced:
            days += [story.CLOSED[0] + ONE_DAY * number for number in range(5)]
        rows = "".join(f"    - {{date: {day}, reason: no school}}\n" for day in days)
        return f"  closures:\n{rows}" if rows else ""


def put(path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
