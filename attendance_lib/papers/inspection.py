"""The register inspection: what must and what should be put right in the register, where, and by whom."""

from dataclasses import replace

import pandas as pd

from attendance_lib.analysis.headline import returned_of
from attendance_lib.analysis.inspection.inspect import (
    CHECK_OF,
    NOT_CHECKED,
    TO_FIX,
    expected_of,
    findings_of,
    of_groups,
    summary_of,
)
from attendance_lib.display import Column, Document, Highlight, Kind, Sentences, Table, Tone
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.errors import Severity, counted, in_number
from attendance_lib.intake.checked_school import School
from attendance_lib.intake.settings.school_file import Cohort
from attendance_lib.pack.pack import Pack, pack_of
from attendance_lib.papers.shared import (
    enrolments_words,
    listed,
    masthead,
    pupil_names,
    returned_things,
)
from attendance_lib.reports.papers import INSPECTION
from attendance_lib.rules.pupils import year_name

SHOWN_THINGS = 40
CHECKED_WEEKS = 2
SEVERITY_WORDS = {Severity.MUST.value: "Must", Severity.SHOULD.value: "Should"}


def inspection_masthead(pack: Pack) -> Document:
    """Return what heads the paper (see ``shared.masthead``)."""
    return masthead(pack, INSPECTION)


def inspection_of(school: School) -> tuple[Sentences, Table]:
    """Return what the inspection of a school's registers says without naming anybody, for the check of its exports.

    Judged on the last register day; new is what came up in the two school weeks that end with it. The paper of its
    own (``attendance run inspection``) lists each thing.
    """
    period = school.calendar.weeks_ending(school.last_register_day, CHECKED_WEEKS)
    pack = pack_of(school, period, Cohort(name="all", title="Whole school"), pd.DataFrame())
    return inspection_words(pack), inspection_musts(pack)


def inspection_words(pack: Pack) -> Sentences:
    """Say how many findings must and should be put right, how many are new, and what could not be checked."""
    summary = summary_of(pack)
    items = [in_severity(summary, severity) for severity in Severity]
    items.append(expected_words(pack))
    unchecked = summary[summary["result"].str.startswith(NOT_CHECKED)]
    if len(unchecked):
        items.append(f"Not checked: {'; '.join(not_checked(unchecked))}.")
    items.append(
        f"Inspected: pupils of every age, school year to {format_date(pack.date_to)}. New: since {format_date(pack.date_from)}."
    )
    return Sentences(name="inspection_words", items=tuple(items))


def in_severity(summary: pd.DataFrame, severity: Severity) -> str:
    """Return a sentence on the findings of one weight, and where most are (``summary`` has one row per check).

    Examples
    --------
    >>> checks = {"check": ["N left open", "No mark", "Holidays"], "severity": ["must", "must", "should"]}
    >>> summary = pd.DataFrame(checks | {"things": [1, 4, 0], "new_things": [1, 0, 0]})
    >>> in_severity(summary, Severity.MUST), in_severity(summary, Severity.SHOULD)
    ('5 entries must be put right, 1 of them new; most often: No mark (4) and N left open (1).', 'Nothing should be put right.')
    """
    found = summary[(summary["severity"] == severity.value) & (summary["things"] > 0)]
    if found.empty:
        return f"Nothing {severity.value} be put right."
    most = found.sort_values("things", ascending=False, kind="stable").head(LEADING)
    named = listed(
        [
            f"{check} ({format_count(count)})"
            for check, count in zip(most["check"], most["things"], strict=True)
        ]
    )
    entries, new = int(found["things"].sum()), int(found["new_things"].sum())
    found_in_words = f"{counted(entries, 'entry', 'entries')} {severity.value} be put right, {format_count(new)} of them new"
    return f"{found_in_words}; most often: {named}."


LEADING = 3


def expected_words(pack: Pack) -> str:
    """Return a sentence on the sessions that registers should hold and those they hold.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> counts = pd.DataFrame({"expected": [190, 190], "recorded": [190, 188]})
    >>> expected_words(SimpleNamespace(results={expected_of: counts}))
    'Expected, two for each open day on roll: 380 sessions; 378 have a mark, 2 have none.'
    >>> expected_words(SimpleNamespace(results={expected_of: counts.assign(recorded=[190, 189])})).partition("; ")[2]
    '379 have a mark, 1 has none.'
    """
    total = expected_of(pack)[["expected", "recorded"]].sum()
    expected, recorded = int(total["expected"]), int(total["recorded"])
    told = f"Expected, two for each open day on roll: {format_count(expected, 'session')}"
    if recorded == expected:
        return f"{told}; every one has a mark."
    marked, bare = (
        f"{format_count(count)} {in_number(count, 'has', 'have')}"
        for count in (recorded, expected - recorded)
    )
    return f"{told}; {marked} a mark, {bare} none."


def not_checked(unchecked: pd.DataFrame) -> list[str]:
    """Return the checks (rows) that could not be made of these days, those of one reason together.

    Examples
    --------
    >>> unchecked = pd.DataFrame({"check": ["Late", "Minutes"], "result": [f"{NOT_CHECKED}no times exported"] * 2})
    >>> not_checked(unchecked)
    ['Late and Minutes (no times exported)']
    """
    reasons = unchecked.groupby("result", sort=False)["check"].agg(list)
    return [f"{listed(checks)} ({reason.removeprefix(NOT_CHECKED)})" for reason, checks in reasons.items()]


def inspection_summary(pack: Pack) -> Table:
    """Return every check, how much it found and where most: what must be put right, what should, what was clear or not checked."""
    summary = in_words_of_severity(summary_of(pack))
    found = summary["result"] == TO_FIX
    summary["standing"] = summary["result"].where(~found, summary["severity"] + " be put right")
    return Table(
        name="inspection_summary",
        title="What was checked",
        frame=pd.concat([summary[found], summary[~found]], ignore_index=True),
        columns=SUMMARY_COLUMNS,
        row_header="check",
        grouped_by="standing",
        note=f"{WEIGHT_MEANING}. In brackets: how many entries are in the forms and on the days most concerned.",
    )


def inspection_musts(pack: Pack) -> Table:
    """Return the checks whose findings must be put right, with counts and where most."""
    summary = summary_of(pack)
    musts = summary[(summary["severity"] == Severity.MUST.value) & (summary["result"] == TO_FIX)]
    return Table(
        name="inspection_musts",
        title="What must be put right in the register",
        frame=musts.reset_index(drop=True),
        columns=MUST_COLUMNS,
        row_header="check",
        note="Year to date. The register inspection (attendance run inspection) lists each entry, and what should be put right.",
        empty_text="Nothing that the inspection checks must be put right.",
    )


def in_words_of_severity(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table (of checks or findings, row by row) with the weight as a reader sees it."""
    return table.assign(severity=table["severity"].map(SEVERITY_WORDS))


def registers_by_year(pack: Pack) -> Table:
    """Return what the registers of each year group should hold and do hold, and of all."""
    counts = expected_of(pack)
    years = of_groups(counts, "year_group")
    years = years.assign(group=[year_name(int(year)) for year in years["year_group"]])
    total = of_groups(counts.assign(form=pack.cohort.title), "form").rename(columns={"form": "group"})
    return Table(
        name="registers_by_year",
        title="Which year groups' registers have gaps?",
        frame=pd.concat([years, total], ignore_index=True),
        columns=(Column("group", "Year", meaning="National curriculum year group", width=16), *HELD_COLUMNS),
        note=HELD_NOTE + enrolments_words(returned_of(pack)),
    )


def registers_by_form(pack: Pack) -> Table:
    """Return what the registers of each form should hold and do hold, in order of year group."""
    return Table(
        name="registers_by_form",
        title="Which forms' registers have gaps?",
        frame=of_groups(expected_of(pack), "form"),
        columns=(figure("form", width=16), *HELD_COLUMNS),
    )


def whom_to_ask(pack: Pack) -> Table:
    """Return how many findings each teacher or key adult is to be asked about, most musts first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> things = pd.DataFrame({"teacher": ["", "Ms Ash", ""], "severity": ["must", "should", "must"], "rule": "none"})
    >>> findings = things.assign(known_date=pd.Timestamp(2026, 11, 5))
    >>> asked = whom_to_ask(SimpleNamespace(date_from="2026-11-02", results={findings_of: findings})).frame
    >>> asked[["musts", "shoulds"]].values.tolist(), asked["teacher"].iloc[1] == NOBODY  # what is nobody's comes last
    ([[0, 1], [2, 0]], True)
    """
    findings = findings_of(pack)
    asked = findings.assign(
        teacher=findings["teacher"].replace("", NOBODY),
        musts=findings["severity"] == Severity.MUST.value,
        shoulds=findings["severity"] == Severity.SHOULD.value,
        gaps=findings["rule"].isin(GAPS),
        is_new=findings["known_date"] >= pd.Timestamp(pack.date_from),
    )
    frame = asked.groupby("teacher", as_index=False)[["musts", "shoulds", "gaps", "is_new"]].sum()
    order = frame.assign(last=frame["teacher"] == NOBODY).sort_values(
        ["last", "musts", "shoulds", "teacher"], ascending=[True, False, False, True], ignore_index=True
    )
    return Table(
        name="whom_to_ask",
        title="Whom to ask",
        frame=order,
        columns=ASKED_COLUMNS,
        empty_text="Nobody: nothing is to be put right.",
    )


def findings_named(pack: Pack) -> pd.DataFrame:
    """Return the rows of ``findings_of`` with the check and the pupil by name, whether new, and the last day of a run."""
    findings = in_words_of_severity(findings_of(pack))
    named = pack.register.pupils.drop_duplicates("pupil_id", keep="last")
    names = pd.Series(pupil_names(named).to_numpy(), index=named["pupil_id"].astype(str))
    return findings.assign(
        check=[CHECK_OF[rule].check for rule in findings["rule"]],
        is_new=findings["known_date"] >= pd.Timestamp(pack.date_from),
        pupil_name=findings["pupil_id"].map(names),
        last_date=findings["end_date"].where(findings["end_date"] != findings["date"]),
    )


def things_to_fix(pack: Pack) -> Table:
    """Return one row per thing to fix: musts first, of these the new ones first, then in the order of the checks and of time."""
    by = ["severity", "is_new"]
    listed = findings_named(pack).sort_values(by, ascending=[True, False], kind="stable", ignore_index=True)
    return Table(
        name="things_to_fix",
        title="What is to be put right, one by one",
        frame=listed.assign(number=listed.index + 1),
        columns=THING_COLUMNS,
        row_header="check",
        shown_rows=SHOWN_THINGS,
        note="A run of sessions is one row, with its first and last day. Ask: who took the register where lessons are exported, "
        f"else the pupil's key adult, else the head of year.{returned_things(returned_of(pack))}",
        empty_text="Nothing is to be put right.",
    )


WEIGHT_MEANING = (
    "Must: against the law, or it makes figures wrong. Should: good practice, or worth a question"
)
NOBODY = "Not known"
GAPS = ("register_missing", "mark_missing", "pupil_unmarked", "marks_stop")
HELD_NOTE = (
    "Expected: two sessions for each open day on roll, year to date. N: the reason is not known yet. Amended late: after "
    "the fifth school day, by when a reason is due; none where no history of amendments is exported."
)
HELD_COLUMNS = (
    figure("pupils", meaning="Enrolments with a session expected, leavers too", width=9),
    Column("expected", "Expected", Kind.COUNT, "Sessions, two for each open day on roll", width=11),
    Column("recorded", "Recorded", Kind.COUNT, "Sessions with a mark", width=11),
    Column("missing_am", "No mark AM", Kind.COUNT, "Mornings without a mark", width=10),
    Column("missing_pm", "No mark PM", Kind.COUNT, "Afternoons without a mark", width=10),
    Column("missing_rate", "Missing", Kind.RATE, "Sessions without a mark out of those expected", width=10),
    Column("n_marks", "Still N", Kind.COUNT, "Sessions whose reason is not known yet", width=8),
    Column("n_per_thousand", "N per 1,000", Kind.NUMBER, "N in a thousand sessions recorded", width=10),
    Column(
        "amended_late", "Amended late", Kind.COUNT, "Marks amended after their fifth school day", width=12
    ),
    Column(
        "amended_per_thousand",
        "Amended per 1,000",
        Kind.NUMBER,
        "Amended late, in a thousand sessions recorded",
        width=12,
    ),
)
ASKED_COLUMNS = (
    figure(
        "teacher", meaning="Who took the register where lessons are exported, else the key adult", width=26
    ),
    Column("musts", "Must", Kind.COUNT, "Entries that must be put right", width=9),
    Column("shoulds", "Should", Kind.COUNT, "Entries that should be put right", width=9),
    Column("gaps", "Marks missing", Kind.COUNT, "Of those that must, marks missing", width=11),
    Column("is_new", "New", Kind.COUNT, "Of both, those that came up in the period", width=9),
)
SEVERITY = figure("severity", meaning=WEIGHT_MEANING)
CHECK = figure("check")
THINGS = Column(
    "things", "To put right", Kind.COUNT, "Entries to put right, year to date; a run of sessions is one"
)
NEW = Column("new_things", "New", Kind.COUNT, "Of these, those that came up in the period")
FORMS = Column("forms", "Forms", meaning="The forms most concerned, with how many entries each", width=24)
DATES = Column(
    "dates", "Days", meaning="The days on which most entries are or begin, with how many", width=34
)
WHAT_TO_DO = Column("what_to_do", "What to do", meaning="How it is put right", width=44)
EXAMPLES = Column(
    "examples",
    "Examples",
    meaning="Identifiers of the first pupils concerned",
    personal=True,
    shown=False,
    width=24,
)
SOURCE = Column("source", "Source", meaning="Where the check comes from", shown=False, width=40)
RULE = Column("rule", "Rule", meaning="Short name of the check", shown=False, width=20)
SUMMARY_COLUMNS = (
    Column(
        "standing", "Stands", meaning="What is to be put right, or that nothing was found or why not checked"
    ),
    replace(SEVERITY, shown=False),
    CHECK,
    Column(
        "result",
        "Result",
        meaning="Whether anything is to be put right, or why it was not checked",
        shown=False,
        width=12,
    ),
    THINGS,
    NEW,
    FORMS,
    DATES,
    replace(WHAT_TO_DO, shown=False),
    EXAMPLES,
    SOURCE,
    RULE,
)
MUST_COLUMNS = (CHECK, THINGS, NEW, FORMS, WHAT_TO_DO, DATES, RULE)
THING_COLUMNS = (
    replace(SEVERITY, once=True),
    CHECK,
    figure("date", meaning="Day of the session, or the first of a run"),
    figure("last_date_of_pupil", meaning="Last day of a run over several days"),
    figure("session", meaning="AM, PM or both; blank for a run over several days"),
    *shown("form", "pupil_name"),
    figure("pupil_id", shown=True),
    Column("detail", "What was found", meaning="The codes, counts or minutes", personal=True, width=34),
    figure("teacher"),
    Column(
        "is_new",
        "New",
        Kind.FLAG,
        "It came up in the period",
        highlights=(Highlight("equals", value=True, tone=Tone.CAUTION),),
    ),
    replace(WHAT_TO_DO, shown=False, width=50),
    RULE,
    Column(
        "number", "No.", Kind.COUNT, "Its place in this list, by which a row is named", shown=False, width=6
    ),
)
