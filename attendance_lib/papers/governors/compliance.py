"""Register compliance in summary, and persistent absence under each definition in use."""

from collections.abc import Iterator

import pandas as pd

from attendance_lib.analysis.inspection.inspect import CHECKS
from attendance_lib.analysis.reconciliation import COUNTS
from attendance_lib.display import Column, Kind, Sentences, Table
from attendance_lib.display.columns import figure
from attendance_lib.display.format import format_count, format_date, is_suppressed
from attendance_lib.errors import Severity
from attendance_lib.papers.governors.published import (
    CHECKS_TABLE,
    LEAVERS,
    RECONCILIATION,
    REGISTER_CHECKS,
    Published,
    of_every_age,
)
from attendance_lib.papers.published_tables import published_table
from attendance_lib.papers.shared import listed

# What the board must know besides figures: who leads on attendance, the policy, training, sharing, meetings, leavers

NOT_ENTERED = "Not entered: add {key} under governance in the school file"


def board_facts(report: Published) -> Table:
    """Return what the school file says of each thing that the board is to know, or that it says nothing."""
    return published_table(
        "board_facts",
        "How attendance is led and followed up",
        pd.DataFrame(list(facts_told(report)), columns=["what", "told"]),
        (
            Column("what", "What", meaning="What the board is to know", width=46),
            Column("told", "As the school file has it", meaning="What the school entered", width=80),
        ),
        "Working together to improve school attendance asks boards to see that attendance is led, staff are trained and data are "
        "reviewed. Sharing registers with DfE every day is required since 19 August 2024.",
    )


def facts_told(report: Published) -> Iterator[tuple[str, str]]:
    """Yield each thing with what the school file says of it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> from attendance_lib.intake.settings.school_file import GovernanceSettings
    >>> governance = GovernanceSettings(policy_reviewed=date(2026, 9, 1))
    >>> told = dict(facts_told(SimpleNamespace(facts=SimpleNamespace(governance=governance))))
    >>> told["Attendance policy last reviewed"], told["Training of staff about attendance"]
    ('1 September 2026', 'Not entered: add training under governance in the school file')
    """
    known = report.facts.governance
    trained = [f"{format_date(each.date)}: {each.about}" for each in known.training]
    meetings = [format_date(day) for day in sorted(known.authority_meetings)]
    told = {
        (
            "Senior leader for attendance (attendance champion)",
            "attendance_champion",
        ): known.attendance_champion,
        ("Attendance policy last reviewed", "policy_reviewed"): known.policy_reviewed,
        ("Attendance policy to be reviewed by", "policy_next_review"): known.policy_next_review,
        ("Training of staff about attendance", "training"): "; ".join(trained),
        ("Registers shared with DfE every day since", "data_shared_since"): known.data_shared_since,
        ("Meetings with the local authority", "authority_meetings"): listed(meetings) if meetings else "",
    }
    for (what, key), value in told.items():
        text = format_date(value) if hasattr(value, "isoformat") else value
        yield what, text or NOT_ENTERED.format(key=key)


def pupils_who_left(report: Published) -> Table:
    """Return what became of pupils who left this year, as far as it can be published."""
    return published_table(
        LEAVERS,
        "What became of pupils who left",
        report.tables[LEAVERS],
        (
            Column("destination", "Where they went", meaning="As the school file has it", width=46),
            figure("pupils", meaning="Pupils who left this school year", width=10),
        ),
        empty_text=report.facts.empty_text or f"{NOT_ENTERED.format(key='pupils_who_left')}.",
    )


PERSISTENT, SEVERE = "Persistently absent", "Severely absent"
WEIGHT_MEANING = "Must: against the law, or it makes figures wrong. Should: good practice"
WEIGHTS = {Severity.MUST.value: "Must", Severity.SHOULD.value: "Should"}


def checks(report: Published) -> pd.DataFrame:
    """Return every check (row) that could be made of the year's days, in the order of the rules, with what it found, if published.

    ``is_found`` says whether it found anything, as far as its count tells: one that is withheld is taken to be of something.
    """
    of_pupils, of_files = report.tables[CHECKS_TABLE], report.tables[REGISTER_CHECKS]
    # A check that found a whole file wanting has no marks to find in it, unless their number is withheld.
    is_of_file = of_pupils["rule"].isin(of_files["rule"]) & (of_pupils["year_things"] == 0)
    both = pd.concat([of_pupils[~is_of_file], of_files], ignore_index=True)
    order = {rule.rule: place for place, rule in enumerate(CHECKS)}
    is_found = both["year_things"].map(lambda things: is_suppressed(things) or things > 0).astype(bool)
    both = both.assign(is_found=is_found)
    return both.sort_values("rule", key=lambda rules: rules.map(order), kind="stable", ignore_index=True)


def compliance_words(report: Published) -> Sentences:
    """Say how many checks of the registers found nothing, and how many found what must and should be put right.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> of_pupils = pd.DataFrame({"rule": ["a", "b"], "severity": ["must", "should"], "year_things": ["c", 0]}, dtype=object)
    >>> tables = {CHECKS_TABLE: of_pupils, REGISTER_CHECKS: of_pupils.head(0)}
    >>> report = SimpleNamespace(tables=tables, facts=SimpleNamespace(is_of_cohort=False, date_to=date(2026, 10, 23)))
    >>> [said.partition(", and ")[0] for said in compliance_words(report).items][1:]
    ['Of these, 1 found too little to give a count.']
    """
    checked = checks(report)
    if report.facts.is_of_cohort:
        return Sentences(name="compliance_words", items=(report.facts.empty_text,))
    found = checked[checked["is_found"]]
    by_weight = {weight: int((found["severity"] == weight).sum()) for weight in WEIGHTS}
    told = (
        f"{format_count(len(checked), 'check')} of the registers of the school year to {format_date(report.facts.date_to)} were "
        f"made: {format_count(len(checked) - len(found))} found nothing, {format_count(by_weight['must'])} found what must be "
        f"put right by law or to keep figures right, and {format_count(by_weight['should'])} what should be."
    )
    few = int(found["year_things"].map(is_suppressed).sum())
    rest = (f"Of these, {format_count(few)} found too little to give a count.",) if few else ()
    return Sentences(name="compliance_words", items=(told, *rest))


def compliance(report: Published) -> Table:
    """Return the checks with how many things they found, musts first; those of which no count is given are counted in the words."""
    found = checks(report)
    found, word = found[found["is_found"] & ~found["year_things"].map(is_suppressed)], report.facts.span
    return published_table(
        "register_checks",
        "What the registers need",
        found.assign(severity=found["severity"].map(WEIGHTS)),
        (
            figure("check", width=44),
            figure("severity", meaning=WEIGHT_MEANING, width=10),
            Column("year_things", "To put right, year to date", Kind.COUNT, "Marks, runs or registers to put right", width=12),
            Column("period_things", f"Of these, {word}", Kind.COUNT, f"Those that came up in the {word}", width=12),
        ),
        f"{WEIGHT_MEANING}. Checks that found nothing are not listed.{of_every_age(report)}",
        empty_text=report.facts.empty_text or "No check found enough to give a count.",
    )  # fmt: skip


def reconciliation(report: Published) -> Table:
    """Return persistent and severe absence under each definition in use, and what makes each differ from the headline."""
    return published_table(
        RECONCILIATION,
        "Persistent absence under each definition in use, year to date",
        report.tables[RECONCILIATION],
        RECONCILIATION_COLUMNS,
        "Each count is the headline's plus those added less those removed. The headline is the only one that may stand "
        "beside DfE's figures. In the columns of those added and removed c may be none, too.",
        empty_text=report.facts.empty_text or "None.",
    )


RECONCILIATION_COLUMNS = (
    Column("label", "Definition", meaning="Who is counted", width=26),
    figure("pupils_counted", meaning="Enrolments with a possible session", width=9),
    Column("added_enrolments", "Pupils added", Kind.COUNT, "Counted here and not in the headline", width=8),
    Column("removed_enrolments", "Pupils removed", Kind.COUNT, "Counted in the headline and not here", width=9),
    Column("persistently_absent_enrolments", PERSISTENT, Kind.COUNT, "Enrolments that missed 10% or more", width=12),
    Column(
        "added_persistently_absent_enrolments", f"{PERSISTENT}, added", Kind.COUNT,
        f"{PERSISTENT} here and not in the headline", width=12,
    ),
    Column(
        "removed_persistently_absent_enrolments", f"{PERSISTENT}, removed", Kind.COUNT,
        f"{PERSISTENT} in the headline and not here", width=12,
    ),
    figure("persistent_absence", meaning=f"{PERSISTENT} out of enrolments"),
    Column("severely_absent_enrolments", SEVERE, Kind.COUNT, "Enrolments that missed 50% or more", width=10),
    Column("severe_absence_rate", "Severe absence", Kind.RATE, f"{SEVERE} out of enrolments", width=9),
    Column("meaning", "What it counts", meaning="The definition in words", shown=False, width=60),
)  # fmt: skip


def definition_words(report: Published) -> Sentences:
    """Return what each definition counts, one point each."""
    table = report.tables[RECONCILIATION]
    return Sentences(
        name="definitions_of_persistent_absence",
        title="What each definition counts",
        items=tuple(
            f"{label}: {meaning}" for label, meaning in zip(table["label"], table["meaning"], strict=True)
        )
        or (report.facts.empty_text,),
    )


def difference_words(report: Published) -> Sentences:
    """Answer why our figure differs from DfE's or the MIS's, naming each definition that gives another count."""
    table = report.tables[RECONCILIATION]
    if table.empty:
        return Sentences(name="why_figures_differ", style="lead", items=(report.facts.empty_text,))
    count = "persistently_absent_enrolments"
    headline, others = table.iloc[0], table.iloc[1:]
    told = [other_words(row, headline[count]) for row in others.to_dict("records")]
    lead = (
        "A figure from elsewhere may count other pupils, other sessions or other dates. DfE's own tool uses the first "
        "definition; many systems list the current roll."
    )
    return Sentences(name="why_figures_differ", style="lead", items=(lead, " ".join(filter(None, told))))


def other_words(row: dict, headline: object) -> str:
    """Say by how many enrolments a definition differs from the headline; nothing where that is withheld.

    Examples
    --------
    >>> row = {"label": "With under fives", f"added_{COUNTS[1]}": 6, f"removed_{COUNTS[1]}": 0}
    >>> other_words(row, 40)
    'With under fives: 6 more and 0 fewer persistently absent.'
    >>> other_words(row | {f"added_{COUNTS[1]}": "c"}, 40)
    'With under fives: differs by so few that it is withheld.'
    """
    added, removed = (row[f"{move}_{COUNTS[1]}"] for move in ("added", "removed"))
    if any(map(is_suppressed, (added, removed, headline))):
        return f"{row['label']}: differs by so few that it is withheld."
    if not added and not removed:
        return f"{row['label']}: the same count."
    return (
        f"{row['label']}: {format_count(added)} more and {format_count(removed)} fewer persistently absent."
    )
