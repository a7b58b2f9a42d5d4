"""Invented schools of any size, light enough to publish many reports of: one school year of six half terms in memory."""

from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd

from attendance_lib.intake.checked_school import School
from attendance_lib.intake.schema import INTERVENTIONS, NOTICES
from attendance_lib.intake.settings.benchmarks import BenchmarkSettings
from attendance_lib.intake.settings.school_file import GovernanceSettings, NoticeSettings, SchoolDetails
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.groups import YES_OR_NO

TIMES = {"AM": {"opens": "08:40", "closes": "09:10"}, "PM": {"opens": "13:10", "closes": "13:40"}}
LOG = SimpleNamespace(files=(), findings=(), repairs=())
HALVES = tuple(
    HalfTerm(date.fromisoformat(start), date.fromisoformat(end))
    for start, end in (
        ("2026-09-07", "2026-10-23"), ("2026-11-02", "2026-12-18"), ("2027-01-04", "2027-02-12"),
        ("2027-02-22", "2027-03-25"), ("2027-04-12", "2027-05-28"), ("2027-06-07", "2027-07-20"),
    )
)  # fmt: skip
CALENDAR = SchoolCalendar(
    (
        Term("202627", "autumn", HALVES[:2]),
        Term("202627", "spring", HALVES[2:4]),
        Term("202627", "summer", HALVES[4:]),
    )
)
SESSIONS = CALENDAR.sessions()[["date", "session"]]
YEARS = (7, 8, 9, 10, 11)
SHARES = {"fsm": 0.25, "pupil_premium": 0.05, "eal": 0.15, "looked_after": 0.02, "child_protection": 0.02}
RARE_SHARE = 0.03
ETHNICITIES = ("WBRI", "APKN", "BCRB", "MWBC", "OOTH", "NOBT")
CODES = ("I", "M", "O", "G", "C", "E", "C2", "N")
CODE_SHARE = (0.5, 0.1, 0.22, 0.05, 0.05, 0.03, 0.03, 0.02)


@dataclass(frozen=True, eq=False)
class Invented:
    """A school whose marks may be edited: ``seen(n)`` is what its exports hold when the nth report is made."""

    seed: int
    size: int
    level: int
    pupils: pd.DataFrame
    marks: pd.DataFrame
    logs: dict[str, pd.DataFrame]
    edits: tuple[pd.DataFrame, ...]
    years: tuple[int, ...] = YEARS

    def seen(self, report: int) -> School:
        """Return the school as it is read for one of its reports: edits of the registers made by then are in."""
        marks = self.marks
        for edit in self.edits[:report]:
            code = marks.merge(edit, on=["pupil_id", "date", "session"], how="left")["new"].to_numpy()
            marks = marks.assign(code=np.where(pd.isna(code), marks["code"], code))
        known = dict.fromkeys(("actions", "contacts", "lessons")) | self.logs
        settings = settings_of(self.level, self.years)
        return School(settings=settings, calendar=CALENDAR, pupils=self.pupils, benchmarks=(), marks=marks,
                      log=LOG, **known)  # fmt: skip

    def edited(self, half: int) -> "Invented":
        """Return the same school with some marks of its last half term changed after its report."""
        late = self.marks[self.marks["date"] >= pd.Timestamp(HALVES[half].start)]
        return replace(self, edits=(*self.edits, edits_of(np.random.default_rng(self.seed + 1), late)))


def settings_of(level: int, years: tuple[int, ...] = YEARS) -> SimpleNamespace:
    details = SchoolDetails(
        name="Light School", urn="990009", phase="secondary", year_groups=years, registers=TIMES
    )
    return SimpleNamespace(
        school=details,
        rules=SimpleNamespace(notices=NoticeSettings(), suppression_level=level, short_enrolment_sessions=20),
        benchmarks=BenchmarkSettings(),
        governance=GovernanceSettings(),
        exports=SimpleNamespace(marks=(SimpleNamespace(codes={}),)),
        staff=(),
    )


def invent(
    seed: int,
    size: int | None = None,
    level: int = 5,
    *,
    edited: bool = False,
    years: tuple[int, ...] = YEARS,
) -> Invented:
    """Invent a school of 15 pupils or more; all are on roll throughout, so that its sessions can be known to the last."""
    rng = np.random.default_rng(seed)
    size = size or int(np.exp(rng.uniform(np.log(15), np.log(700))))
    pupils = invent_pupils(rng, size, years)
    marks = invent_marks(rng, pupils["pupil_id"].tolist())
    edits = tuple(edits_of(rng, marks) for _ in HALVES) if edited else ()
    return Invented(seed, size, level, pupils, marks, invent_logs(rng, pupils), edits, years)


def invent_pupils(rng: np.random.Generator, size: int, year_groups: tuple[int, ...]) -> pd.DataFrame:
    years = rng.choice(year_groups, size)
    flags = {name: rng.random(size) < SHARES.get(name, RARE_SHARE) for name in YES_OR_NO}
    flags["pupil_premium"] |= flags["fsm"]
    return pd.DataFrame(
        {
            "pupil_id": [f"{number:04d}" for number in range(1, size + 1)],
            "surname": "Surname",
            "forename": "Forename",
            "year_group": years,
            "form": [f"{year}A" for year in years],
            "date_of_birth": pd.to_datetime([f"{2026 - year - 4}-01-15" for year in years]).astype(
                "datetime64[s]"
            ),
            "admission_date": pd.Timestamp("2025-09-03"),
            "leaving_date": pd.Series([pd.NaT] * size, dtype="datetime64[s]"),
            "key_adult": "P. Wren",
            "sex": rng.choice(["F", "M"], size),
            "sen_status": rng.choice(["N", "K", "E"], size, p=[0.8, 0.15, 0.05]),
            "ethnicity": rng.choice(ETHNICITIES, size, p=rng.dirichlet(np.full(len(ETHNICITIES), 0.7))),
        }
    ).assign(**{name: pd.array(values, dtype="boolean") for name, values in flags.items()})


def invent_marks(rng: np.random.Generator, pupils: list[str]) -> pd.DataFrame:
    """Some are often away, and some away for days on end; a few come late, and a few marks are missing."""
    shape = (len(pupils), len(SESSIONS))
    often = rng.beta(0.7, 12, shape[0])[:, None] * rng.uniform(0.5, 1.5, shape)
    often = np.repeat(np.repeat(often[:, ::10], 10, axis=1)[:, : shape[1]], 1, axis=1)
    away = rng.random(shape) < np.clip(often, 0, 0.95)
    habit = rng.choice(len(CODES), shape[0], p=CODE_SHARE)[:, None]
    which = np.where(rng.random(shape) < 0.6, habit, rng.choice(len(CODES), shape, p=CODE_SHARE))
    late = rng.random(shape) < rng.beta(0.3, 30, shape[0])[:, None]
    present = np.where(SESSIONS["session"].to_numpy() == "AM", "/", "\\")[None, :]
    codes = np.where(
        away, np.array(CODES)[which], np.where(late, np.where(rng.random(shape) < 0.8, "L", "U"), present)
    )
    is_there = rng.random(shape) > 0.0005
    rows, columns = np.nonzero(is_there)
    return pd.DataFrame(
        {
            "pupil_id": np.array(pupils)[rows],
            "date": SESSIONS["date"].to_numpy()[columns],
            "session": SESSIONS["session"].to_numpy()[columns],
            "code": codes[rows, columns],
        }
    )


def edits_of(rng: np.random.Generator, marks: pd.DataFrame) -> pd.DataFrame:
    """A few absences turned into others or into presence: about one in fifty."""
    away = marks[~marks["code"].isin(["/", "\\", "L", "U"])]
    chosen = away.sample(max(1, len(away) // 50), random_state=int(rng.integers(1 << 30)))
    return chosen[["pupil_id", "date", "session"]].assign(new=rng.choice(["I", "O", "/"], len(chosen)))


def invent_logs(rng: np.random.Generator, pupils: pd.DataFrame) -> dict[str, pd.DataFrame]:
    count = max(2, len(pupils) // 15)
    days = pd.to_datetime(rng.choice(SESSIONS["date"].unique(), count)).astype("datetime64[s]")
    notices = pd.DataFrame(
        {
            "pupil_id": rng.choice(pupils["pupil_id"], count),
            "kind": rng.choice(["penalty notice", "notice to improve"], count),
            "issued_on": days,
        }
    )
    chosen = rng.choice(pupils["pupil_id"], count)
    courses = pd.DataFrame(
        {
            "pupil_id": chosen,
            "intervention": rng.choice(["Mentor", "Breakfast club"], count),
            "tier": "2",
            "start_date": days,
            "cost": 60.0,
        }
    )
    dated = {"start_date": "datetime64[s]", "end_date": "datetime64[s]", "review_date": "datetime64[s]"}
    return {
        "notices": notices.reindex(columns=NOTICES.column_names).astype(
            {"issued_on": "datetime64[s]", "acted_on_through_date": "datetime64[s]"}
        ),
        "interventions": courses.reindex(columns=INTERVENTIONS.column_names).astype(dated),
    }
