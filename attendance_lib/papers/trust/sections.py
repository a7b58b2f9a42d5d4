"""What the trust's paper says, in order. Schools stand by name within their phase, never by rank."""

import pandas as pd

from attendance_lib.analysis.impact.schools import SHARED_ERROR
from attendance_lib.display import Chart, Column, DisclosureNote, Document, Kind, Sentences, Table
from attendance_lib.display.charts.funnel import funnel_chart
from attendance_lib.display.columns import figure
from attendance_lib.display.format import (
    format_count,
    format_date,
    format_percent,
    format_points,
    is_suppressed,
)
from attendance_lib.errors import counted, in_number
from attendance_lib.intake.school_counts import differing
from attendance_lib.papers.published_tables import published_table
from attendance_lib.papers.shared import listed
from attendance_lib.papers.trust.comparing import (
    ABOVE,
    BELOW,
    FEWEST_FOR_DISPERSION,
    LESS,
    MORE,
    PHASE_OF,
    UNKNOWN,
    WITHIN,
    beside_expected,
    beside_last_year,
    beside_persistent,
    england,
    england_shown,
    limit_of,
)
from attendance_lib.papers.trust.opening import PRACTICE, SCHOOLS, TOTALS, TRUST, TrustPaper
from attendance_lib.papers.trust.pooling import pooled_findings
from attendance_lib.reports.papers import TRUST_PAPER
from attendance_lib.rules.benchmarks import Benchmark, acknowledgement, series_notes
from attendance_lib.rules.england_mix import SOURCE
from attendance_lib.rules.thresholds import SMALLEST_RATE_BASE

SCHOOL = Column("school", "School", meaning="The school, by name within its phase", width=22)
CHANCE = Column(
    "limit_points", "Chance, ± points", Kind.NUMBER, "Within what it lies by chance, 19 times in 20", width=10
)
PLACE = Column("place", "Beside chance", meaning="Where it lies beside the limits", width=16)
NOW = Column(
    "absence_rate", "Absence now", Kind.RATE, "Sessions missed of those possible, year to date", width=9
)
THEN = Column(
    "before_absence_rate", "Absence a year ago", Kind.RATE, "At the same point of last year", width=11
)
PHASE = Column("phase", "Phase", meaning="Which of England's figures stand beside it", width=13)


def masthead(paper: TrustPaper) -> Document:
    """Return what heads the paper."""
    first, last = map(format_date, (paper.first_day, paper.day))
    return Document(
        name="document",
        title=TRUST_PAPER.title,
        school=paper.told.trust,
        period=f"{first} to {last}",
        date=paper.day.isoformat(),
        cohort=f"{format_count(len(paper.schools), 'school')}, year to date",
        audience=f"For {TRUST_PAPER.reader}",
        confidentiality=TRUST_PAPER.confidentiality,
    )


def what_to_know(paper: TrustPaper) -> Sentences:
    """Return the sentences of the first page: what moved, what is beyond chance, and what is missing."""
    return Sentences(
        name="what_to_know", style="lead",
        items=tuple(filter(None, (
            total_words(paper), change_words(paper), expected_words(paper), pooled_findings(paper), missing_words(paper),
        ))),
    )  # fmt: skip


def total_words(paper: TrustPaper) -> str:
    """Say what share of sessions all schools together missed, this year and last.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> totals = pd.DataFrame({"absence_rate": [0.045, 0.062], "before_absence_rate": ["c", "c"]})  # the last row is of all
    >>> total_words(SimpleNamespace(tables={TOTALS: totals}))
    "Together the schools' pupils missed 6.2% of possible sessions this year to date."
    """
    total = paper.tables[TOTALS].iloc[-1]
    now, then = total["absence_rate"], total["before_absence_rate"]
    if is_suppressed(now) or pd.isna(now):
        return ""
    before = (
        ""
        if is_suppressed(then) or pd.isna(then)
        else f", {format_percent(then)} at the same point last year"
    )
    return f"Together the schools' pupils missed {format_percent(now)} of possible sessions this year to date{before}."


def change_words(paper: TrustPaper) -> str:
    """Say which schools' own change is more than chance, and of how many it cannot be said.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> ash = {"school": "Ash", "phase": "Secondary", "absence_rate": 0.06, "before_absence_rate": 0.09, "enrolments": 900}
    >>> change_words(SimpleNamespace(tables={SCHOOLS: pd.DataFrame([ash | {"before_enrolments": 900}])}))
    'Less absence than a year ago at Ash.'
    >>> change_words(SimpleNamespace(tables={SCHOOLS: pd.DataFrame([ash | {"before_enrolments": 40}])}))  # too few to tell
    'At 1 school the change is within what chance explains.'
    """
    rows = beside_last_year(paper)
    told = [
        f"{words} than a year ago at {listed(list(found['school']))}"
        for words in (LESS, MORE)
        if len(found := rows[rows["change_words"] == words])
    ]
    steady = int((~rows["change_words"].isin([LESS, MORE, UNKNOWN])).sum())
    rest = f"at {counted(steady, 'school')} the change is within what chance explains" if steady else ""
    text = "; ".join(filter(None, (*told, rest)))
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def expected_words(paper: TrustPaper) -> str:
    """Say where absence is beyond what England's pupils of the same mix miss, by more than chance."""
    rows = beside_expected(paper)
    told = [
        f"{words} of pupils like theirs at {listed(list(found['school']))}"
        for place, words in ((ABOVE, "more absence than expected"), (BELOW, "less absence than expected"))
        if len(found := rows[rows["place"] == place])
    ]
    if not told:
        return (
            "No school's absence is further from that of England's pupils like its own than chance explains."
        )
    within, unknown = (counted(int((rows["place"] == place).sum()), "school") for place in (WITHIN, UNKNOWN))
    rest = [f"at {within} it is within what chance explains", f"of {unknown} it cannot be said"]
    text = "; ".join(told + [each for each in rest if " 0 " not in each])
    return f"{text[:1].upper()}{text[1:]}."


def missing_words(paper: TrustPaper) -> str:
    """Say which schools are not in the paper.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> late = [SimpleNamespace(name=name) for name in ("Ash Primary", "Birch Primary")]
    >>> missing_words(SimpleNamespace(told=SimpleNamespace(missing=late)))
    'Not in this paper: Ash Primary and Birch Primary. Why is said under Schools that are missing.'
    """
    names = [each.name for each in paper.told.missing]
    if not names:
        return ""
    return f"Not in this paper: {listed(names)}. Why is said under Schools that are missing."


def phases(paper: TrustPaper) -> Table:
    """Return the totals of each phase and of all schools beside last year and England."""
    frame = paper.tables[TOTALS]
    found = [
        england(PHASE_OF[phase], "absence_rate", paper.day) if phase != TRUST else None
        for phase in frame["phase"]
    ]
    frame = frame.assign(
        attendance_rate=list(map(complement, frame["absence_rate"])),
        england_rate=[each.rate if each else None for each in found],
    )
    return published_table(
        "phases", "Phases and all schools", frame,
        (
            PHASE, Column("schools", "Schools", Kind.COUNT, "Schools in this paper", width=8), figure("pupils_counted"),
            figure("attendance", width=11), NOW,
            THEN,
            figure("england_rate", heading="England's absence", width=10), figure("persistent_absence", heading="Persistent"),
            figure("severely_absent_enrolments", heading="Severe, pupils", width=9),
            Column("severe_absence_rate", "Severe", Kind.RATE, "Severely absent of enrolments of schools that gave both"),
        ),
        note=f"Year to date. A total is of the schools that gave a figure.{given_words(paper)} England's figures are of the "
        "phase and, as near as DfE published them, of the same days; it has none of severe absence within a year.",
    )  # fmt: skip


def given_words(paper: TrustPaper) -> str:
    """Say of how many schools the severely absent are counted, where some withheld them.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> given_words(SimpleNamespace(tables={TOTALS: pd.DataFrame({"gave": [2], "schools": [3]})}))
    ' Of severe absence 2 of 3 gave one; the others withheld theirs.'
    """
    row = paper.tables[TOTALS].iloc[-1]
    if row["gave"] == row["schools"]:
        return ""
    return f" Of severe absence {format_count(row['gave'])} of {format_count(row['schools'])} gave one; the others withheld theirs."


def complement(rate: float | str) -> float | str:
    """Return what is left of one (a fraction); what is withheld or missing stays so.

    Examples
    --------
    >>> complement(0.063), complement("c"), complement(float("nan"))
    (0.937, 'c', nan)
    """
    return rate if is_suppressed(rate) or pd.isna(rate) else round(1 - rate, 3)


def change(paper: TrustPaper) -> Table:
    """Return each school's absence beside its own last year, with the range of the change."""
    return published_table(
        "change", "Absence now and a year ago", beside_last_year(paper),
        (
            SCHOOL,
            Column("change_words", "Change in words", meaning="Whether the change is more than chance", width=18),
            NOW,
            THEN,
            Column("change_rate", "Absence, change", Kind.POINTS, "Now less a year ago", width=9),
            CHANCE, PHASE,
        ),
        note="Pupils are the unit: what one pupil misses is alike from day to day. The range takes the two years' pupils for "
        "different ones; those who stayed make it wider than it need be.",
    )  # fmt: skip


def funnel(paper: TrustPaper) -> Chart:
    """Return the funnel: absence less expected over pupils, one panel a phase."""
    rows = beside_expected(paper)
    wider = dict(zip(rows["phase"], rows["widened"], strict=True))
    drawn = rows[rows["place"] != UNKNOWN].assign(is_beyond=rows["place"].isin([ABOVE, BELOW]))
    return funnel_chart(
        "funnel", "Whose absence is further from the expected than chance explains?", drawn,
        lambda phase, pupils: limit_of(phase, pupils) * wider[phase],
    )  # fmt: skip


def expected(paper: TrustPaper) -> Table:
    """Return each school's absence beside what England's pupils of its mix miss."""
    rows = beside_expected(paper)
    return published_table(
        "expected", "Each school beside the expected of its mix", rows,
        (
            SCHOOL, PLACE, NOW,
            Column("expected_rate", "Absence expected", Kind.RATE, "England's absence of the phase times the mix", width=10),
            Column("gap_rate", "Above or below", Kind.POINTS, "Absence less expected", width=11),
            CHANCE, figure("pupils_counted"), PHASE,
        ),
        note="Expected: England's absence of the phase and the same days, times what year groups, free school meals and special "
        f"needs alone would make of it.{widened_words(rows)} A school far out asks for a look at its registers first.",
    )  # fmt: skip


def widened_words(rows: pd.DataFrame) -> str:
    """Say by what ratio the limits of which phases are widened, if any are; one row per school with its phase.

    Examples
    --------
    >>> widened_words(pd.DataFrame({"phase": ["Primary", "Special"], "widened": [1.5, 1.0]}))
    " Limits are widened, since schools differ by more than their pupils' chance: primary 1.5 times."
    """
    wider = rows.loc[rows["widened"] > 1, ["phase", "widened"]].drop_duplicates()
    if wider.empty:
        return ""
    pairs = zip(wider["phase"], wider["widened"], strict=True)
    times = listed([f"{phase.lower()} {widened:g} times" for phase, widened in pairs])
    return f" Limits are widened, since schools differ by more than their pupils' chance: {times}."


def flags(paper: TrustPaper) -> Table:
    """Return persistent and severe absence of each school, the former beside the expected."""
    rows = beside_persistent(paper)
    return published_table(
        "flags", "Who missed a tenth or more, and who half or more", rows,
        (
            SCHOOL, PLACE, figure("persistently_absent_enrolments", width=11), figure("persistent_absence_rate", width=8),
            Column("expected_persistent_rate", "Rate expected", Kind.RATE, "England's of the phase times the mix", width=9),
            CHANCE,
            figure("severely_absent_enrolments", width=9),
            Column("severe_absence_rate", "Severe", Kind.RATE, "Severely absent enrolments out of enrolments", width=8),
            PHASE,
        ),
        note=f"Year to date; the severely absent are persistently absent too.{persistent_words(paper)}{widened_words(rows)}",
    )  # fmt: skip


def persistent_words(paper: TrustPaper) -> str:
    """Say that nothing is expected of persistent absence where DfE gives none at this point of the year.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from datetime import date
    >>> schools = [SimpleNamespace(phase="primary")]
    >>> persistent_words(SimpleNamespace(schools=schools, day=date(2026, 10, 2)))
    ' DfE has published no persistent absence at this point of a year, so none is expected.'
    >>> persistent_words(SimpleNamespace(schools=schools, day=date(2026, 7, 10)))
    ''
    """
    found = [england(school.phase, "persistent_absence_rate", paper.day) for school in paper.schools]
    return (
        ""
        if any(found)
        else " DfE has published no persistent absence at this point of a year, so none is expected."
    )


def severe_support(paper: TrustPaper) -> Table:
    """Return what was done for the severely absent: how many have support of their own on file.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> schools = [SimpleNamespace(name="Ash", supported=7), SimpleNamespace(name="Birch", supported=None)]
    >>> frame = pd.DataFrame({"school": ["Ash", "Birch"], "severely_absent_enrolments": [12, 9], "supported": [7, None]})
    >>> table = severe_support(SimpleNamespace(schools=schools, tables={SCHOOLS: frame}))
    >>> table.frame[["school", "without"]].values.tolist(), table.note.rpartition(". ")[2]
    ([['Ash', 5.0]], 'No log of it was exported by Birch.')
    """
    frame = paper.tables[SCHOOLS]
    kept = [school.supported is not None for school in paper.schools]
    frame = frame[kept].assign(without=[rest_of(row) for row in frame[kept].to_dict("records")])
    without_log = [school.name for school, is_kept in zip(paper.schools, kept, strict=True) if not is_kept]
    missing = f" No log of it was exported by {listed(without_log)}." if without_log and len(frame) else ""
    return published_table(
        "severe_support", "What was done for severe absence", frame,
        (
            SCHOOL, figure("severely_absent_enrolments"),
            Column("supported", "With support", Kind.COUNT, "An intervention, contract or notice to improve of their own"),
            Column("without", "Without any", Kind.COUNT, "Severely absent with nothing on file this school year"),
        ),
        note=f"Support of the pupil's own on file this school year: an intervention, a contract or a notice to improve.{missing}",
        empty_text="No school exports a log of support.",
    )  # fmt: skip


def rest_of(row: dict) -> float | str | None:
    """Return the severely absent without support; withheld or missing where either count is.

    Examples
    --------
    >>> severe = {"severely_absent_enrolments": 12}
    >>> rest_of(severe | {"supported": 7}), rest_of(severe | {"supported": "c"})
    (5, 'c')
    """
    pair = row["severely_absent_enrolments"], row["supported"]
    if any(map(is_suppressed, pair)):
        return next(each for each in pair if is_suppressed(each))
    return None if any(map(pd.isna, pair)) else pair[0] - pair[1]


def registers(paper: TrustPaper) -> Table:
    """Return the registers that nobody took, by school.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> taken = SimpleNamespace(name="Ash", registers_due=200, registers_missed=3)
    >>> none_due = SimpleNamespace(name="Birch", registers_due=0, registers_missed=0)
    >>> registers(SimpleNamespace(schools=[taken, none_due])).frame["missed_rate"].tolist()
    [0.015, nan]
    """
    frame = pd.DataFrame(
        [
            {"school": each.name, "due": each.registers_due, "missed": each.registers_missed}
            for each in paper.schools
        ]
    )
    return published_table(
        "registers", "Registers that nobody took", frame.assign(missed_rate=frame["missed"] / frame["due"].where(frame["due"] > 0)),
        (
            SCHOOL, Column("due", "Registers due", Kind.COUNT, "Of a form at a session, year to date"),
            Column("missed", "Registers missed", Kind.COUNT, "In which no mark was made"),
            Column("missed_rate", "Missed of due", Kind.RATE, "Registers missed out of those due"),
        ),
        note="A register is a form's at one session. One in which not one mark was made was not taken, which the law asks for "
        "twice a day; nobody in it counts as absent or present.",
    )  # fmt: skip


def practice(paper: TrustPaper) -> Table:
    """Return what likely helped by the schools' own evaluations: worth sharing, not a ranking."""
    return published_table(
        "practice", "What likely helped, school by school", paper.tables[PRACTICE],
        (
            SCHOOL, figure("intervention"), figure("pupils"),
            Column("difference", "Attendance more by", Kind.POINTS, "Allowing for luck", width=11),
            figure("low"), figure("high"),
        ),
        note="Interventions that likely helped, by each school's own evaluation against pupils as like as can be, and that stand "
        "among all it evaluated. Ask the school how it was done before copying it; one school's finding is no proof for another.",
        empty_text="No school's evaluation found an intervention that likely helped. Most have too few pupils to tell.",
    )  # fmt: skip


def definitions(paper: TrustPaper) -> Table:
    """Return the rules that schools have differently, which comparisons must be read with.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> closing = {"Ash": "09:00", "Birch": "09:30", "Cedar": "09:00"}
    >>> schools = [SimpleNamespace(name=name, definitions={"Register closes": at, "Level": "5"}) for name, at in closing.items()]
    >>> definitions(SimpleNamespace(schools=schools)).frame.values.tolist()  # a rule that all have is left out
    [['Register closes', '09:00', 'Ash and Cedar'], ['Register closes', '09:30', 'Birch']]
    """
    rows = [
        {"about": about, "rule_says": says, "whose": listed(names)}
        for about, held in differing(list(paper.schools))
        for says, names in held.items()
    ]
    return published_table(
        "definitions", "Which schools have which rule", pd.DataFrame(rows, columns=["about", "rule_says", "whose"]),
        (
            Column("about", "Rule of the school", meaning="What the school file settles", width=24),
            Column("rule_says", "It says", meaning="As these schools have it", width=34),
            Column("whose", "Schools of it", meaning="Which schools have it so", width=50),
        ),
        note="A register that closes later turns U into L, and so absence into presence.",
        empty_text="The schools' rules are the same in all that could make figures differ.",
    )  # fmt: skip


def missing(paper: TrustPaper) -> Table:
    """Return the schools that are not in the paper, and why."""
    frame = pd.DataFrame(
        [{"school": each.name, "why": each.why} for each in paper.told.missing], columns=["school", "why"]
    )
    return published_table(
        "missing", "Who is missing and why", frame,
        (SCHOOL, Column("why", "Why it is missing", meaning="What stopped it", width=60)),
        note="The run's messages name the file and the remedy. Totals are of the other schools alone.",
        empty_text="None: every school's counts are here.",
    )  # fmt: skip


def disclosure(paper: TrustPaper) -> DisclosureNote:
    """Return what was withheld and by which rule, with the record that the next edition must know of.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> paper = SimpleNamespace(level=5, counts=120, suppressed_counts=1, withheld=(), record={})
    >>> [said.partition(" withheld")[0] for said in disclosure(paper).items]
    ['Counts from 1 to 4 are', '1 of 120 counts behind this paper is']
    """
    items = (
        f"Counts from 1 to {paper.level - 1} are withheld (c) with the rates made from them, and rates of fewer than "
        f"{SMALLEST_RATE_BASE} pupils. The level is that of the strictest school. Further figures are withheld where the total of "
        "a phase or of all schools, less the others, would give one of these, in this edition or beside those before it.",
        f"{format_count(paper.suppressed_counts)} of {format_count(paper.counts, 'count')} behind this paper "
        f"{in_number(paper.suppressed_counts, 'is', 'are')} withheld. Schools "
        "withheld few pupils' counts before they sent them, beside what their governors were told, so totals are of the others.",
        *(
            f"Nothing is given of {listed(list(paper.withheld))}: whatever else were withheld, a figure there would tell of "
            "too few pupils."
            for _ in paper.withheld[:1]
        ),
    )
    return DisclosureNote(name="withheld", style="points", items=items, record=paper.record)


def method() -> Sentences:
    """Say how schools are compared, and what is not to be had."""
    wide = [
        f"{format_points(limit_of(phase, pupils)).lstrip('+')} points for {format_count(pupils, 'pupil')} ({phase.lower()})"
        for phase, pupils in (("Primary", 210), ("Secondary", 900))
    ]
    return Sentences(
        name="method", style="points",
        items=(
            "No school is ranked. Two schools differ by chance alone, since a few pupils miss much: by "
            f"{listed(wide)} either way, 19 times in 20. The spread from pupil to pupil is England's, by phase, from DfE's bands "
            "of absence.",
            f"Limits are widened by how much more the schools of a phase differ, from {FEWEST_FOR_DISPERSION} schools on.",
            "Expected of a mix: year group, free school meals and special needs together, from DfE's bands of 2022/23, the newest "
            "by all three. DfE gives nothing by pupil premium or ethnicity, none of Reception (Year 1 stands in) and none of "
            "alternative provision. The bands give the ratio to the phase; the level is England's of the same days.",
            "The same intervention in several schools: each school is one estimate. They are put together by random effects: the "
            "spread between schools is Paule and Mandel's, the range Hartung and Knapp's and never narrower than the schools' own "
            f"errors give, widened by the {100 * SHARED_ERROR:.2f} points by which the method is off in all schools. How often "
            "that is right: docs/impact_calibration.md.",
            "Whom a headline counts: pupils aged 5 to 15 on 31 August, leavers to their leaving date, as DfE does.",
        ),
    )  # fmt: skip


def sources(paper: TrustPaper) -> Sentences:
    """Say where England's figures come from, of which days, and under which licence."""
    shown = england_shown(paper)
    figures = [figure for held in shown.values() for *_, figure in held]
    labels = tuple(f"{said_of(held)}: {label}." for label, held in shown.items())
    return Sentences(
        name="sources", style="points",
        items=(*labels, *series_notes(figures), f"{SOURCE}.", *filter(None, (acknowledgement(figures),))),
    )  # fmt: skip


def said_of(held: list[tuple[str, str, Benchmark]]) -> str:
    """Say which of England's figures have one label: each measure with its phases, by the words for both.

    Examples
    --------
    >>> said_of([("absence", "primary", None), ("absence", "special", None), ("persistent absence", "primary", None)])
    'Absence (primary and special) and persistent absence (primary)'
    """
    phases: dict[str, list[str]] = {}
    for measure, phase, _ in held:
        phases.setdefault(measure, []).append(phase)
    text = listed([f"{measure} ({listed(names)})" for measure, names in phases.items()])
    return f"{text[:1].upper()}{text[1:]}"
