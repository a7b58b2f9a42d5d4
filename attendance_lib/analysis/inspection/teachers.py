"""Who to ask about a thing to fix: the teacher who took the register where lessons are known, else the key adult."""

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.rules.calendar import SESSIONS


def teachers_of(scope: Scope, things: pd.DataFrame) -> np.ndarray:
    """Return the teacher of each thing to fix (text, one per row).

    A lesson is a register where its period begins with AM or PM. Where there is none, the pupil's key adult
    stands in; a thing of a whole form has the key adult that all of the form share, if any. What a check found of
    one teacher's registers is that teacher's (``taker``).
    """
    by_pupil, by_form = key_adults(scope)
    who = zip(things["pupil_id"], things["form"], strict=True)
    stands_in = np.array([by_pupil.get(pupil) or by_form.get(form, "") for pupil, form in who], dtype=object)
    taker = takers_of(scope, things)
    if "taker" in things:
        taker = np.where(taker == "", things["taker"].fillna(""), taker)
    return np.where(taker == "", stands_in, taker)


def takers_of(scope: Scope, marks: pd.DataFrame) -> np.ndarray:
    """Return who took the register of each mark, by its pupil, date and session; empty where no lesson says (text, one per row)."""
    takers = register_takers(scope.lessons)
    if takers.empty:
        return np.full(len(marks), "", dtype=object)
    key = pd.MultiIndex.from_frame(
        marks[["pupil_id", "date", "session"]].astype({"pupil_id": str, "session": str})
    )
    return takers.reindex(key).fillna("").to_numpy(dtype=object)


def key_adults(scope: Scope) -> tuple[dict[str, str], dict[str, str]]:
    """Return the key adult of each pupil, and of each form whose pupils all have the same."""
    pupils, (numbers, names) = scope.register.pupils, scope.forms
    if "key_adult" not in pupils:
        return {}, {}
    adult = pupils["key_adult"].astype(object).fillna("").astype(str)
    shared = adult.groupby(numbers).agg(lambda each: each.iloc[0] if len(each.unique()) == 1 else "")
    of_form = {names[number]: each for number, each in shared.items()}
    return dict(zip(pupils["pupil_id"].astype(str), adult, strict=True)), of_form


def register_takers(lessons: pd.DataFrame | None) -> pd.Series:
    """Return the teacher by pupil, date and session, of the lessons that are registers; empty without lessons."""
    if lessons is None or "teacher" not in lessons:
        return pd.Series(dtype=object)
    period = lessons["period"].astype(str).str.upper().str[: len(SESSIONS[0])]
    taken = lessons.assign(session=period, pupil_id=lessons["pupil_id"].astype(str))[
        period.isin(SESSIONS).to_numpy()
    ]
    first = taken.dropna(subset=["teacher"]).drop_duplicates(["pupil_id", "date", "session"])
    return first.set_index(["pupil_id", "date", "session"])["teacher"].astype(object)
