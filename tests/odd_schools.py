"""Invented schools whose shape differs from the demo's: other terms, other ages, other phases; each small and whole."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from attendance_lib.rules.calendar import school_year_of

YEARS = (2025, 2026)
REGISTERS = {"AM": {"opens": "08:45", "closes": "09:15"}, "PM": {"opens": "13:00", "closes": "13:30"}}
# The Mondays on which blocks of a fortnight begin: September to June, six of them.
BLOCKS = ((9, 7), (11, 2), (1, 11), (3, 1), (4, 19), (6, 7))
FORTNIGHT = 11


@dataclass(frozen=True)
class OddSchool:
    """A school: its phase, its year groups of ten pupils each, and the names of its terms with the blocks in each."""

    name: str
    phase: str
    year_groups: tuple[int, ...]
    terms: tuple[tuple[str, tuple[int, ...]], ...]

    def half_terms(self, year: int) -> list[tuple[str, list[tuple[date, date]]]]:
        """The half terms of each term of a school year: the first and last day of each."""
        return [(name, [block(year, place) for place in places]) for name, places in self.terms]

    def write(self, folder: Path) -> Path:
        """Write pupils, marks and the school file, and return the school file."""
        pupils = [(year, number) for year in self.year_groups for number in range(10)]
        lines = [
            "pupil_id,surname,forename,year_group,form,date_of_birth,sex,fsm,sen_status,admission_date,leaving_date"
        ]
        lines += [pupil_line(year, number) for year, number in pupils]
        (folder / "pupils.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        marks = ["pupil_id,date,session,code"]
        marks += [mark for pupil in pupils for day in self.school_days() for mark in marks_of(*pupil, day)]
        (folder / "marks.csv").write_text("\n".join(marks) + "\n", encoding="utf-8")
        path = folder / "school.yml"
        text = yaml.safe_dump(self.settings(), sort_keys=False)
        path.write_text(re.sub(r"(opens|closes): '?([0-9:]+)'?", r'\1: "\2"', text), encoding="utf-8")
        return path

    def school_days(self) -> list[date]:
        """Every weekday of the half terms up to the end of the second of this year."""
        spans = [span for year in YEARS for _, halves in self.half_terms(year) for span in halves]
        days = [start + timedelta(days=n) for start, end in spans for n in range((end - start).days + 1)]
        return [day for day in days if day.weekday() < 5 and day <= date(2026, 11, 13)]

    def settings(self) -> dict:
        """The school file."""
        terms = [
            {
                "school_year": school_year_of(halves[0][0]),
                "name": name,
                "half_terms": [{"start": a, "end": b} for a, b in halves],
            }
            for year in YEARS
            for name, halves in self.half_terms(year)
        ]
        return {
            "school": {
                "name": self.name, "urn": "990009", "phase": self.phase, "year_groups": list(self.year_groups),
                "registers": REGISTERS,
            },
            "exports": {"pupils": {"path": "pupils.csv"}, "marks": [{"path": "marks.csv", "layout": "tidy"}]},
            "calendar": {"terms": terms},
            "incentives": {
                "public_value": "the next lottery",
                "raffle": [{"from": date(2025, 9, 1), "prizes": 2, "reserves": 2, "most_tickets": 10}],
            },
            "rules": {"notices": {"national_framework": {"from": date(2024, 8, 19), "count_n": True}}},
        }  # fmt: skip


def block(year: int, place: int) -> tuple[date, date]:
    """The first and last day of a fortnight of a school year."""
    month, day = BLOCKS[place]
    start = date(year + (month < 8), month, day)
    monday = start - timedelta(days=start.weekday())
    return monday, monday + timedelta(days=FORTNIGHT)


def pupil_line(year: int, number: int) -> str:
    """A pupil of a year group in 2026/27, born in the middle of its school year; three in ten are FSM."""
    born = date(2022 - year, 2, 10 + number)
    who = f"{year + 2:02d}{number:02d}"
    return f"{who},Sur{who},For{who},{year},{year}A,{born},{'FM'[number % 2]},{int(number < 3)},N,2019-09-01,"


def marks_of(year: int, number: int, day: date) -> list[str]:
    """Present, but of each ten the first is away on Mondays and Tuesdays, the second on Mondays, and the third always."""
    away = number == 2 or day.weekday() <= 1 - number
    codes = ("O", "O") if away else ("/", "\\")
    return [
        f"{year + 2:02d}{number:02d},{day},{half},{code}"
        for half, code in zip(("AM", "PM"), codes, strict=True)
    ]


SIX_BLOCKS = (("autumn", (0, 1)), ("spring", (2, 3)), ("summer", (4, 5)))
ODD = {
    "five terms": OddSchool("Five Terms", "secondary", (7, 8, 9, 10, 11), tuple((f"Term {n + 1}", (n,)) for n in range(5))),
    "three terms": OddSchool(
        "Three Terms", "secondary", (7, 8, 9, 10, 11), (("Michaelmas", (0,)), ("Lent", (2,)), ("Trinity", (4,)))
    ),
    "pupil referral unit": OddSchool("Referral Unit", "alternative_provision", (9, 10, 11), SIX_BLOCKS),
    "special": OddSchool("Special School", "special", (0, 1, 2, 7, 8, 11, 12, 13), SIX_BLOCKS),
    "nursery": OddSchool("Nursery Class", "primary", (-1, 0, 1, 2, 3, 4, 5, 6), SIX_BLOCKS),
}  # fmt: skip
