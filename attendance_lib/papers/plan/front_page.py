"""What to know first of the plans, where each stands, what must be put right, and the sheet that staff fill in."""

from collections.abc import Iterator
from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.plan_progress import Progress, progress_of
from attendance_lib.casebook.plans import PAPER, SHEET
from attendance_lib.casebook.staff_rows import known_rows
from attendance_lib.display import (
    Chart,
    Column,
    Document,
    Heading,
    Highlight,
    Kind,
    Parts,
    Sentences,
    Table,
    Tone,
)
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date, format_weekday
from attendance_lib.display.shown import tab_named
from attendance_lib.errors import counted, in_number
from attendance_lib.intake.support_tables import PLANS
from attendance_lib.papers.links import plan_anchor
from attendance_lib.papers.plan.family_copy import target_words
from attendance_lib.papers.plan.file_copy import file_parts
from attendance_lib.papers.plan.opening import Case, OpenPlans
from attendance_lib.papers.shared import framed, listed, masthead
from attendance_lib.papers.staff_columns import HEADINGS, to_fill_in
from attendance_lib.papers.staff_words import differing, fields_of, to_enter, told_of_files, what_came_back
from attendance_lib.reports.papers import PLAN

STANDINGS = OVERDUE, DUE, TO_BEGIN, RUNS = "Review overdue", "Review due", "To be begun", "Runs"
NO_LOG = (
    "No log of plans is exported. Plans begun on the sheet of this pack are known all the same; to add the school's own, name its "
    "file under exports, plans in the school file."
)
TO_BE_BEGUN = (
    "This pupil has no plan yet: the copies leave room, and the sheet of the workbook has a row for it."
)


def plan_masthead(opened: OpenPlans) -> Document:
    """Return what heads the paper."""
    return masthead(opened.pack, PLAN)


def what_to_know(opened: OpenPlans) -> Sentences:
    """Say how many plans run, which reviews wait and what must be put right."""
    running = [case.plan for case in opened.cases if not case.is_new]
    overdue, due = (
        sum(bool(plan[flag]) for plan in running) for flag in ("is_review_overdue", "is_review_due")
    )
    wrong = len(put_right_rows(opened))
    said = {
        f"{format_count(len(running), 'plan')} {in_number(len(running), 'runs', 'run')}.": len(running),
        f"{counted(overdue, 'review is', 'reviews are')} overdue.": overdue,
        f"{counted(due, 'review is', 'reviews are')} due within two school weeks.": due,
        TO_BE_BEGUN: len(opened.cases) > len(running),
        f"{counted(wrong, 'entry is', 'entries are')} to be put right.": wrong,
        NO_LOG: opened.pack.school.plans is None,
    }
    told = tuple(words for words, is_so in said.items() if is_so)
    none = "No plan runs." if len(opened.plans) else "No plan is on file."
    return Sentences("what_to_know", told or (none,), style="lead")


def plans_now(opened: OpenPlans) -> Parts:
    """Return where each plan stands: a row each on the page, and the sheet to fill in, with all of it, in the workbook."""
    frame = framed([row_of(case) for case in opened.cases], NOW_COLUMNS)
    page = Table(
        name="plans_now",
        title="Plan by plan",
        frame=frame,
        columns=NOW_COLUMNS,
        row_header="pupil_name",
        note=f"The workbook has all of it, sheet {tab_named(SHEET)}, to be filled in.",
        empty_text="No plan runs.",
    )
    return Parts("plans_parts", (page,), (working_sheet(opened),))


def standing_of(case: Case) -> str:
    """Return where a plan stands: to be begun, its review overdue or due, or that it runs.

    Examples
    --------
    >>> flags = [(True, True), (False, True), (False, False)]
    >>> plans = [{"is_review_overdue": overdue, "is_review_due": due} for overdue, due in flags]
    >>> [standing_of(Case({}, plan, None, is_new=False)) for plan in plans]
    ['Review overdue', 'Review due', 'Runs']
    >>> standing_of(Case({}, plans[0], None, is_new=True))
    'To be begun'
    """
    if case.is_new:
        return TO_BEGIN
    if case.plan["is_review_overdue"]:
        return OVERDUE
    return DUE if case.plan["is_review_due"] else RUNS


def row_of(case: Case) -> dict[str, object]:
    """Return a case as a row of ``plans_now``."""
    plan, progress = case.plan, case.progress
    return {
        "pupil_name": case.pupil["pupil_name"],
        "form": case.pupil["form"],
        "plan_id": None if case.is_new else plan["plan_id"],
        "standing": standing_of(case),
        "review_day": plan["review_day"],
        "lead": plan["lead"],
        "target": target_words(progress).removeprefix("Miss no more than ").rstrip(".") or None,
        "missed": progress.missed if progress.possible else None,
        "possible": progress.possible or None,
        "at_pace": progress.at_pace,
        "finding": progress.finding or None,
    }


def to_put_right(opened: OpenPlans) -> Table:
    """Return what must be put right in the plans on file, one row each."""
    return Table(
        name="to_put_right",
        title="To put right",
        frame=pd.DataFrame(
            put_right_rows(opened), columns=["pupil_name", "plan_id", "what", "remedy"], dtype=object
        ),
        columns=RIGHT_COLUMNS,
        row_header="plan_id",
        empty_text="Nothing is wrong or missing in the plans on file.",
    )


def put_right_rows(opened: OpenPlans) -> list[tuple]:
    """Return the rows of ``to_put_right``."""
    names = opened.names
    plans = opened.plans[opened.plans["is_open"] | ~opened.plans["is_known"]]
    return [
        (names.get(plan["pupil_id"]), plan["plan_id"], what, remedy)
        for plan in plans.to_dict("records")
        for what, remedy in faults_of(plan, opened)
    ]


def faults_of(plan: dict, opened: OpenPlans) -> Iterator[tuple[str, str]]:
    """Yield what is wrong or missing in a plan, each with its remedy.

    Examples
    --------
    >>> list(faults_of({"is_known": False}, None))
    [('Nobody in the pupils file has its pupil ID', 'Correct the pupil ID, or export leavers too.')]
    >>> list(faults_of({"is_known": True, "left_on": pd.Timestamp(2026, 10, 16)}, None))  # nothing else is asked then
    [('The pupil left on 16 October 2026', 'Close the plan, and send it to the next school.')]
    """
    if not plan["is_known"]:
        yield "Nobody in the pupils file has its pupil ID", "Correct the pupil ID, or export leavers too."
        return
    if pd.notna(plan["left_on"]):
        left = f"The pupil left on {format_date(plan['left_on'])}"
        yield left, "Close the plan, and send it to the next school."
        return
    if pd.isna(plan["review_on"]):
        yield "No review day", "Agree one."
    elif plan["is_review_moved"]:
        day = f"The review was set for {format_weekday(plan['review_on'])}, a day without school"
        yield day, f"{format_weekday(plan['review_day'])} is meant here: agree it, or another."
    if missing := [words for name, words in ASKED.items() if not plan[name]]:
        yield f"No {listed(missing, 'or')}", "Write it in the sheet."
    yield from _faults_of_target(plan, progress_of(opened.pack, plan))


def _faults_of_target(plan: dict, progress: Progress) -> Iterator[tuple[str, str]]:
    if progress.problem:
        problem = f"The target cannot be counted as it stands: {progress.problem}"
        yield problem, "Write sessions, first and last day."
    if progress.finding and pd.isna(plan["reviewed_on"]):
        finding = f"The days of its target are past, and the register says: {progress.finding}"
        yield finding, "Hold the review."


ASKED = {
    "lead": "lead practitioner",
    "school_does": "step of the school's",
    "parent_does": "step of the parent's",
}


def file_copies(opened: OpenPlans) -> Parts:
    """Return the file copy of each pupil, one after another; the workbook has the tables of all of them together."""
    own = {case: file_parts(case, opened.pack, level=4, is_linked=True) for case in opened.cases}
    said = tuple(part for case, parts in own.items() for part in of_one(case, parts, folds=len(own) > 1))
    nothing = Sentences("no_copies", ("No plan runs, so there is no copy.",), style="note")
    return Parts("file_copies", said or (nothing,), tuple(together(own)))


def of_one(case: Case, parts: tuple, *, folds: bool) -> Iterator[object]:
    """Yield a copy's parts as they stand among those of others: under the pupil's name, which each table and picture bears."""
    name = str(case.pupil["pupil_name"])
    yield Heading(name, anchor=plan_anchor(case.plan["plan_id"]), folds=folds)
    for part in parts:
        yield replace(part, title=f"{part.title}: {name}") if isinstance(part, Table | Chart) else part


def together(own: dict[Case, tuple]) -> Iterator[Table]:
    """Yield the tables of the copies, those of one name as one with the pupil before each row; what the sheet of plans has, not."""
    for name in TOGETHER:
        found = [(case, table) for case, table in _tables_of(own) if table.name == name]
        if found:
            yield _as_one(found)


def _tables_of(own: dict[Case, tuple]) -> list[tuple[Case, Table]]:
    return [(case, part) for case, parts in own.items() for part in parts if isinstance(part, Table)]


def _as_one(found: list[tuple[Case, Table]]) -> Table:
    first = found[0][1]
    frames = [table.frame.assign(pupil_name=case.pupil["pupil_name"]) for case, table in found]
    rows = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    columns = (*shown("pupil_name"), *first.columns)
    return replace(first, frame=rows, columns=columns, row_header="pupil_name")


TOGETHER = ("plan_facts", "tried")
NOW_COLUMNS = (
    *shown("pupil_name", "form", "plan_id"),
    Column(
        "standing", "Stands", meaning="Where the plan stands on the last day", width=15,
        highlights=(Highlight("equals", OVERDUE, Tone.ALERT), Highlight("equals", DUE, Tone.CAUTION)),
    ),
    figure("review_day"),
    figure("lead_practitioner", width=18),
    Column("target", "Target: miss at most", meaning="Sessions, of those of the target's days", personal=True, width=30),
    *shown("missed", "possible"),
    Column("at_pace", "At this pace", Kind.COUNT, "Sessions missed in all, at the present pace", personal=True, width=7),
    figure("finding"),
)  # fmt: skip
RIGHT_COLUMNS = (
    *shown("pupil_name", "plan_id"),
    Column("what", "What", meaning="What is wrong or missing", personal=True, width=60),
    figure("remedy", width=40),
)


# The sheet of plans that staff fill in, and what somebody has to look at of all that was written on it


BLANK_ROWS = 10


def rows_to_fill_in(opened: OpenPlans) -> pd.DataFrame:
    """Return the rows of the sheet: SHEET_COLUMNS of the plans that are open on the last day, then of those to be begun."""
    begun = [case.plan for case in opened.cases if case.is_new]
    kept = opened.plans[opened.plans["is_open"]]
    parts = [each for each in (kept, pd.DataFrame(begun, columns=list(PLANS.column_names))) if len(each)]
    rows = pd.concat(parts, ignore_index=True) if parts else kept
    frame = rows.astype({"pupil_id": object}).assign(
        pupil_name=rows["pupil_id"].map(opened.names), form=rows["pupil_id"].map(opened.people["form"])
    )
    return frame.reindex(columns=[column.name for column in SHEET_COLUMNS])


def working_sheet(opened: OpenPlans) -> Table:
    """Return the sheet that staff fill in: the plans that run, that of a pupil who left, and one to be begun."""
    return Table(
        name=SHEET,
        title="Plans",
        frame=rows_to_fill_in(opened),
        columns=SHEET_COLUMNS,
        row_header="plan_id",
        note="Fill in this sheet of the workbook; the next run reads it, and every copy of it. A plan with a new target is a new "
        "plan: write it in a blank row at the foot, with the pupil's ID.",
        empty_text="No plan runs.",
        blank_rows=BLANK_ROWS,
    )


def keys_of(opened: OpenPlans) -> list[str]:
    """Return the numbers of the plans that this paper's readers may see; of the whole school all that was written."""
    is_whole = not opened.pupil and not opened.pack.cohort.where
    everything = known_rows(opened.pack.casebook, SHEET) if is_whole else ()
    return list(
        dict.fromkeys(
            [*opened.plans["plan_id"], *(case.plan["plan_id"] for case in opened.cases), *everything]
        )
    )


def came_back(opened: OpenPlans) -> Parts:
    """Return what was written that somebody has to look at: to settle, to enter, noted about files; one line if nothing."""
    pack, keys, fields = opened.pack, keys_of(opened), fields_of(SHEET_COLUMNS)
    tables = (
        differing(pack, SHEET, keys, fields),
        to_enter(pack, SHEET, keys, fields),
        told_of_files(pack, PAPER, keys),
    )
    return what_came_back(
        tables,
        "What staff wrote on earlier sheets: all of it was read, nothing differs, and the log says it too.",
    )


SHEET_COLUMNS = (
    figure(
        "plan_id",
        meaning="The plan's number; leave it blank for a new one: the next pack gives one",
        width=14,
    ),
    figure(
        "pupil_id",
        meaning="The pupil in the school's records; fill in for a new plan",
        shown=True,
        editable=True,
    ),
    *shown("pupil_name", "form"),
    *(to_fill_in(name) for name in HEADINGS),
)
