"""Amendments that took away an unauthorised mark from a pupil near a notice threshold."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.amended import days_passed, made_in_year
from attendance_lib.analysis.inspection.scope import Scope
from attendance_lib.analysis.inspection.things import no_things, things_of, together
from attendance_lib.analysis.inspection.words import in_sessions, in_year
from attendance_lib.analysis.notice_windows import People, Windows
from attendance_lib.analysis.reasons import DAYS_TO_EXPLAIN
from attendance_lib.register import cell_of
from attendance_lib.register.grid import LETTER_OF_CELL, MISSING
from attendance_lib.rules.codes import NO_REASON_YET
from attendance_lib.rules.notices import UNAUTHORISED_CODES, NoticeRule


def edits_near_threshold(scope: Scope) -> pd.DataFrame:
    """Return each amendment of the year that removed an unauthorised mark near a threshold of a notice rule in force.

    Near is as the rule has it (7 of 10), counted in the fullest window that holds the session and ends by the
    day of the amendment, with the marks as they stood before that day. N explained within its five school
    days is ordinary work and is not listed.
    """
    edits = removals(scope)
    if edits.empty or not scope.notice_rules:
        return no_things()
    return together([near(scope, edits, rule) for rule in scope.notice_rules]).drop_duplicates(
        ["pupil_id", "date", "session"]
    )


def removals(scope: Scope) -> pd.DataFrame:
    """Return the amendments of the year from an unauthorised code to another kind of mark (see ``Register.amendments``)."""
    made = made_in_year(scope)
    unauthorised = [cell_of(code) for code in UNAUTHORISED_CODES]
    now = scope.register.codes[made["row"], made["column"]]
    removed = made[
        made["amended_from"].isin(unauthorised).to_numpy() & ~np.isin(now, [*unauthorised, MISSING])
    ]
    return removed[~is_explained_in_time(scope, removed)].reset_index(drop=True)


def is_explained_in_time(scope: Scope, edits: pd.DataFrame) -> np.ndarray:
    """Return which amendments gave an N its reason by the fifth school day (boolean, one per amendment)."""
    was_n = (edits["amended_from"] == cell_of(NO_REASON_YET)).to_numpy()
    return was_n & (days_passed(scope, edits) <= DAYS_TO_EXPLAIN)


def near(scope: Scope, edits: pd.DataFrame, rule: NoticeRule) -> pd.DataFrame:
    """Return the amendments that were near the threshold of one rule."""
    fullest = Before(scope, edits).fullest(rule)
    kept = edits[fullest >= rule.near_from].reset_index(drop=True)
    counts = fullest[fullest >= rule.near_from]
    now = scope.register.codes[kept["row"], kept["column"]]
    detail = [
        f"{LETTER_OF_CELL[before]} became {LETTER_OF_CELL[after]} on {in_year(day)}; before, "
        f"{in_sessions(count)} counted towards {rule.in_words}"
        for before, after, day, count in zip(
            kept["amended_from"], now, kept["amended_on"].to_numpy(), counts, strict=True
        )
    ]
    spans = kept.rename(columns={"column": "first"}).assign(last=kept["column"])
    return things_of(scope, "edit_near_threshold", spans, detail).assign(
        known_date=kept["amended_on"].to_numpy()
    )


@dataclass(frozen=True, eq=False)
class Before:
    """The register of each amendment's pupil as it stood before the day of the amendment (one row per amendment)."""

    scope: Scope
    edits: pd.DataFrame

    @cached_property
    def cells(self) -> np.ndarray:
        """The grid with every amendment made on that day or later taken back: shape (amendments, sessions)."""
        edits = self.edits[["row", "amended_on"]].assign(edit=np.arange(len(self.edits)))
        pairs = edits.merge(self.scope.register.amendments, on="row", suffixes=("", "_other"))
        later = pairs[pairs["amended_on_other"] >= pairs["amended_on"]]
        cells = self.scope.register.codes[self.edits["row"]]
        cells[later["edit"], later["column"]] = later["amended_from"]
        return cells

    @cached_property
    def people(self) -> People:
        """The pupils as the notice windows know them."""
        pupils = self.scope.year.pupils.iloc[self.edits["row"]].reset_index(drop=True)
        known = pupils.assign(is_on_roll=True, acted_on_through_date=np.datetime64("NaT", "s"))
        return People(known, self.cells, self.scope.register.sessions)

    def fullest(self, rule: NoticeRule) -> np.ndarray:
        """Return the most sessions counted in a window that holds the session and ends by the day of the amendment."""
        windows = Windows(rule, self.people)
        column = self.edits["column"].to_numpy()[:, None]
        made = self.edits["amended_on"].to_numpy().astype("datetime64[D]")[:, None]
        place = np.arange(len(self.scope.days))
        holds_session = (place >= column) & (windows.starts <= column) & (self.scope.days <= made)
        return np.where(holds_session, windows.running, 0).max(axis=1, initial=0)
