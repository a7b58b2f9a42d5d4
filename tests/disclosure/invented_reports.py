"""Two governors' reports in a row of an invented school of any size, as tables before disclosure control.

Every pupil is a row of random numbers. Between the half terms some leave, some join and some change; where a seed is
a multiple of five, marks of the first half term are edited later, so that its figures differ when shown again.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.disclosure import Count, Partition, PublicTable, Rate, Unit, characteristic, rows_by

FIRST, SECOND = "2026-10-23", "2026-12-18"
BANDS = ("above_95", "at_risk", "persistent_not_severe", "severely_absent")
SESSIONS = {FIRST: 70, SECOND: 140}
EVERY_FIFTH = 5

YES_NO = ("fsm", "pupil_premium", "eal", "looked_after", "social_worker")
PUBLISHED_VALUES = {"looked_after": ("yes",), "social_worker": ("yes",)}  # the others are printed in full


@dataclass(frozen=True)
class InventedSchool:
    """One row per pupil who was ever on roll; ``edited`` is the first half term as known at the second."""

    pupils: pd.DataFrame
    characteristics: dict[str, tuple[str, ...]]

    @property
    def partitions(self) -> tuple[Partition, ...]:
        return (
            *(characteristic(name, values) for name, values in self.characteristics.items()),
            Partition(
                {}, tuple({"measure": each} for each in ("above_95", "at_risk", "persistently_absent"))
            ),
            Partition(
                {"measure": "persistently_absent"},
                ({"measure": "severely_absent"}, {"measure": "persistent_not_severe"}),
            ),
            Partition({"pupil_premium": "yes"}, ({"fsm": "yes"}, {"pupil_premium": "yes, not fsm"})),
            Partition({"measure": "possible"}, ({"measure": "attended"}, {"measure": "absence"})),
            *(flow for measure in ("persistently_absent", "severely_absent") for flow in flows(measure)),
        )


def flows(measure: str) -> tuple[Partition, Partition]:
    """Those over a line now stayed or joined; those over it then stayed, left it, or left the school."""

    def part(name: str) -> dict:
        return {"as_at": SECOND, "since": FIRST, "measure": measure, "flow": name}

    return (
        Partition({"as_at": SECOND, "measure": measure}, (part("stayed"), part("joined"))),
        Partition({"as_at": FIRST, "measure": measure}, (part("stayed"), part("left"), part("left_school"))),
    )


def invent(seed: int) -> InventedSchool:
    rng = np.random.default_rng(seed)
    size = int(np.exp(rng.uniform(np.log(20), np.log(1500))))
    years = [str(year) for year in (range(7, 12) if size > 400 else range(7))]
    ethnic = [f"group {number}" for number in range(int(rng.integers(3, 12)))]
    level = rng.beta(0.8, 9, size)
    flag = lambda share: np.where(rng.random(size) < share, "yes", "no")  # noqa: E731
    fsm = np.where(rng.random(size) < 0.15 + 1.5 * level, "yes", "no")
    pupils = pd.DataFrame(
        {
            "year_group": rng.choice(years, size),
            "sex": rng.choice(["F", "M"], size),
            "fsm": fsm,
            "pupil_premium": np.where((fsm == "yes") | (rng.random(size) < 0.05), "yes", "no"),
            "sen": rng.choice(["none", "support", "ehcp"], size, p=[0.8, 0.15, 0.05]),
            "eal": flag(0.2),
            "looked_after": flag(0.01),
            "social_worker": flag(0.03),
            "ethnicity": rng.choice(ethnic, size, p=rng.dirichlet(np.full(len(ethnic), 0.7))),
            FIRST: band_of(level + rng.normal(0, 0.02, size)),
            SECOND: band_of(level + rng.normal(0, 0.03, size)),
            "left": rng.random(size) < 0.02,
            "joined": rng.random(size) < 0.02,
            "absence": rng.binomial(70, np.clip(level, 0, 1)),
            "suspended": rng.poisson(0.02, size),
        }
    )
    edits = rng.random(size) < (0.01 if seed % EVERY_FIFTH == 0 else 0)
    pupils["edited"] = np.where(edits, rng.choice(BANDS, size), pupils[FIRST])
    values = dict.fromkeys(YES_NO, ("yes", "no")) | {
        "sex": ("F", "M"),
        "sen": ("none", "support", "ehcp"),
    }
    return InventedSchool(pupils, values | {"year_group": tuple(years), "ethnicity": tuple(ethnic)})


def band_of(absence: np.ndarray) -> np.ndarray:
    return np.select([absence >= 0.5, absence >= 0.1, absence >= 0.05], BANDS[:0:-1], BANDS[0])


def report_tables(school: InventedSchool, as_at: str) -> list[PublicTable]:
    """Return the tables of one report; the second shows the first half term's figures again."""
    groups = [
        group_table(school, as_at, name, PUBLISHED_VALUES.get(name, values))
        for name, values in school.characteristics.items()
    ]
    bands = [band_table(school, as_at, "year_group"), band_table(school, as_at, "sen")]
    tables = [whole_table(school, as_at), *groups, *bands, session_table(school, as_at)]
    return tables + ([flow_table(school)] if as_at == SECOND else [])


def on_roll(school: InventedSchool, as_at: str) -> pd.DataFrame:
    return school.pupils[~school.pupils["joined" if as_at == FIRST else "left"]]


def counted(pupils: pd.DataFrame, band: pd.Series) -> dict[str, int]:
    return {
        "enrolments": len(pupils),
        "persistent": int(band.isin(BANDS[2:]).sum()),
        "severe": int((band == BANDS[3]).sum()),
    }


def group_row(school: InventedSchool, as_at: str, name: str | None, value: str | None) -> dict:
    now, then = (
        each if name is None else each[each[name] == value]
        for each in (on_roll(school, as_at), on_roll(school, FIRST))
    )
    possible, absence = len(now) * SESSIONS[as_at], int(now["absence"].sum())
    row = {"group": value, "possible": possible, "absence": absence, **counted(now, now[as_at])}
    if as_at == SECOND:
        before = then["edited"]
        row |= {f"{column}_before": count for column, count in counted(then, before).items()}
    return with_rates(row)


def with_rates(row: dict) -> dict:
    rates = {"absence_rate": ("absence", "possible")} | {
        f"{measure}_rate{when}": (measure + when, "enrolments" + when)
        for measure in ("persistent", "severe")
        for when in ("", "_before")
        if measure + when in row
    }
    return row | {
        name: row[top] / row[bottom] if row[bottom] else None for name, (top, bottom) in rates.items()
    }


def columns_of(as_at: str) -> tuple[tuple[Count, ...], tuple[Rate, ...]]:
    counts = [
        Count("possible", {"measure": "possible"}, "enrolments", Unit.SESSIONS, is_shown=False),
        Count("absence", {"measure": "absence"}, "enrolments", Unit.SESSIONS, is_shown=False),
    ]
    rates = [Rate("absence_rate", ("absence", "possible"), "enrolments")]
    for when, at in (("", as_at), ("_before", FIRST))[: 1 + (as_at == SECOND)]:
        base = f"enrolments{when}"
        counts.append(Count(base, {"as_at": at}))
        for column, measure in (("persistent", "persistently_absent"), ("severe", "severely_absent")):
            counts.append(Count(column + when, {"as_at": at, "measure": measure}, base))
            rates.append(Rate(f"{column}_rate{when}", (column + when, base), base))
    return tuple(counts), tuple(rates)


def group_table(school: InventedSchool, as_at: str, name: str, values: tuple[str, ...]) -> PublicTable:
    frame = pd.DataFrame([group_row(school, as_at, name, value) for value in values])
    return PublicTable(
        name, name, frame, rows_by(frame, {"group": name}, {"as_at": as_at}), *columns_of(as_at)
    )


def whole_table(school: InventedSchool, as_at: str) -> PublicTable:
    frame = pd.DataFrame([group_row(school, as_at, None, None)])
    return PublicTable("whole_school", "Whole school", frame, ({"as_at": as_at},), *columns_of(as_at))


def band_table(school: InventedSchool, as_at: str, name: str) -> PublicTable:
    pupils = on_roll(school, as_at)
    counts = pd.crosstab(pupils[name], pupils[as_at]).reindex(
        index=list(school.characteristics[name]), columns=list(BANDS), fill_value=0
    )
    frame = (
        counts.assign(enrolments=counts.sum(axis=1))
        .rename_axis("group")
        .rename_axis(columns=None)
        .reset_index()
    )
    columns = [Count("enrolments"), *(Count(band, {"measure": band}, "enrolments") for band in BANDS)]
    rows = rows_by(frame, {"group": name}, {"as_at": as_at})
    return PublicTable(f"bands_{name}", f"Bands by {name}", frame, rows, tuple(columns))


def session_table(school: InventedSchool, as_at: str) -> PublicTable:
    pupils = on_roll(school, as_at)
    values = school.characteristics["year_group"]
    groups = [pupils[pupils["year_group"] == year] for year in values] + [pupils]
    frame = pd.DataFrame(
        {"group": [*values, None], "suspended": [int(group["suspended"].sum()) for group in groups]}
    )
    rows = rows_by(frame, {"group": "year_group"}, {"as_at": as_at, "measure": "suspended"})
    return PublicTable("suspensions", "Suspensions", frame, rows, (Count("suspended", unit=Unit.SESSIONS),))


def flow_table(school: InventedSchool) -> PublicTable:
    pupils, rows = school.pupils, []
    for measure, bands in (("persistently_absent", BANDS[2:]), ("severely_absent", BANDS[3:])):
        then = pupils[FIRST].isin(bands) & ~pupils["joined"]
        now = pupils[SECOND].isin(bands) & ~pupils["left"]
        rows.append((measure, (then & now).sum(), (now & ~then).sum(), (then & ~now & ~pupils["left"]).sum()))
    frame = pd.DataFrame(rows, columns=["measure", "stayed", "joined", "left"])
    places = rows_by(frame, {"measure": "measure"}, {"as_at": SECOND, "since": FIRST})
    columns = tuple(Count(name, {"flow": name}, worth=0.1) for name in ("stayed", "joined", "left"))
    return PublicTable("flow", "Flow", frame, places, columns)
