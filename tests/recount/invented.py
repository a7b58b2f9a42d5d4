"""Invented schools of other shapes for the recount, as the files that a school exports; nothing of the library is used."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

# Each half term's Monday and how many weeks it has: six in a school year, of which three terms have two each.
HALF_TERMS = ((9, 7, 6), (11, 2, 4), (1, 11, 3), (2, 22, 3), (4, 19, 3), (6, 7, 3))
LAST_MARK = date(2026, 11, 20)
AWAY = ("I", "I", "N", "O", "O", "U", "G", "M", "C2", "L", "X", "D", "")
NOTICES = """\
  notices:
    national_framework: {from: 2024-08-19, count_n: true}
    local:
    - {name: Six in two terms, sessions: 6, terms: 2, from: 2025-09-01}
"""


@dataclass(frozen=True)
class Invented:
    """A school: its year groups of eight pupils each, how many half terms a term has, and whether a pupil comes back."""

    name: str
    phase: str
    year_groups: tuple[int, ...]
    halves: int
    has_returner: bool = False

    def write(self, folder: Path) -> Path:
        """Write pupils, marks and the school file, and return the school file."""
        chance = random.Random(self.name)
        pupils = [
            (f"{year + 2:02d}{number}", year, number) for year in self.year_groups for number in range(8)
        ]
        lines = [
            "pupil_id,surname,forename,year_group,form,date_of_birth,sex,fsm,sen_status,admission_date,leaving_date"
        ]
        marks = ["pupil_id,date,session,code"]
        for who, year, number in pupils:
            spans = self.spans(who)
            born = date(2022 - year, 1 + number, 10)
            lines += [
                f"{who},Sur{who},For{who},{year},{year}A,{born},{'FM'[number % 2]},{int(number < 3)},"
                f"{'NKE'[number % 3]},{first},{last or ''}"
                for first, last in spans
            ]
            marks += [
                f"{who},{day},{half},{code}"
                for day in school_days()
                if any(first <= day and (last is None or day <= last) for first, last in spans)
                for half in ("AM", "PM")
                if (code := code_of(chance, number, half)) != ""
            ]
        (folder / "pupils.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        (folder / "marks.csv").write_text("\n".join(marks) + "\n", encoding="utf-8")
        (folder / "school.yml").write_text(self.settings(), encoding="utf-8")
        return folder / "school.yml"

    def spans(self, who: str) -> list[tuple[date, date | None]]:
        """When a pupil was on roll: the second of the first year group left and came back, the third left."""
        first, here = f"{self.year_groups[0] + 2:02d}", date(2025, 9, 1)
        if self.has_returner and who == f"{first}1":
            return [(here, date(2026, 9, 25)), (date(2026, 10, 5), None)]
        return [(here, date(2026, 10, 9) if self.has_returner and who == f"{first}2" else None)]

    def settings(self) -> str:
        """The school file."""
        terms = "".join(
            f'    - {{school_year: "{year}{(year + 1) % 100}", name: {self.term_name(place)}, half_terms: ['
            + ", ".join(
                f"{{start: {start}, end: {end}}}"
                for start, end in half_terms(year)[place * self.halves : (place + 1) * self.halves]
            )
            + "]}\n"
            for year in (2025, 2026)
            for place in range(6 // self.halves)
        )
        years = ", ".join(map(str, self.year_groups))
        return (
            f'school:\n  name: {self.name}\n  urn: "990008"\n  phase: {self.phase}\n  year_groups: [{years}]\n'
            '  registers: {AM: {opens: "08:45", closes: "09:15"}, PM: {opens: "13:00", closes: "13:30"}}\n'
            f"exports:\n  pupils: {{path: pupils.csv}}\n  marks: {{path: marks.csv}}\n"
            f"calendar:\n  terms:\n{terms}rules:\n{NOTICES}"
        )

    def term_name(self, place: int) -> str:
        """What a term is called."""
        return f"Term {place + 1}" if self.halves == 1 else ("autumn", "spring", "summer")[place]


def half_terms(year: int) -> list[tuple[date, date]]:
    """The first and last day of each half term of a school year: whole weeks."""
    found = []
    for month, day, weeks in HALF_TERMS:
        start = date(year + (month < 8), month, day)
        monday = start - timedelta(start.weekday())
        found.append((monday, monday + timedelta(7 * weeks - 3)))
    return found


def school_days() -> list[date]:
    """Every weekday of the half terms up to the last mark; none of them is a bank holiday."""
    spans = [span for year in (2025, 2026) for span in half_terms(year)]
    days = [start + timedelta(n) for start, end in spans for n in range((end - start).days + 1)]
    return [day for day in days if day.weekday() < 5 and day <= LAST_MARK and day not in HOLIDAYS]


# gov.uk: the early May bank holiday of 2026 and of 2027.
HOLIDAYS = (date(2026, 5, 4), date(2027, 5, 3))


def code_of(chance: random.Random, number: int, half: str) -> str:
    """A mark: the higher a pupil's number, the likelier is one of absence; "" is no mark, which is rare."""
    if chance.random() < 0.03 + 0.05 * number:
        code = chance.choice(AWAY)
        return code if code or chance.random() < 0.2 else "O"
    return "/" if half == "AM" else "\\"


SCHOOLS = {
    "sixth form": Invented("Recounted Sixth", "secondary", (10, 11, 12, 13), halves=2),
    "Reception": Invented("Recounted Infants", "primary", (0, 1, 2), halves=2),
    "six terms": Invented("Recounted Six", "secondary", (8, 9, 10), halves=1),
    "returner": Invented("Recounted Return", "secondary", (9, 10), halves=2, has_returner=True),
    "all at once": Invented("Recounted All", "secondary", (0, 6, 11, 12), halves=1, has_returner=True),
}
