"""A trust of twelve invented schools, small and written fast: two of them broken, one tiny, some whose log holds what helped.

``python -m tests.trust_schools FOLDER`` writes them with a trust file and leaves no paper out, for ``attendance trust --trust
FOLDER/trust.yml --on 2026-02-02``.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term

TO = date(2026, 1, 30)


def clock():
    """The Monday after, early."""
    return datetime(2026, 2, 2, 6, 30, tzinfo=UTC)


HALVES = {
    "202425": ("2024-09-04 2024-10-25", "2024-11-04 2024-12-20", "2025-01-06 2025-02-14", "2025-02-24 2025-04-04",
               "2025-04-22 2025-05-23", "2025-06-02 2025-07-22"),
    "202526": ("2025-09-03 2025-10-24", "2025-11-03 2025-12-19", "2026-01-05 2026-02-13"),
}  # fmt: skip
NAMES = ("autumn", "autumn", "spring", "spring", "summer", "summer")
PRIMARY, SECONDARY = (1, 2, 3, 4, 5, 6), (7, 8, 9, 10, 11)
SCHOOL = """\
school:
  name: "{name}"
  urn: "{urn}"
  phase: {phase}
  year_groups: [{years}]
  registers:
    AM: {{opens: "08:40", closes: "{closes}"}}
    PM: {{opens: "13:00", closes: "13:30"}}
exports:
  pupils: {{path: "{urn}/pupils.csv"}}
  marks: {{path: "{urn}/marks.csv", layout: tidy}}
{logs}calendar:
  terms:
{terms}
rules:
  suppression_level: {level}
  notices:
    national_framework: {{from: 2024-08-19, count_n: true}}
papers:
  leave_out: [{left_out}]
"""
TERM = """\
    - school_year: "{year}"
      name: {name}
      half_terms:
{halves}"""
LEFT_OUT = ("pastoral", "governors", "notice_ends", "plan_reviews")


@dataclass(frozen=True)
class Invented:
    """One school: how many pupils, of which a share has free meals and needs, how much they miss, and how it differs."""

    name: str
    urn: str
    phase: str
    pupils: int
    fsm: float = 0.2
    sen: float = 0.15
    misses: float = 0.06
    severe: int = 0
    missed_registers: int = 0
    closes: str = "09:10"
    level: int = 5
    helped: int = 0
    change: float = 0.0
    broken: str = ""

    @property
    def years(self):
        return PRIMARY if self.phase == "primary" else SECONDARY


TRUST = (
    Invented("Ash Primary", "200001", "primary", 150, misses=0.05, severe=3),
    Invented("Beech Primary", "200002", "primary", 210, fsm=0.5, sen=0.3, misses=0.06, severe=12, missed_registers=7),
    Invented("Cedar Primary", "200003", "primary", 12, misses=0.05, severe=1),
    Invented("Dogwood Primary", "200004", "primary", 240, fsm=0.1, misses=0.06, change=-0.03, closes="09:00"),
    Invented("Elm Primary", "200005", "primary", 180, misses=0.045, severe=2, helped=12),
    Invented("Fir Primary", "200006", "primary", 200, misses=0.05, helped=20),
    Invented("Gorse Academy", "200007", "secondary", 320, fsm=0.4, misses=0.09, severe=14, missed_registers=12, helped=40),
    Invented("Hazel Academy", "200008", "secondary", 300, misses=0.07, severe=9, helped=30),
    Invented("Ivy Academy", "200009", "secondary", 280, fsm=0.3, misses=0.08, severe=12, change=0.04, closes="09:30", helped=24),
    Invented("Juniper School", "200010", "special", 60, fsm=0.5, sen=1.0, misses=0.12, severe=4),
    Invented("Kauri Primary", "200011", "primary", 30, broken="marks"),
    Invented("Larch Academy", "200012", "secondary", 30, broken="settings"),
)  # fmt: skip


def calendar():
    """The calendar that all of them have, up to the last day with marks."""
    terms = []
    for year, spans in HALVES.items():
        halves = [HalfTerm(*map(date.fromisoformat, span.split())) for span in spans]
        for name in dict.fromkeys(NAMES[: len(halves)]):
            held = tuple(half for half, of in zip(halves, NAMES, strict=False) if of == name)
            terms.append(Term(year, name, held))
    return SchoolCalendar(tuple(terms))


SESSIONS = (
    calendar().sessions()[["date", "session", "school_year"]].query("date <= @TO").reset_index(drop=True)
)


def write_trust(folder: Path, schools=TRUST) -> list[Path]:
    """Write every school's exports and school file below a folder, and return the school files."""
    return [write_school(folder, school) for school in schools]


def write_school(base: Path, school: Invented) -> Path:
    """Write one school's exports to a folder of its own and its school file beside that, which is returned."""
    folder = base / school.urn
    folder.mkdir(parents=True)
    rng = np.random.default_rng(int(school.urn))
    pupils = invent_pupils(rng, school)
    pupils.to_csv(folder / "pupils.csv", index=False)
    helped = pupils["pupil_id"].iloc[: school.helped]
    invent_marks(rng, school, pupils).to_csv(folder / "marks.csv", index=False)
    if school.broken == "marks":
        (folder / "marks.csv").write_text(
            "pupil_id,date,session,code\n0001,yesterday,AM,/\n", encoding="utf-8"
        )
    logs = ""
    if school.helped:
        logs = f'  interventions: {{path: "{school.urn}/interventions.csv"}}\n'
        mentored = {
            "pupil_id": helped, "intervention": "Mentoring", "tier": 2, "start_date": "2025-09-22",
        }  # fmt: skip
        # Of the severely absent, whom the last rows are, nine have a panel.
        panels = {
            "pupil_id": pupils["pupil_id"].iloc[-9:], "intervention": "Panel", "tier": 3, "start_date": "2025-10-06",
        }  # fmt: skip
        log = pd.concat([pd.DataFrame(mentored), pd.DataFrame(panels)])
        log.to_csv(folder / "interventions.csv", index=False)
    path = base / f"{school.name.lower().replace(' ', '_')}.yml"
    path.write_text(school_file(school, logs), encoding="utf-8")
    return path


def school_file(school, logs=""):
    terms = "\n".join(
        TERM.format(
            year=term.school_year, name=term.name,
            halves="\n".join(f"        - {{start: {half.start}, end: {half.end}}}" for half in term.half_terms),
        )
        for term in calendar().terms
    )  # fmt: skip
    left_out = (*LEFT_OUT, *(("impact",) if logs else ()))
    text = SCHOOL.format(
        name=school.name, urn=school.urn, phase=school.phase, years=", ".join(map(str, school.years)), closes=school.closes,
        level=school.level, logs=logs, terms=terms, left_out=", ".join(left_out),
    )  # fmt: skip
    return text.replace("phase:", "fase:") if school.broken == "settings" else text


def invent_pupils(rng, school):
    years = np.resize(school.years, school.pupils)
    born = [f"{2025 - year - 4}-01-15" for year in years]
    new = years == school.years[0]
    return pd.DataFrame(
        {
            "pupil_id": [f"{number:04d}" for number in range(1, school.pupils + 1)],
            "surname": "Surname", "forename": "Forename", "year_group": years,
            "form": [f"{year}A" for year in years], "date_of_birth": born, "sex": np.resize(["F", "M"], school.pupils),
            "fsm": (rng.random(school.pupils) < school.fsm).astype(int),
            "sen_status": np.where(rng.random(school.pupils) < school.sen, "K", "N"),
            "admission_date": np.where(new, "2025-09-01", "2024-09-01"), "leaving_date": "",
        }
    )  # fmt: skip


def invent_marks(rng, school, pupils):
    """Each pupil misses a share of its own; the last few are severely absent, and of those helped half of it goes."""
    count = len(pupils)
    now = (SESSIONS["school_year"] == "202526").to_numpy()
    own = rng.beta(1.2, 1.2 / school.misses - 1.2, count)
    away = np.clip(own[:, None] + school.change * now[None, :], 0, 0.95)
    if school.helped:
        away[: school.helped, (SESSIONS["date"] >= "2025-09-22").to_numpy()] *= 0.4
    if school.severe:
        away[-school.severe :] = 0.7
    is_away = rng.random((count, len(SESSIONS))) < away
    present = np.where(SESSIONS["session"] == "AM", "/", "\\")[None, :]
    codes = np.where(is_away, np.where(rng.random(is_away.shape) < 0.6, "I", "O"), present)
    here = (
        SESSIONS["date"].to_numpy()[None, :] >= pd.to_datetime(pupils["admission_date"]).to_numpy()[:, None]
    )
    form = (pupils["form"] == pupils["form"].iloc[0]).to_numpy()[:, None]
    lost = np.arange(len(SESSIONS))[None, :] >= len(SESSIONS) - 40
    lost &= np.arange(len(SESSIONS))[None, :] < len(SESSIONS) - 40 + school.missed_registers
    rows, columns = np.nonzero(here & ~(form & lost))
    return pd.DataFrame(
        {
            "pupil_id": pupils["pupil_id"].to_numpy()[rows],
            "date": SESSIONS["date"].dt.strftime("%Y-%m-%d").to_numpy()[columns],
            "session": SESSIONS["session"].to_numpy()[columns], "code": codes[rows, columns],
        }
    )  # fmt: skip


def write_whole(folder: Path) -> None:
    """Write all twelve and a trust file; every paper is due that their calendars ask for, the fortnightly pack among them."""
    for path in write_trust(folder):
        text = path.read_text(encoding="utf-8").partition("papers:")[0]
        path.write_text(
            f"{text}meetings:\n  pastoral: {{first: 2026-02-03, every_school_weeks: 2}}\n", encoding="utf-8"
        )
    (folder / "trust.yml").write_text('name: "Copse Trust"\nschools: ["*_*.yml"]\n', encoding="utf-8")


if __name__ == "__main__":
    write_whole(Path(sys.argv[1]))
