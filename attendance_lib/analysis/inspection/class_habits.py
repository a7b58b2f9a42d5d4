"""Whole classes: one code for everybody, and nobody absent or late for days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.inspection.findings import (
    WHOLE_SCHOOL,
    finding_rows,
    first_to_last,
    form_findings,
    form_runs,
    in_marks,
    in_minutes,
    in_pupils,
    in_sessions,
    in_year,
    minutes_late,
    no_findings,
    placed,
    takers_of,
    together,
)
from attendance_lib.analysis.inspection.scope import (
    AMENDED_MARKS,
    AMENDED_PUPILS,
    BULK_PUPILS,
    CHECKLIST,
    FAR_MORE_OFTEN,
    FAR_MORE_PUPILS,
    FAR_MORE_TIMES,
    FULL_CLASS_PUPILS,
    FULL_CLASS_SESSIONS,
    OURS,
    ROUND_MINUTES,
    ROUNDED_IN_TEN,
    ROUNDED_MARKS,
    SHOULD,
    WHOLE_CLASS_CODES,
    Check,
    Scope,
)
from attendance_lib.analysis.notice_windows import People, Windows
from attendance_lib.analysis.reasons import DAYS_TO_EXPLAIN
from attendance_lib.register.grid import FIRST_CODE, LETTER_OF_CELL, MISSING, cell_of
from attendance_lib.rules.codes import LATE_AFTER_CLOSE, LATE_BEFORE_CLOSE, NO_REASON_YET, REGULATIONS_2024
from attendance_lib.rules.notices import UNAUTHORISED_CODES, NoticeRule

# Marks amended long after their session: after the fifth school day, by when a reason is due


def made_in_year(scope: Scope) -> pd.DataFrame:
    """Return the amendments made in the school year and up to its last day (rows of ``Register.amendments``).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> made = pd.DataFrame({"amended_on": pd.to_datetime(["2026-07-17", "2026-09-03", "2026-11-21"])})
    >>> register, year = SimpleNamespace(amendments=made), SimpleNamespace(first_date="2026-09-03")
    >>> made_in_year(SimpleNamespace(register=register, year=year, on="2026-11-20")).index.tolist()
    [1]
    """
    made = scope.register.amendments
    return made[made["amended_on"].between(pd.Timestamp(scope.year.first_date), pd.Timestamp(scope.on))]


def days_passed(scope: Scope, edits: pd.DataFrame) -> np.ndarray:
    """Return how many school days after its session each mark was amended (shape (amendments,)).

    The day of the session is day 0; a day that is no school day counts as the school day before it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = np.array(["2026-11-05", "2026-11-06", "2026-11-09"], dtype="datetime64[D]")
    >>> scope = SimpleNamespace(calendar=SimpleNamespace(school_days=days), days=days)
    >>> made = pd.to_datetime(["2026-11-05", "2026-11-08", "2026-11-09"])  # the 8th, a Sunday, counts as the Friday before
    >>> days_passed(scope, pd.DataFrame({"column": 0, "amended_on": made})).tolist()
    [0, 1, 2]
    """
    school_days = np.array(scope.calendar.school_days, dtype="datetime64[D]")
    made, of = edits["amended_on"].to_numpy().astype("datetime64[D]"), scope.days[edits["column"].to_numpy()]
    return np.searchsorted(school_days, made, side="right") - np.searchsorted(school_days, of, side="right")


def long_after(scope: Scope) -> pd.DataFrame:
    """Return the amendments of the year's marks made after the fifth school day, one row each.

    As ``Register.amendments`` has them, with ``form`` (a number) and ``now`` (the cell that it became).
    """
    edits = made_in_year(scope)
    edits = edits[
        (edits["column"] >= scope.before).to_numpy() & (days_passed(scope, edits) > DAYS_TO_EXPLAIN)
    ]
    return edits.assign(
        form=scope.forms[0][edits["row"]], now=scope.register.codes[edits["row"], edits["column"]]
    )


def amended_together(scope: Scope) -> pd.DataFrame:
    """Return one row per form and day on which ten marks or more of three pupils or more were amended long after.

    Long after is after their fifth school day.
    """
    edits = long_after(scope)
    many = edits.groupby(["form", "amended_on"])["row"].transform("size") >= AMENDED_MARKS
    if not many.any():
        return no_findings()
    edits = edits[many].assign(column=edits.loc[many, "column"] - scope.before)
    days = edits.groupby(["form", "amended_on"], as_index=False).agg(
        first=("column", "min"), last=("column", "max"), marks=("column", "size"), pupils=("row", "nunique")
    )
    found = days[days["pupils"] >= AMENDED_PUPILS].rename(columns={"form": "row"})
    keys = edits.set_index(["form", "amended_on"])
    detail = [
        f"{in_marks(each['marks'])} of {in_pupils(each['pupils'])} amended on "
        f"{in_year(each['amended_on'].to_datetime64())}: {in_changes(keys.loc[[(each['row'], each['amended_on'])]])}"
        for each in found.to_dict("records")
    ]
    return form_findings(scope, "amended_together", found, detail).assign(
        known_date=found["amended_on"].to_numpy()
    )


def in_changes(edits: pd.DataFrame) -> str:
    """Return what became what, most often first, with how many amendments (rows) each.

    Examples
    --------
    >>> cells = {"amended_from": [cell_of("N"), cell_of("N"), cell_of("O")], "now": [cell_of("I"), cell_of("I"), cell_of("C")]}
    >>> in_changes(pd.DataFrame(cells))
    'N to I (2), O to C (1)'
    """
    became = edits["amended_from"].map(in_code) + " to " + edits["now"].map(in_code)
    counts = became.value_counts(sort=False).sort_values(ascending=False, kind="stable")
    return ", ".join(f"{change} ({count})" for change, count in counts.items())


def in_code(cell: int) -> str:
    """Return the code of a cell, in words where there is none.

    Examples
    --------
    >>> in_code(MISSING)
    'no mark'
    """
    return "no mark" if cell == MISSING else LETTER_OF_CELL[cell]


def bulk_codes(scope: Scope) -> pd.DataFrame:
    r"""Return one row per run of sessions in which everybody in a form has the same code, other than / \ and closures."""
    shared = shared_cells(scope)
    used = [LETTER_OF_CELL[cell] for cell in np.unique(shared) if cell >= FIRST_CODE]
    found = [bulk_code(scope, letter, shared) for letter in used if letter not in WHOLE_CLASS_CODES]
    return together(found)


def shared_cells(scope: Scope) -> np.ndarray:
    """Return the cell that all pupils of a form have in a session; 0 where they differ or are few (shape (forms, sessions))."""
    codes, due = scope.year.codes, scope.is_due
    least = scope.reduce_forms(np.minimum, np.where(due, codes, np.iinfo(np.uint8).max), np.uint8)
    most = scope.reduce_forms(np.maximum, np.where(due, codes, MISSING), np.uint8)
    return np.where((least == most) & (scope.by_form(due) >= BULK_PUPILS), most, MISSING)


def bulk_code(scope: Scope, letter: str, shared: np.ndarray) -> pd.DataFrame:
    """Return the runs of sessions in which all of a form have one code, one row each."""
    runs = form_runs(scope, shared == cell_of(letter))
    pupils = scope.by_form(scope.is_due)[runs["row"], runs["first"]]
    detail = [
        f"{letter} for all {in_pupils(count)} in {in_sessions(hits)}"
        for count, hits in zip(pupils, runs["hits"], strict=True)
    ]
    return form_findings(scope, "bulk_code", runs, detail)


def full_classes(scope: Scope) -> pd.DataFrame:
    """Return one row per run of 10 sessions or more in which everybody in a form of 10 or more is present and in time."""
    due = scope.by_form(scope.is_due)
    present = scope.by_form(scope.holds("/", "\\"))
    runs = form_runs(scope, (present == due) & (due >= FULL_CLASS_PUPILS))
    runs = runs[runs["hits"] >= FULL_CLASS_SESSIONS]
    pupils = due[runs["row"], runs["first"]]
    detail = [
        f"All {in_pupils(count)} present in {in_sessions(hits)} in a row"
        for count, hits in zip(pupils, runs["hits"], strict=True)
    ]
    return form_findings(scope, "full_class", runs, detail)


# Amendments that took away an unauthorised mark from a pupil near a notice threshold


def edits_near_threshold(scope: Scope) -> pd.DataFrame:
    """Return each amendment of the year that removed an unauthorised mark near a threshold of a notice rule in force.

    Near is as the rule has it (7 of 10), counted in the fullest window that holds the session and ends by the
    day of the amendment, with the marks as they stood before that day. N explained within its five school
    days is ordinary work and is not listed.
    """
    edits = removals(scope)
    if edits.empty or not scope.notice_rules:
        return no_findings()
    return together([near(scope, edits, rule) for rule in scope.notice_rules]).drop_duplicates(
        ["pupil_id", "date", "session"]
    )


def removals(scope: Scope) -> pd.DataFrame:
    """Return the amendments of the year from an unauthorised code to another kind of mark (rows of ``Register.amendments``)."""
    made = made_in_year(scope)
    unauthorised = [cell_of(code) for code in UNAUTHORISED_CODES]
    now = scope.register.codes[made["row"], made["column"]]
    removed = made[
        made["amended_from"].isin(unauthorised).to_numpy() & ~np.isin(now, [*unauthorised, MISSING])
    ]
    return removed[~is_explained_in_time(scope, removed)].reset_index(drop=True)


def is_explained_in_time(scope: Scope, edits: pd.DataFrame) -> np.ndarray:
    """Return which amendments gave an N its reason by the fifth school day (boolean, one per amendment).

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = pd.bdate_range("2026-11-02", periods=7).to_numpy().astype("datetime64[D]")
    >>> scope = SimpleNamespace(calendar=SimpleNamespace(school_days=days), days=days)
    >>> edits = pd.DataFrame({"column": 0, "amended_from": [cell_of(code) for code in "NNO"], "amended_on": days[[5, 6, 5]]})
    >>> is_explained_in_time(scope, edits).tolist()  # on the fifth school day, on the sixth, and of another code
    [True, False, False]
    """
    was_n = (edits["amended_from"] == cell_of(NO_REASON_YET)).to_numpy()
    return was_n & (days_passed(scope, edits) <= DAYS_TO_EXPLAIN)


def near(scope: Scope, edits: pd.DataFrame, rule: NoticeRule) -> pd.DataFrame:
    """Return the amendments that were near the threshold of one rule, one row each; what the rule counts are sessions."""
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
    return finding_rows(scope, "edit_near_threshold", spans, detail).assign(
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
        """Return the most sessions counted in a window that holds the session and ends by the day of the amendment.

        The shape is (amendments,).
        """
        windows = Windows(rule, self.people)
        column = self.edits["column"].to_numpy()[:, None]
        made = self.edits["amended_on"].to_numpy().astype("datetime64[D]")[:, None]
        place = np.arange(len(self.scope.days))
        holds_session = (place >= column) & (windows.starts <= column) & (self.scope.days <= made)
        return np.where(holds_session, windows.running, 0).max(axis=1, initial=0)


# Forms in which something happens far more often than in the others: N, and marks amended long after


def forms_with_many_n(scope: Scope) -> pd.DataFrame:
    """Return one row per form with N in ten marks of the year or more, at three times the rate of the other forms or more.

    The sessions of a form are from its first to its last N.
    """
    return far_more_often(scope, "n_often", scope.holds(NO_REASON_YET), "N in")


def forms_amended_often(scope: Scope) -> pd.DataFrame:
    """Return one row per form with ten marks or more amended after their fifth school day, at three times the others' rate."""
    edits = long_after(scope)
    cells = np.zeros(scope.year.codes.shape, dtype=bool)
    cells[edits["row"], edits["column"] - scope.before] = True
    return far_more_often(scope, "amended_often", cells, "Amended after the fifth school day:")


def far_more_often(scope: Scope, rule: str, cells: np.ndarray, what: str) -> pd.DataFrame:
    """Return a thing to fix for each form in which cells of the year (boolean, shape (pupils, sessions)) are far more frequent.

    From the first to the last session with one; the rate is of the marks that there are. One or two pupils'
    absence is no habit of a form: three or more have such marks.
    """
    found, marks = scope.by_form(cells), scope.by_form(scope.year.codes >= FIRST_CODE)
    count, of = found.sum(axis=1), marks.sum(axis=1)
    pupils = np.bincount(scope.forms[0], weights=cells.any(axis=1))
    row = np.flatnonzero(is_far_more(count, of) & (pupils >= FAR_MORE_PUPILS))
    detail = [f"{what} {each}" for each in in_comparison(count, of, row)]
    return form_findings(scope, rule, first_to_last(row, found[row] > 0), detail)


def is_far_more(count: np.ndarray, of: np.ndarray) -> np.ndarray:
    """Return which forms have far more than the others together: ten or more, and three times their rate or more.

    Examples
    --------
    >>> is_far_more(np.array([10, 3, 4]), np.array([100, 110, 100])).tolist()
    [True, False, False]
    >>> is_far_more(np.array([10]), np.array([100])).tolist()
    [False]
    """
    others, of_others = count.sum() - count, of.sum() - of
    return (count >= FAR_MORE_TIMES) & (of_others > 0) & (count * of_others >= FAR_MORE_OFTEN * others * of)


def in_comparison(count: np.ndarray, of: np.ndarray, rows: np.ndarray) -> Iterable[str]:
    """Yield a form's count of its marks beside that of all the others.

    Examples
    --------
    >>> next(in_comparison(np.array([4, 1, 2]), np.array([10, 30, 20]), np.array([0])))
    '4 of 10 marks; in the other forms 3 of 50'
    """
    for row in rows:
        others, of_others = int(count.sum() - count[row]), int(of.sum() - of[row])
        yield f"{count[row]:,} of {in_marks(int(of[row]))}; in the other forms {others:,} of {of_others:,}"


# Minutes late that were not read off a clock: nearly all multiples of five, or nearly all one figure

RULE, TEN = "minutes_rounded", 10


def rounded_minutes(scope: Scope) -> pd.DataFrame:
    """Return each register taker or form whose minutes late of the year are nearly all round, or nearly all alike.

    At least 20 late marks with minutes, nine in ten of them multiples of five minutes or one and the same figure.
    They are of who took the register where lessons are exported, else of the form; one thing only where it is so of
    everybody with that many late marks, for then it is how the school enters them.
    """
    late = late_marks(scope)
    if len(late) < ROUNDED_MARKS:
        return no_findings()
    groups = by_taker(late)
    enough = groups[groups["marks"] >= ROUNDED_MARKS]
    found = enough[is_rounded(enough)]
    if len(found) == len(enough) > 1:
        found = by_taker(late.assign(form=WHOLE_SCHOOL, taker=""))
    return as_findings(scope, found)


def late_marks(scope: Scope) -> pd.DataFrame:
    """Return the late marks of the year with minutes: ``place`` (column of the register), ``minutes``, ``form`` and ``taker``.

    The form is empty where the taker is known, and the taker where not.
    """
    minutes = scope.minutes[:, scope.before :]
    row, column = np.nonzero(scope.holds(LATE_BEFORE_CLOSE, LATE_AFTER_CLOSE) & ~np.isnan(minutes))
    place = column + scope.before
    sessions = scope.register.sessions.iloc[place]
    taker = takers_of(scope, sessions[["date", "session"]].assign(pupil_id=scope.pupil_ids[row]))
    form = np.where(taker == "", scope.form_names[row], "")
    return pd.DataFrame(
        {"place": place, "minutes": minutes[row, column].astype(int), "form": form, "taker": taker}
    )


def by_taker(late: pd.DataFrame) -> pd.DataFrame:
    """Count the late marks of each taker or form.

    Parameters
    ----------
    late : pandas.DataFrame
        What ``late_marks`` returns.

    Returns
    -------
    pandas.DataFrame
        One row per form and taker: ``first`` and ``last`` (columns of the register), ``marks``, ``round`` (those of
        a multiple of five minutes), ``alike`` (those of the commonest figure) and ``figure`` (that, in minutes).

    Examples
    --------
    >>> late = pd.DataFrame({"form": "7A", "taker": "", "place": [4, 0, 2], "minutes": [10, 10, 7]})
    >>> by_taker(late)[["first", "last", "marks", "round", "alike", "figure"]].values.tolist()
    [[0, 4, 3, 2, 2, 10]]
    """
    named = late.drop_duplicates(["form", "taker"]).reset_index(drop=True)
    group = pd.MultiIndex.from_frame(named[["form", "taker"]]).get_indexer(
        pd.MultiIndex.from_frame(late[["form", "taker"]])
    )
    figures, figure = np.unique(late["minutes"], return_inverse=True)
    counts = np.zeros((len(named), len(figures)), dtype=np.int64)
    np.add.at(counts, (group, figure), 1)
    # Late marks are in order of pupils, not of time.
    place, ends = late["place"].to_numpy(), np.full((2, len(named)), [[np.iinfo(np.int64).max], [-1]])
    np.minimum.at(ends[0], group, place)
    np.maximum.at(ends[1], group, place)
    return named[["form", "taker"]].assign(
        first=ends[0], last=ends[1], marks=counts.sum(axis=1),
        round=counts[:, figures % ROUND_MINUTES == 0].sum(axis=1), alike=counts.max(axis=1),
        figure=figures[counts.argmax(axis=1)],
    )  # fmt: skip


def is_rounded(groups: pd.DataFrame) -> pd.Series:
    """Return which groups have nearly all their minutes round or alike.

    Examples
    --------
    >>> groups = pd.DataFrame({"marks": [10, 10, 10], "round": [9, 8, 0], "alike": [0, 8, 10]})
    >>> is_rounded(groups).tolist()
    [True, False, True]
    """
    return TEN * groups[["round", "alike"]].max(axis=1) >= ROUNDED_IN_TEN * groups["marks"]


def as_findings(scope: Scope, found: pd.DataFrame) -> pd.DataFrame:
    """Return the groups found as things to fix, one row each; minutes are in ``detail``."""
    if found.empty:
        return no_findings()
    details = [in_words(each) for each in found.to_dict("records")]
    return placed(scope, RULE, found).assign(
        form=found["form"].to_numpy(), taker=found["taker"].to_numpy(), pupil_id="", detail=details
    )


def in_words(group: Mapping[str, int]) -> str:
    """Return what is odd about a group's minutes: that they are alike, else that they are round.

    Examples
    --------
    >>> in_words({"marks": 20, "alike": 18, "figure": 10, "round": 20})  # nine in ten of one figure
    '18 of 20 late marks have 10 minutes'
    >>> in_words({"marks": 20, "alike": 17, "figure": 10, "round": 19})
    '19 of 20 late marks have 5, 10, 15 ... minutes'
    """
    marks, alike = group["marks"], group["alike"]
    if TEN * alike >= ROUNDED_IN_TEN * marks:
        return f"{alike:,} of {marks:,} late marks have {in_minutes(group['figure'])}"
    return f"{group['round']:,} of {marks:,} late marks have 5, 10, 15 ... minutes"


def history(scope: Scope) -> str:
    """Return why a check of amendments cannot be made; empty if it can.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [history(SimpleNamespace(register=SimpleNamespace(has_history=has))) for has in (False, True)]
    ['the export has no history of amendments', '']
    """
    return "" if scope.register.has_history else "the export has no history of amendments"


def history_and_notice_rules(scope: Scope) -> str:
    """Return why amendments near a notice threshold cannot be checked; empty if they can.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> registers = [SimpleNamespace(has_history=has) for has in (False, True)]
    >>> [history_and_notice_rules(SimpleNamespace(register=each, notice_rules=())) for each in registers]
    ['the export has no history of amendments', 'no notice rule is in force']
    """
    return history(scope) or ("" if scope.notice_rules else "no notice rule is in force")


CHECKS = (
    Check(
        "n_often", "N far more often than in other forms", SHOULD,
        "Ask how reasons reach the register: who rings home, and who enters what the office learns.",
        CHECKLIST, find=forms_with_many_n, names_pupil=False,
    ),
    Check(
        "bulk_code", "One code for a whole class", SHOULD,
        "Check that it was so for each pupil (a visit may be), and not filled in at once.",
        CHECKLIST, find=bulk_codes, names_pupil=False,
    ),
    Check(
        "full_class", "Nobody absent or late for 10 sessions", SHOULD,
        "Check that the register was taken with the pupils in front of the teacher.",
        OURS, find=full_classes, names_pupil=False,
    ),
    Check(
        "minutes_rounded", "Minutes late in round numbers or all alike", SHOULD,
        "Check that the minutes are read off the clock as pupils come, and not filled in afterwards.",
        CHECKLIST, find=rounded_minutes, lacks=minutes_late, names_pupil=False,
    ),
    Check(
        "amended_together", "Many marks amended on one day, long after", SHOULD,
        "Check who amended them, why, and what shows it: the original, the reason, the date and the person must be on record.",
        REGULATIONS_2024, find=amended_together, lacks=history, names_pupil=False,
    ),
    Check(
        "amended_often", "Marks amended late far more often than in other forms", SHOULD,
        "Ask why these marks are so often wrong at first, and check that each amendment has its reason on record.",
        REGULATIONS_2024, find=forms_amended_often, lacks=history, names_pupil=False,
    ),
    Check(
        "edit_near_threshold", "Unauthorised mark removed near a notice threshold", SHOULD,
        "Check that the reason, the person and the date of the amendment are on record.",
        REGULATIONS_2024, find=edits_near_threshold, lacks=history_and_notice_rules,
    ),
)  # fmt: skip
