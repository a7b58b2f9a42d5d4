"""The pack's figures counted again, one mark at a time, from what the files say. Nothing of the library is used.

The classes of codes are written out from the law: School Attendance (Pupil Registration) (England) Regulations 2024,
regulation 10, and DfE's statistical classes. Only the set in force from 19 August 2024 is needed here.
"""

from bisect import bisect_right
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from tests.recount.school_files import School, Session

PRESENT = "/ \\ L".split()
ACTIVITY = "K V P W B".split()
AUTHORISED = "C1 M J1 S C2 C T R I E".split()
UNAUTHORISED = "G N O U".split()
NOT_POSSIBLE = "D X Q Y1 Y2 Y3 Y4 Y5 Y6 Y7 Z #".split()
CLASSES = {
    **dict.fromkeys(PRESENT, "present"),
    **dict.fromkeys(ACTIVITY, "activity"),
    **dict.fromkeys(AUTHORISED, "authorised"),
    **dict.fromkeys(UNAUTHORISED, "unauthorised"),
    **dict.fromkeys(NOT_POSSIBLE, "not_possible"),
}
MISSING, CLOSED, OFF_ROLL = "missing", "closed", "off roll"


def year_group_in(pupil: dict, school_year: str) -> int:
    """The year group an enrolment was in, in a school year."""
    return pupil["year_group"] - (int(pupil["year_group_of"][:4]) - int(school_year[:4]))


def is_on_roll(pupil: dict, day: date) -> bool:
    """Admission and leaving day both included."""
    return (pupil["admission_date"] or date.min) <= day <= (pupil["leaving_date"] or date.max)


def mark(school: School, pupil: dict, session: Session, known_on: date | None = None) -> str:
    """The code of one pupil in one session, or why there is none; as known on a day, if one is given."""
    if not is_on_roll(pupil, session.day):
        return OFF_ROLL
    if session.closed_for and year_group_in(pupil, session.school_year) in session.closed_for:
        return CLOSED
    code = school.marks.get(pupil["pupil_id"], {}).get(session.key, "")
    if known_on:
        before, changed_on = school.edits.get(pupil["pupil_id"], {}).get(session.key, ("", None))
        if changed_on and changed_on > known_on:
            code = before
    return code or MISSING


def count(
    school: School, pupils: list[dict], sessions: list[Session], known_on: date | None = None
) -> Counter:
    """Sessions of some pupils by class and by code."""
    found = Counter()
    for pupil in pupils:
        for session in sessions:
            code = mark(school, pupil, session, known_on)
            found[CLASSES.get(code, code if code in (MISSING, CLOSED, OFF_ROLL) else "unclassified")] += 1
            found["code", code] += 1
    found["attended"] = found["present"] + found["activity"]
    found["absent"] = found["authorised"] + found["unauthorised"]
    found["possible"] = found["attended"] + found["absent"]
    return found


def is_persistent(counted: Counter) -> bool:
    """Exactly a tenth missed is persistent absence."""
    return counted["possible"] > 0 and 10 * counted["absent"] >= counted["possible"]


def is_severe(counted: Counter) -> bool:
    return counted["possible"] > 0 and 2 * counted["absent"] >= counted["possible"]


def is_at_risk(counted: Counter) -> bool:
    return (
        counted["possible"] > 0
        and 20 * counted["absent"] >= counted["possible"]
        and not is_persistent(counted)
    )


def standing(counted: Counter) -> int:
    """0 no session, 1 above 95%, 2 at risk, 3 persistent, 4 severe."""
    if not counted["possible"]:
        return 0
    return 4 if is_severe(counted) else 3 if is_persistent(counted) else 2 if is_at_risk(counted) else 1


class Recount:
    """One period of a school's year."""

    def __init__(self, school: School, date_from: date, date_to: date) -> None:
        self.school, self.date_from, self.date_to = school, date_from, date_to
        upto = [session for session in school.sessions if session.day <= date_to]
        self.upto, self.school_year = upto, upto[-1].school_year
        self.keyed = {session.key: session for session in upto}
        self.year_sessions = [session for session in upto if session.school_year == self.school_year]
        self.current = [session for session in self.year_sessions if session.day >= date_from]
        self.earlier = [session for session in self.year_sessions if session.day < date_from]
        self.weeks = sorted({session.week for session in school.sessions})
        self.per_enrolment: dict[tuple, Counter] = {}

    @property
    def previous(self) -> list[Session]:
        """As many school weeks just before, on the same weekdays and halves, in the later school year they touch."""
        own = sorted({session.week for session in self.current})
        first = self.weeks.index(own[0])
        before = self.weeks[max(first - len(own), 0) : first]

        def place(session: Session, weeks: list) -> tuple:
            return len(weeks) - weeks.index(session.week), session.day.weekday(), session.half

        wanted = {place(session, own) for session in self.current}
        within = [session for session in self.school.sessions if session.week in before]
        found = [session for session in within if place(session, before) in wanted]
        return [session for session in found if session.school_year == found[-1].school_year]

    def place(self, session: Session) -> tuple:
        """Where a session stands in its school year."""
        weeks = sorted({each.week for each in self.school.sessions if each.half_term == session.half_term})
        return session.half_term[1:], weeks.index(session.week), session.day.weekday(), session.half

    @property
    def last_year(self) -> list[Session]:
        """The sessions of the same half term, week, weekday and half, a school year before."""
        start = int(self.school_year[:4]) - 1
        wanted = {self.place(session) for session in self.current}
        year = [
            session
            for session in self.school.sessions
            if session.school_year == f"{start}{(start + 1) % 100:02d}"
        ]
        return [session for session in year if self.place(session) in wanted]

    def enrolments(self, basis: str, school_year: str = "") -> list[dict]:
        """``roll``: on roll on the last day; ``dfe``: aged 5 to 15 on 31 August before the school year; ``outside``: not so."""
        if basis == "roll":
            return [pupil for pupil in self.school.pupils if is_on_roll(pupil, self.date_to)]
        if basis == "outside":
            counted = {pupil["enrolment"] for pupil in self.enrolments("dfe", school_year)}
            return [pupil for pupil in self.school.pupils if pupil["enrolment"] not in counted]
        start = int((school_year or self.school_year)[:4])
        youngest, oldest = date(start - 5, 8, 31), date(start - 16, 9, 1)
        return [
            pupil for pupil in self.school.pupils
            if (oldest <= pupil["date_of_birth"] <= youngest if pupil["date_of_birth"]
                else 1 <= year_group_in(pupil, school_year or self.school_year) <= 11)
        ]  # fmt: skip

    def total(self, pupil: dict, span: str = "year", known_on: date | None = None) -> Counter:
        """One enrolment's counts over the year to date, the period or the year before the period."""
        sessions = {"year": self.year_sessions, "current": self.current, "earlier": self.earlier}[span]
        key = pupil["enrolment"], span, known_on
        if key not in self.per_enrolment:
            self.per_enrolment[key] = count(self.school, [pupil], sessions, known_on)
        return self.per_enrolment[key]

    def of_person(self, pupil: dict, span: str = "year", known_on: date | None = None) -> Counter:
        """The same over all of a pupil's enrolments: one who left and came back is one person in a list of people."""
        rows = [row for row in self.school.pupils if row["pupil_id"] == pupil["pupil_id"]]
        return sum_of([self.total(row, span, known_on) for row in rows])

    def headline(self, basis: str) -> dict[str, int]:
        """Enrolments, sessions and flags of the year to date."""
        totals = [self.total(pupil) for pupil in self.enrolments(basis)]
        return {
            "enrolments": sum(each["possible"] > 0 for each in totals),
            "possible_sessions": sum(each["possible"] for each in totals),
            "absence_sessions": sum(each["absent"] for each in totals),
            "persistently_absent_enrolments": sum(map(is_persistent, totals)),
            "severely_absent_enrolments": sum(map(is_severe, totals)),
            "at_risk_enrolments": sum(map(is_at_risk, totals)),
        }

    def reconciliation(self, fewest: int) -> dict[str, dict[str, set[int]]]:
        """Under each definition: which enrolments are counted, persistently absent and severely absent."""
        dfe = [pupil["enrolment"] for pupil in self.enrolments("dfe")]
        roll = [pupil["enrolment"] for pupil in self.enrolments("roll")]
        totals = {pupil["enrolment"]: self.total(pupil) for pupil in self.school.pupils}
        of_age = {pupil["enrolment"]: self.total_of_age(pupil) for pupil in self.school.pupils}
        long_enough = [place for place in dfe if totals[place]["possible"] >= fewest]
        return {
            "dfe_comparable": told_apart(dfe, totals),
            "current_roll": told_apart(roll, totals),
            "statutory_age": told_apart(of_age, of_age),
            "long_enough": told_apart(long_enough, totals),
            "below_the_line": told_apart(dfe, totals, is_strict=True),
        }

    def total_of_age(self, pupil: dict) -> Counter:
        """One enrolment's counts of the year to date, of the sessions at which it was of compulsory school age."""
        sessions = [session for session in self.year_sessions if self.is_of_age(pupil, session)]
        return self.total(pupil) if sessions == self.year_sessions else count(self.school, [pupil], sessions)

    def is_of_age(self, pupil: dict, session: Session) -> bool:
        """Compulsory school age at a session; Years 1 to 11 where the date of birth is not known."""
        born = pupil["date_of_birth"]
        if born is None:
            return 1 <= year_group_in(pupil, self.school_year) <= 11
        return school_age_begins(born) <= session.day <= school_age_ends(born)

    def group(self, column: str, value: object, basis: str = "dfe") -> dict:
        """One group's year to date, period and gap to everyone else."""
        everyone = self.enrolments(basis)
        inside = [pupil for pupil in everyone if self.value(pupil, column) == value]
        outside = [pupil for pupil in everyone if self.value(pupil, column) != value]
        totals = [self.total(pupil) for pupil in inside]
        year, others = sum_of(totals), sum_of([self.total(pupil) for pupil in outside])
        now = sum_of([self.total(pupil, "current") for pupil in inside])
        before = count(self.school, inside, self.previous)
        return {
            "enrolments": sum(each["possible"] > 0 for each in totals),
            "possible_sessions": year["possible"],
            "absence_sessions": year["absent"],
            "persistently_absent_enrolments": sum(map(is_persistent, totals)),
            "attendance_rate": Fraction(year["attended"], year["possible"]),
            "gap_rate": Fraction(year["attended"], year["possible"])
            - Fraction(others["attended"], others["possible"])
            if others["possible"]
            else None,
            "period_attendance_rate": Fraction(now["attended"], now["possible"]),
            "change_rate": Fraction(now["attended"], now["possible"])
            - Fraction(before["attended"], before["possible"]),
        }

    def value(self, pupil: dict, column: str) -> object:
        return year_group_in(pupil, self.school_year) if column == "year_group" else pupil[column]

    def crossings(self) -> list[tuple]:
        """(pupil, cause, was, now): by sessions since, and by edits after the last day before the period."""
        found, last = [], self.earlier[-1].day
        for pupil in self.enrolments("roll"):
            corrected, now = standing(self.of_person(pupil, "earlier")), standing(self.of_person(pupil))
            known_then = standing(self.of_person(pupil, "earlier", known_on=last))
            for cause, was, then in (
                ("sessions since", corrected, now),
                ("edits to earlier marks", known_then, corrected),
            ):
                if was != then and was and then:
                    found.append((pupil["pupil_id"], cause, was, then))
        return found

    def late_edits(self) -> dict[str, tuple[int, int]]:
        """Marks and pupils of each kind of edit made after the last day before the period to marks before it."""
        marks, people, last = Counter(), {}, self.earlier[-1].day
        keys = {session.key: session for session in self.earlier}
        for pupil in self.enrolments("roll"):
            for key, (before, changed_on) in self.school.edits.get(pupil["pupil_id"], {}).items():
                if (
                    changed_on > last
                    and key in keys
                    and mark(self.school, pupil, keys[key]) not in (CLOSED, OFF_ROLL)
                ):
                    kind = edit_kind(before, self.school.marks[pupil["pupil_id"]][key])
                    marks[kind] += 1
                    people.setdefault(kind, set()).add(pupil["pupil_id"])
        return {kind: (marks[kind], len(people[kind])) for kind in marks}

    def unexplained(self) -> list[tuple]:
        """(pupil, day, half, what, is overdue) of every N and missing mark of the year to date, of pupils of every age."""
        found = []
        for pupil in self.school.pupils:
            for session in self.year_sessions:
                code = mark(self.school, pupil, session)
                if code in ("N", MISSING):
                    found.append(
                        (pupil["pupil_id"], session.day, session.half, code, self.is_overdue(session.day))
                    )
        return found

    def is_overdue(self, day: date) -> bool:
        """Whether the fifth school day after a day is past."""
        return [each for each in self.school.school_days if each > day][4] < self.date_to

    def windows(self, needed: int, length: int, period: str) -> dict[tuple[str, str], dict]:
        """The national window (``period`` "week") or a local one ("term") of each pupil on roll and parent.

        A pupil for whom nobody got a penalty notice has one of "Each parent"; else each parent who got one has a window
        of their own, and there is one of "Any other parent". Notices are for pupils of compulsory school age: on the last day,
        and at the sessions that count.
        """
        acted, found = self.acted_on(), {}
        numbers = numbered([getattr(session, period) for session in self.upto])
        for now in self.enrolments("roll"):
            if not self.is_of_age(now, self.upto[-1]):
                continue
            pupil_id = now["pupil_id"]
            rows = [pupil for pupil in self.school.pupils if pupil["pupil_id"] == pupil_id]
            codes = self.codes_of(pupil_id, rows)
            own = acted.get(pupil_id, {})
            for parent, through in {"Any other parent" if own else "Each parent": date.min, **own}.items():
                hits = [
                    place for place, code in enumerate(codes)
                    if code in UNAUTHORISED and self.upto[place].day > through and self.is_of_age(now, self.upto[place])
                ]  # fmt: skip
                if hits:
                    found[pupil_id, parent] = self.window_of(hits, codes, numbers, (needed, length))
        return found

    def codes_of(self, pupil_id: str, rows: list[dict]) -> list[str]:
        """The code of each session of a pupil with one or two enrolments, looked up once for all rules and all days."""
        known = self.school.codes.setdefault(pupil_id, {})
        for key, session in self.keyed.items():
            if key not in known:
                found = (mark(self.school, row, session) for row in rows)
                known[key] = next((code for code in found if code != OFF_ROLL), OFF_ROLL)
        return [known[key] for key in self.keyed]

    def window_of(self, hits: list[int], codes: list[str], numbers: list[int], rule: tuple[int, int]) -> dict:
        """What one pupil's hits make of the window that ends on the last day."""
        needed, length = rule
        begin = next(place for place, number in enumerate(numbers) if number > numbers[-1] - length)
        inside = [place for place in hits if place >= begin]
        # Fewer than are needed are never enough, wherever the window ends.
        # Places and their numbers both ascend: of the hits up to an end, those of its window are all but the first few.
        weeks = [numbers[hit] for hit in hits]
        is_met = [
            len(hits) >= needed
            and bisect_right(hits, end) - bisect_right(weeks, numbers[end] - length) >= needed
            for end in range(len(numbers))
        ]
        return {
            "counted_sessions": len(inside),
            "n_sessions": sum(codes[place] == "N" for place in inside),
            "first_met_date": self.first_met(is_met, begin),
            "is_met_now": len(inside) >= needed,
            "is_near": needed - 3 <= len(inside) < needed,
        }

    def first_met(self, is_met: list[bool], begin: int) -> date | None:
        """The first day of the spell at the threshold that reaches into the current window, or began in it."""
        if not any(is_met[begin:]):
            return None
        place = is_met.index(True, begin)
        while place and is_met[place - 1]:
            place -= 1
        return self.upto[place].day

    def acted_on(self) -> dict[str, dict[str, date]]:
        """By pupil and parent the last absence for which a penalty notice was issued and not withdrawn."""
        found: dict[str, dict[str, date]] = {}
        for row in self.standing_notices():
            if str(row["kind"]).strip().lower() == "penalty notice":
                own = found.setdefault(row["pupil_id"], {})
                through = row["acted_on_through_date"] or date.min
                parent = row["parent"] or "a parent not named"
                own[parent] = max(own.get(parent, date.min), through)
        return found

    def under_notice_to_improve(self) -> set[str]:
        """The pupils for whom a notice to improve is running."""
        return {
            row["pupil_id"] for row in self.standing_notices()
            if "improve" in str(row["kind"]).lower() and str(row["status"]).strip().lower() == "active"
        }  # fmt: skip

    def standing_notices(self) -> list[dict]:
        """The entries of the notices log issued by the last day and not withdrawn."""
        return [
            row for row in self.school.logs.get("notices", ())
            if row["issued_on"] <= self.date_to and str(row["status"]).strip().lower() != "withdrawn"
        ]  # fmt: skip

    def points(self) -> dict[str, dict]:
        """The reasons of the priority list that hold for each pupil on it, and their points."""
        crossed = {
            (pupil, now)
            for pupil, cause, was, now in self.crossings()
            if cause == "sessions since" and now > was
        }
        supported = {
            row["pupil_id"] for row in self.school.logs.get("interventions", ())
            if row["pupil_id"] and row["start_date"] <= self.date_to and (row["end_date"] or date.max) >= self.date_to
        }  # fmt: skip
        listed = {
            pupil["pupil_id"]: self.reasons(pupil, crossed, supported) for pupil in self.enrolments("roll")
        }
        return {pupil_id: held for pupil_id, held in listed.items() if held["is_listed"]}

    def reasons(self, pupil: dict, crossed: set, supported: set) -> dict:
        """One pupil's reasons and points; the swing in exact fractions."""
        year, now = self.of_person(pupil), self.of_person(pupil, "current")
        swing, over = self.swing(pupil), is_persistent(year)
        held = {
            "became_severe": (4, (pupil["pupil_id"], 4) in crossed),
            "became_persistent": (3, (pupil["pupil_id"], 3) in crossed),
            "is_near": (
                3,
                is_at_risk(year)
                and any(
                    is_persistent({"absent": year["absent"] + more, "possible": year["possible"] + more})
                    for more in range(1, 5)
                ),
            ),
            "is_falling": (2, swing is not None and swing <= Fraction(-1, 5)),
            "is_severe": (2, is_severe(year)),
            "is_persistent": (1, over),
            "is_unauthorised": (1, now["unauthorised"] >= 4),
            "is_unsupported": (
                1,
                over and "interventions" in self.school.logs and pupil["pupil_id"] not in supported,
            ),
            "has_social_care": (
                1,
                "1" in map(pupil.get, ("looked_after", "child_in_need", "child_protection")),
            ),
            "is_returning": (-2, over and swing is not None and swing >= Fraction(1, 5)),
        }
        listing = (
            "became_severe",
            "became_persistent",
            "is_near",
            "is_returning",
            "is_falling",
            "is_severe",
            "is_persistent",
        )
        return {
            "points": sum(points for points, is_held in held.values() if is_held),
            "is_listed": any(held[name][1] for name in listing),
            "absent_in_period": now["absent"],
            "absent": year["absent"],
        }

    def swing(self, pupil: dict) -> Fraction | None:
        """The period's attendance less that of the six school weeks before it, if both have 8 possible sessions."""
        weeks = sorted({session.week for session in self.earlier})[-6:]
        rows = [row for row in self.school.pupils if row["pupil_id"] == pupil["pupil_id"]]
        before = count(self.school, rows, [session for session in self.earlier if session.week in weeks])
        now = self.of_person(pupil, "current")
        if min(before["possible"], now["possible"]) < 8:
            return None
        return Fraction(now["attended"], now["possible"]) - Fraction(before["attended"], before["possible"])


def told_apart(
    places: list[int], totals: dict[int, Counter], *, is_strict: bool = False
) -> dict[str, set[int]]:
    """Who has a possible session, who missed a tenth and who a half; strictly more than that, if so asked."""
    counted = {place for place in places if totals[place]["possible"]}
    attended = {
        place: Fraction(totals[place]["attended"], totals[place]["possible"]) for place in counted
    }  # fmt: skip
    line, half = Fraction(90, 100), Fraction(50, 100)
    return {
        "enrolments": counted,
        "persistently_absent_enrolments": {
            place
            for place in counted
            if attended[place] < line or (attended[place] == line and not is_strict)
        },
        "severely_absent_enrolments": {
            place
            for place in counted
            if attended[place] < half or (attended[place] == half and not is_strict)
        },
    }


@cache
def school_age_begins(born: date) -> date:
    """31 March, 31 August or 31 December, whichever comes first on or after the fifth birthday."""
    fifth = (
        date(born.year + 5, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=born.year + 5)
    )
    return next(
        day for month, last in ((3, 31), (8, 31), (12, 31)) if (day := date(fifth.year, month, last)) >= fifth
    )


@cache
def school_age_ends(born: date) -> date:
    """The last Friday in June of the school year (September to August) in which the sixteenth birthday falls."""
    day = date(born.year + (16 if born.month < 9 else 17), 6, 30)
    while day.isoweekday() != 5:
        day -= timedelta(1)
    return day


EDIT_KINDS = {
    ("unauthorised", "attended"): "unauthorised absence became attendance",
    ("unauthorised", "authorised"): "unauthorised absence became authorised",
    ("authorised", "attended"): "absence became attendance",
    ("attended", "authorised"): "attendance became absence",
    ("attended", "unauthorised"): "attendance became absence",
}


def edit_kind(before: str, after: str) -> str:
    """What an edit did, in the pack's words."""
    names = {"present": "attended", "activity": "attended"}
    was, now = (names.get(CLASSES.get(code), CLASSES.get(code)) for code in (before, after))
    return "a reason was found for N" if before == "N" else EDIT_KINDS.get((was, now), "any other change")


def sum_of(counters: list[Counter]) -> Counter:
    """The sum of counters."""
    found = Counter()
    for each in counters:
        found.update(each)
    return found


def numbered(values: list) -> list[int]:
    """Each value's number in the order in which values first occur."""
    places: dict[object, int] = {}
    return [places.setdefault(value, len(places)) for value in values]
