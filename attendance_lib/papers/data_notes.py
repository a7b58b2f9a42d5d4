"""Data notes: what was read, what was left out and why, who is counted, definitions, sources and versions."""

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from attendance_lib.analysis.comparators import england_of
from attendance_lib.analysis.first_weeks import is_early
from attendance_lib.analysis.headline import returned_of
from attendance_lib.analysis.measures import count_flags, is_short_enrolment, pupil_totals, with_rates
from attendance_lib.analysis.penalty_notices import rules_of
from attendance_lib.display import Column, Kind, Parts, Sentences, Table
from attendance_lib.display.columns import figure, shown
from attendance_lib.display.format import format_count, format_date
from attendance_lib.intake.register_codes import OWN_CODES
from attendance_lib.pack.cohorts import BASES, CURRENT_ROLL, DFE_COMPARABLE, Selection
from attendance_lib.pack.pack import Pack
from attendance_lib.pack.periods import Periods
from attendance_lib.papers.shared import pupil_names, returned_words
from attendance_lib.register.coverage import last_register_words, planned_by_pupil
from attendance_lib.register.tally import tally
from attendance_lib.rules.benchmarks import acknowledgement, series_notes
from attendance_lib.rules.codes import REGULATIONS_2024
from attendance_lib.rules.glossary import GLOSSARY
from attendance_lib.rules.sources import GUIDANCE_REISSUED, NOTICE_SOURCES, SOURCES, Source
from attendance_lib.rules.thresholds import FIRST_WEEKS_SESSIONS, METHODOLOGY

OPTIONAL = {
    "interventions": "interventions and the support beside a pupil's name",
    "actions": "actions agreed at earlier meetings",
    "contacts": "last contact with home",
    "notices": "notices and contracts",
}
PACKAGES = ("attendance-workbook", "pandas", "numpy", "papermill", "nbconvert", "openpyxl", "typst")


IN_NO_RATE = {
    "missing_sessions": "Sessions without a mark",
    "unclassified_sessions": "Sessions with a code not in force on its date",
    "not_possible_sessions": "Sessions that were not possible (D, Q, X, Y, Z, #)",
}


def left_out(pack: Pack) -> Table:
    """Return what was left out of the figures, with the reason and a count."""
    year = tally(pack.periods.year_to_date).iloc[0]
    placed = pack.left_out.rename(columns={"reason": "what", "marks": "count"})
    placed = placed.assign(what="Marks: " + placed["what"].astype(str))
    fewest = (
        f"Enrolments with fewer than {pack.fewest_sessions} possible sessions: counted, but read with care"
    )
    rows = [(f"{what}, year to date: in no rate", year[name]) for name, what in IN_NO_RATE.items()]
    rows += [
        (fewest, short_enrolments(pack)),
        ("Pupils on roll whom the headline figures leave out, by their age on 31 August", pack.whom.on_roll - pack.whom.counted),
    ]  # fmt: skip
    counted = pd.DataFrame(rows, columns=["what", "count"])
    frame = pd.concat([counted, placed], ignore_index=True).astype({"count": int})
    columns = (
        Column("what", "What", meaning="What was left out, or is to be read with care", width=76),
        figure("count"),
    )
    return Table(name="left_out", title="What was left out and why", frame=frame, columns=columns)


def planned_marks(pack: Pack) -> Table:
    """Return the codes entered ahead for the cohort's pupils on roll, one row per pupil and code; they are in no rate."""
    pupils = pack.roll.year_to_date.pupils
    listed = pupils.assign(pupil_name=pupil_names(pupils))[["pupil_id", "pupil_name", "form"]]
    rows = listed.merge(planned_by_pupil(pack.school.planned_marks), on="pupil_id")
    return Table(
        name="planned_marks",
        title="Planned: codes entered ahead of the last register",
        frame=rows.sort_values(["first_date", "pupil_name", "code"], ignore_index=True),
        columns=PLANNED_COLUMNS,
        row_header="pupil_name",
        note=last_register_words(format_date(pack.register.last_date)) + " Codes after it are in no rate.",
        empty_text="No code is entered ahead.",
    )


PLANNED_COLUMNS = (
    *shown("pupil_name", "form"),
    figure("code_of_pupil", meaning="The register code entered ahead", width=7),
    Column("meaning", "Meaning", meaning="What the code says", personal=True, width=36),
    Column("marks", "Sessions", Kind.COUNT, meaning="Sessions it was entered for"),
    Column("first_date", "From", Kind.DATE, "The first of their days", personal=True),
    figure("last_date_of_pupil"),
    figure("pupil_id"),
)


def short_enrolments(pack: Pack) -> int:
    """Return how many enrolments of the cohort have few possible sessions in the year to date."""
    possible = pupil_totals(pack.periods.year_to_date)["possible_sessions"]
    return int(is_short_enrolment(possible, pack.fewest_sessions).sum())


def missing_logs(pack: Pack) -> Sentences:
    """Return which optional files were not exported and what is therefore left out.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> logs = dict.fromkeys(OPTIONAL, "read")
    >>> missing_logs(SimpleNamespace(school=SimpleNamespace(**logs | {"contacts": None}))).items
    ('No contacts file is named in the school file. Left out: last contact with home.',)
    """
    absent = [
        f"No {name} file is named in the school file. Left out: {what}."
        for name, what in OPTIONAL.items()
        if getattr(pack.school, name) is None
    ]
    return Sentences(
        name="missing_logs",
        items=tuple(absent) or ("Every optional log was read.",),
        style="points",
        title="Files",
    )


def two_bases(pack: Pack) -> Table:
    """Return the year to date on both bases, so that a difference from DfE's or the MIS's figure can be explained."""
    bases = dict.fromkeys((pack.periods.selection.basis, DFE_COMPARABLE, CURRENT_ROLL))
    rows = [basis_row(pack, basis) for basis in bases]
    return Table(
        name="two_bases",
        title="Who is counted: the year to date, counted both ways",
        frame=pd.DataFrame(rows),
        columns=BASIS_COLUMNS,
        note=f"The headlines of this paper use: {BASES[pack.periods.selection.basis]}. Lists of pupils hold those on roll."
        f"{returned_words(returned_of(pack))}",
    )


def basis_row(pack: Pack, basis: str) -> dict[str, object]:
    """Return one basis's year to date: enrolments, sessions (counts) and rates (fractions)."""
    chosen = Periods(
        pack.register, pack.date_from, pack.date_to, Selection(basis, pack.cohort.where)
    ).year_to_date
    sessions = with_rates(tally(chosen)).iloc[0].to_dict()
    return {"basis": BASES[basis]} | sessions | count_flags(pupil_totals(chosen)).iloc[0].to_dict()


BASIS_COLUMNS = (
    Column("basis", "Counted", meaning="Who is counted", width=60),
    figure("enrolments", meaning="Enrolments with a possible session"),
    figure("possible_sessions", meaning="Possible sessions"),
    figure("absence_sessions", heading="Missed", meaning="Sessions of absence"),
    figure("attendance"),
    figure("persistently_absent_enrolments", meaning="Enrolments that missed 10% or more"),
    figure("persistent_absence_rate", meaning="Out of enrolments"),
    figure("severely_absent_enrolments"),
    Column("severe_absence_rate", "Rate ", Kind.RATE, meaning="Out of enrolments"),
)


def glossary() -> Sentences:
    """Return what the words of the paper mean (see ``rules/glossary.py``)."""
    return Sentences(
        name="glossary",
        items=(" ".join(f"{term.word}: {term.meaning}" for term in GLOSSARY),),
        style="note",
        title="What do the words mean?",
    )


def definitions(pack: Pack) -> Sentences:
    """Return the definitions used, with their sources."""
    span_word = pack.school.calendar.span_word
    items = (
        f"Persistent and severe absence are decided on counts of sessions. Source: {METHODOLOGY}.",
        *([FIRST_WEEKS] if is_early(pack) else []),
        "Rates of groups are sessions over sessions. Leavers count to their leaving date, joiners from admission.",
        f"A code is classified by the set in force on its date. Source: {REGULATIONS_2024}.",
        "The period before: as many school weeks just before this period, on the same weekdays. Same weeks last year: the same "
        f"{span_word}, week of the {span_word}, weekday and session.",
        *series_notes(england_of(pack).values()),
        acknowledgement(england_of(pack).values()),
    )
    return Sentences(
        name="definitions", items=tuple(filter(None, items)), style="points", title="Definitions and sources"
    )


FIRST_WEEKS = (
    f"First weeks of a school year: its first {FIRST_WEEKS_SESSIONS} sessions, six school weeks. One cold moves a pupil's rate of "
    "so few over a line, so that last year's final rate and support are shown instead: those of the whole school year, of all a "
    "pupil's enrolments together. A choice of this workbook."
)


def rule_sources(pack: Pack, among: Sequence[Source] = SOURCES) -> Table:
    """Return where each rule stands: text, edition, paragraph, how it was read and when it was last checked.

    Those on penalty notices are left out where the school does not apply the national framework; ``among`` are those that a
    paper applies.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> school_without_framework = SimpleNamespace(results={rules_of: ()})
    >>> len(SOURCES) - len(rule_sources(school_without_framework).frame) == len(NOTICE_SOURCES)
    True
    """
    has_notices = any(rule.is_national for rule in rules_of(pack))
    applied = [source for source in among if has_notices or source not in NOTICE_SOURCES]
    return Table(
        name="rule_sources",
        title="The rules and where they stand",
        frame=pd.DataFrame(list(map(vars, applied))),
        columns=SOURCE_COLUMNS,
        note=GUIDANCE_REISSUED,
    )


def looked_up(pack: Pack) -> Parts:
    """Return the files read and where each rule stands, in the workbook alone: at a meeting nobody looks them up."""
    return Parts(
        "looked_up", tuple(replace(table, shown_rows=0) for table in (files_read(pack), rule_sources(pack)))
    )


SOURCE_COLUMNS = (
    Column("rule", "Rule", meaning="What is applied, in a few words", width=44),
    Column("title", "Where it stands", meaning="The text", width=50),
    Column("edition", "Edition", meaning="Which edition, or from when it is in force", width=24),
    Column("paragraph", "Paragraph", meaning="Regulation, section, paragraph or page", width=24),
    Column("how_read", "Read", meaning="How the text was read when this was written", width=18, once=True),
    Column(
        "checked_on",
        "Last checked",
        Kind.DATE,
        meaning="The day on which it was last looked up",
        width=12,
        once=True,
    ),
)


def files_read(pack: Pack) -> Table:
    """Return the files read: layout, rows and the dates they cover."""
    return Table(
        name="files_read",
        title="Files read",
        note=own_codes_words(pack),
        frame=pd.DataFrame([vars(each) | {"file": Path(each.path).name} for each in pack.school.log.files]),
        columns=(
            figure("file", meaning="File name", width=32),
            figure("kind"),
            figure("layout", width=18),
            figure("rows"),
            figure("first_date", meaning="Earliest date"),
            figure("last_date", meaning="Latest date"),
        ),
    )


def own_codes_words(pack: Pack) -> str:
    """Return how codes of the system's own were read, as the school file says; empty where it names none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> repairs = [SimpleNamespace(rule=OWN_CODES, message=f"{own} was read as {code}") for own, code in (("ill", "I"), ("p", "/"))]
    >>> own_codes_words(SimpleNamespace(school=SimpleNamespace(log=SimpleNamespace(repairs=repairs))))
    'Ill was read as I; p was read as /.'
    """
    said = [each.message for each in pack.school.log.repairs if each.rule == OWN_CODES]
    return "; ".join(said)[:1].upper() + "; ".join(said)[1:] + "." if said else ""


def versions(pack: Pack) -> Sentences:
    """Return the versions of what made the paper."""
    known = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    period = f"{format_date(pack.date_from)} to {format_date(pack.date_to)}"
    return Sentences(
        name="versions",
        items=(
            f"Period {period}; {format_count(len(pack.register.sessions), 'session')} known. Made with {known}.",
        ),
        style="note",
    )
