"""How a pupil is named and flagged in a list, and what several papers say alike."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.display import Column, Comparison, Document, Kind, Sentences
from attendance_lib.display.format import format_count, format_percent, format_points
from attendance_lib.errors import counted, in_number
from attendance_lib.pack.cohorts import CURRENT_ROLL, DFE_COMPARABLE
from attendance_lib.pack.pack import Pack, Whom
from attendance_lib.reports.papers import FORTNIGHTLY, Paper
from attendance_lib.rules.benchmarks import Benchmark, in_words, is_near_point
from attendance_lib.rules.groups import GROUPS, SEN, YES_OR_NO
from attendance_lib.rules.pupils import year_name

# How a published figure is told where it is next to a school's own: on a card, in a note, in a sentence


def england_on_a_card(figure: Benchmark | None) -> tuple[Comparison, ...]:
    """Return England's figure as a card compares with it; nothing where there is none.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> [each.label for each in england_on_a_card(benchmark("daily", "all", "absence_rate"))], england_on_a_card(None)
    (['England, daily, to 10 Jul 2026'], ())
    """
    return (Comparison(england_label(figure), figure.rate, Kind.RATE),) if figure else ()


def england_label(figure: Benchmark) -> str:
    """Return how a card or a chart names England's figure: the day it ends on, since there is no room for more.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> england_label(benchmark("daily", "secondary", "absence_rate"))
    'England, daily, to 10 Jul 2026'
    """
    return f"England, daily, to {in_words(figure.ends)}" if figure.ends else "England, daily"


def figure_words(figure: Benchmark, period: tuple[date, date]) -> str:
    """Say what a figure is and how it is older than a period, if it is.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> figure_words(benchmark("daily", "secondary", "absence_rate"), (date(2026, 9, 3), date(2026, 10, 23)))
    'England, daily data, 8 Sep 2025 to 10 Jul 2026 (older than the period: it ends on 10 Jul 2026; another part of the year)'
    """
    told = [figure.age_beside(*period), ANOTHER_PART if is_of_another_part(figure, period[1]) else ""]
    said = "; ".join(filter(None, told))
    return f"{figure.label} ({said})" if said else figure.label


ANOTHER_PART = "another part of the year"


def is_of_another_part(figure: Benchmark | None, day: date) -> bool:
    """Whether a figure of a year to date is next to ours of another part of the year, so that the two are not alike.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> figure = benchmark("daily", "all", "absence_rate")  # to 10 July 2026
    >>> is_of_another_part(figure, date(2026, 10, 23)), is_of_another_part(figure, date(2026, 7, 17))
    (True, False)
    >>> is_of_another_part(None, date(2026, 10, 23))
    False
    """
    return figure is not None and figure.ends is not None and not is_near_point(figure, day)


def heading_of(name: str, figures: Iterable[Benchmark | None], day: date) -> str:
    """Return how a column of others' figures is headed beside a year to date: with the day it ends on if that is not like ours.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> figure = benchmark("daily", "all", "absence_rate")
    >>> heading_of("England", [figure], date(2026, 10, 23)), heading_of("England", [figure], date(2026, 7, 17))
    ('England, year to 10 Jul 2026', 'England')
    """
    ends = [figure.ends for figure in figures if figure and is_of_another_part(figure, day)]
    return f"{name}, year to {in_words(max(ends))}" if ends else name


def dates_told(figures: Mapping[str, Benchmark], period: tuple[date, date]) -> str:
    """Say which days the figures of a column cover, and name the measures whose figure covers other days than most.

    Parameters
    ----------
    figures : mapping of str to Benchmark
        By the name of the measure; a name's part in brackets is left out.
    period : tuple of datetime.date
        The first and the last day of the paper.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> absence, persistent = (benchmark("daily", "all", name) for name in ("absence_rate", "persistent_absence_rate"))
    >>> dates_told({"Absence": absence, "Persistent absence (10% or more missed)": persistent}, (date(2026, 7, 6),) * 2)
    'England, daily data, 8 Sep 2025 to 10 Jul 2026'
    """
    named: dict[str, list[str]] = {}
    for name, figure in figures.items():
        named.setdefault(figure_words(figure, period), []).append(name.partition(" (")[0])
    most, *others = sorted(named, key=lambda words: -len(named[words])) or [""]
    return "; ".join((most, *(f"{', '.join(named[words]).lower()}: {words}" for words in others)))


def beside_england(ours: float | None, figure: Benchmark | None, period: tuple[date, date]) -> str:
    """Say how a school's attendance compares with England's at the same point of the year, and how old England's is.

    Parameters
    ----------
    ours : float or None
        The school's attendance, year to date (fraction).
    figure : Benchmark or None
        England's attendance that may be compared with it.
    period : tuple of datetime.date
        The first and the last day of the paper.

    Returns
    -------
    str
        One sentence; empty where either is missing.

    Examples
    --------
    >>> from attendance_lib.rules.benchmarks import benchmark
    >>> beside_england(0.93, benchmark("daily", "secondary", "attendance_rate"), (date(2026, 7, 6), date(2026, 7, 10)))
    "Year to date, attendance is 93.0%, 1.5 points above England's 91.5% (England, daily data, 8 Sep 2025 to 10 Jul 2026)."
    """
    if figure is None or pd.isna(ours):
        return ""
    gap = ours - figure.rate
    side = "above" if gap > 0 else "below"
    how = f"{format_points(abs(gap)).lstrip('+')} points {side}" if round(gap, 3) else "the same as"
    source = "; ".join(filter(None, (figure.label, figure.age_beside(*period))))
    return f"Year to date, attendance is {format_percent(ours)}, {how} England's {format_percent(figure.rate)} ({source})."


def framed(rows: Iterable[Sequence | Mapping], columns: Iterable[Column]) -> pd.DataFrame:
    """Return rows as the frame of a table: one column, by its name, for each that the table declares.

    Examples
    --------
    >>> framed([("Year 7", 3)], (Column("group", "Group"), Column("pupils", "Pupils", Kind.COUNT))).to_dict("records")
    [{'group': 'Year 7', 'pupils': 3}]
    """
    return pd.DataFrame(list(rows), columns=[column.name for column in columns])


# What a section says where the school exports no log of something, and lists in words

LOG_NAMES = {
    "actions": "actions",
    "contacts": "contacts with home",
    "interventions": "interventions",
    "notices": "penalty notices, notices to improve and contracts",
}


def not_exported(*logs: str) -> str:
    """Say which logs are missing and how to add them.

    Examples
    --------
    >>> not_exported("contacts")
    'No log of contacts with home is exported. To add it, name its file under exports, contacts in the school file.'
    """
    names = listed([LOG_NAMES[log] for log in logs], "or")
    pronoun, noun = ("it", "its file") if len(logs) == 1 else ("them", "their files")
    return f"No log of {names} is exported. To add {pronoun}, name {noun} under exports, {listed(logs)} in the school file."


# What a table says of a log that is not exported, below the one sentence that says so and what to do.
NOT_KNOWN = "Not known."


def listed(parts: Sequence[str], last: str = "and") -> str:
    """Return parts as a list in words.

    Examples
    --------
    >>> listed(["2 done", "1 overdue", "4 to do"])
    '2 done, 1 overdue and 4 to do'
    """
    *first, end = parts
    return f"{', '.join(first)} {last} {end}" if first else end


# Whom the headline of a paper counts, and how many on roll it leaves out: said at the top of every paper

AGES = "aged 5 to 15 on 31 August"
NOT_BESIDE_ENGLAND = "No figure of England's stands beside them."


def whom_it_counts(pack: Pack) -> Sentences:
    """Say whom the headline figures count, whom on roll they leave out and where those are."""
    return Sentences(name="whom", style="note", items=(whom_in_words(pack.whom),))


def whom_is_asked_about(pack: Pack) -> Sentences:
    """Say whom a paper without a headline of rates counts: pupils of every age, on roll or gone.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> whom_is_asked_about(SimpleNamespace(whom=SimpleNamespace(on_roll=1))).items
    ('Pupils of every age count here, those who left too; 1 pupil of this paper is on roll.',)
    """
    on_roll = pack.whom.on_roll
    here = f"{format_count(on_roll, 'pupil')} of this paper {in_number(on_roll, 'is', 'are')} on roll"
    said = f"Pupils of every age count here, those who left too; {here}."
    return Sentences(name="whom", style="note", items=(said,))


def of_every_age(pack: Pack) -> str:
    """Say of a count or list that everyone enrolled is in it, where the headline beside it leaves pupils out; else empty.

    A sentence with a blank before it.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> [of_every_age(SimpleNamespace(whom=SimpleNamespace(left_out=years))) for years in ({12: 23}, {})]
    [' Everyone enrolled is counted here, whatever their age.', '']
    """
    return " Everyone enrolled is counted here, whatever their age." if pack.whom.left_out else ""


def whom_in_words(whom: Whom) -> str:
    """Return the sentences on whom a headline counts (numbers of enrolments).

    Examples
    --------
    >>> whom_in_words(Whom(DFE_COMPARABLE, on_roll=84, counted=60, leavers=0, left_out={12: 24}))[:99]
    "The headline figures count 60 of the 84 pupils on roll: those aged 5 to 15 on 31 August, as DfE's d"
    >>> whom_in_words(Whom(DFE_COMPARABLE, on_roll=60, counted=60, leavers=0, left_out={}))
    "The headline figures count all 60 pupils on roll; each was aged 5 to 15 on 31 August, as in DfE's figures."
    """
    told = WORDS.get(whom.basis, of_everyone)(whom)
    return told if whom.on_roll or whom.leavers else "No pupil of this paper is on roll."


def of_the_ages(whom: Whom) -> str:
    """Say it of a headline that counts as DfE does.

    Examples
    --------
    >>> of_the_ages(Whom(DFE_COMPARABLE, on_roll=90, counted=90, leavers=2, left_out={})).partition("; ")[2]
    "each was aged 5 to 15 on 31 August, as in DfE's figures, and 2 who left in the school year."
    >>> sixth_form = Whom(DFE_COMPARABLE, on_roll=84, counted=61, leavers=0, left_out={12: 23})
    >>> of_the_ages(sixth_form).partition(". ")[2].partition(", have")[0]
    'The other 23 on roll, 23 of Year 12'
    """
    if whom.counted == whom.on_roll:
        each = f"; each was {AGES}, as in DfE's figures"
        return f"The headline figures count {all_on_roll(whom)}{each}{with_leavers(whom)}."
    return (
        f"The headline figures count {format_count(whom.counted)} of the {format_count(whom.on_roll, 'pupil')} on roll: "
        f"those {AGES}, as DfE's do{with_leavers(whom)}. The other {left_out(whom)} on roll, {years_left_out(whom)}, "
        f"{in_number(whom.on_roll - whom.counted, 'has', 'have')} rows of their own under groups, forms and weeks, never "
        "beside England, and stand in the lists of pupils."
    )


def of_everyone(whom: Whom) -> str:
    """Say it of a headline of pupils none of whom DfE's figures count.

    Examples
    --------
    >>> sixth_form = Whom("enrolled", on_roll=40, counted=40, leavers=1, left_out={})
    >>> of_everyone(sixth_form).partition(": ")[2].partition(". ")[0]
    'the headline figures count all 40 pupils on roll, whatever their age, and 1 who left in the school year'
    """
    return (
        f"None of these pupils was {AGES}, whom DfE's figures count: the headline figures count {all_on_roll(whom)}, "
        f"whatever their age{with_leavers(whom)}. {NOT_BESIDE_ENGLAND}"
    )


def of_the_roll(whom: Whom) -> str:
    """Say it of a headline on the basis of the current roll, as a cohort may ask for.

    Examples
    --------
    >>> of_the_roll(Whom("current_roll", on_roll=100, counted=100, leavers=0, left_out={})).partition(". ")[0]
    'The headline figures count all 100 pupils on roll on the last day, whatever their age, and nobody who left'
    """
    return (
        f"The headline figures count {all_on_roll(whom)} on the last day, whatever their age, and nobody who left. "
        f"{NOT_BESIDE_ENGLAND}"
    )


WORDS = {DFE_COMPARABLE: of_the_ages, CURRENT_ROLL: of_the_roll}


def all_on_roll(whom: Whom) -> str:
    """Return all pupils on roll in words.

    Examples
    --------
    >>> all_on_roll(Whom(DFE_COMPARABLE, on_roll=1200, counted=1000, leavers=0, left_out={}))
    'all 1,200 pupils on roll'
    """
    return f"{'the' if whom.on_roll == 1 else 'all'} {format_count(whom.on_roll, 'pupil')} on roll"


def with_leavers(whom: Whom) -> str:
    """Return how many who left are counted too, as the end of a sentence.

    Examples
    --------
    >>> with_leavers(Whom(DFE_COMPARABLE, on_roll=90, counted=90, leavers=2, left_out={}))
    ', and 2 who left in the school year'
    """
    return f", and {format_count(whom.leavers)} who left in the school year" if whom.leavers else ""


def left_out(whom: Whom) -> str:
    """Return how many on roll the headline leaves out.

    Examples
    --------
    >>> left_out(Whom(DFE_COMPARABLE, on_roll=1200, counted=100, leavers=0, left_out={12: 1100}))
    '1,100'
    """
    return format_count(whom.on_roll - whom.counted)


def years_left_out(whom: Whom) -> str:
    """Return the year groups left out with their counts.

    Examples
    --------
    >>> years_left_out(Whom(DFE_COMPARABLE, 84, 60, 0, {0: 1, 12: 23}))
    '1 of Reception and 23 of Year 12'
    """
    return listed([f"{format_count(count)} of {year_name(year)}" for year, count in whom.left_out.items()])


def masthead(pack: Pack, paper: Paper = FORTNIGHTLY) -> Document:
    """Return what heads a paper: title, school, period, cohort and how it must be kept."""
    return Document.of(
        pack.school.settings.school,
        (pack.date_from, pack.date_to),
        title=paper.title,
        cohort=pack.cohort.title,
        audience=f"For {paper.reader}",
        confidentiality=paper.confidentiality,
        folded_from=paper.folded_from,
    )


FLAGGED = tuple(group for group in GROUPS if group.flag)
FLAGS = {group.column: group.flag for group in FLAGGED if group.column in YES_OR_NO}
NEEDS = {group.value: group.flag for group in FLAGGED if group.column == SEN}
FLAGS_MEANING = ", ".join(
    (
        *(f"{group.flag} {group.spelled_out}" for group in FLAGGED if group.spelled_out),
        "SEN K support or E plan",
    )
)


def pupil_names(pupils: pd.DataFrame) -> pd.Series:
    """Return each pupil's name as "Surname, Forename"; the identifier where neither is known (text, one per row).

    Examples
    --------
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "2", "3"], "surname": ["Ó Briain", "Lee", None], "forename": ["Zoë", None, None]})
    >>> pupil_names(pupils).tolist()
    ['Ó Briain, Zoë', 'Lee', '3']
    """
    parts = pupils[["surname", "forename"]].fillna("").astype(str)
    both = (parts["surname"] + ", " + parts["forename"]).str.strip(", ")
    return both.where(both != "", pupils["pupil_id"].astype(str)).astype(object)


def returned_words(returned: int) -> str:
    """Return, as a sentence with a blank before it, how pupils who left and came back stand in a list; empty if there are none.

    Examples
    --------
    >>> returned_words(0), returned_words(2).partition(" here")[0]
    ('', ' 2 pupils who left and came back are one person each')
    """
    if not returned:
        return ""
    who = counted(
        returned,
        "pupil who left and came back is one person",
        "pupils who left and came back are one person each",
    )
    return f" {who} here, with all sessions of the year; rates count each enrolment, as DfE does."


def enrolments_words(returned: int) -> str:
    """Return, as a sentence with a blank before it, how they stand in a table of rates or registers; empty if there are none.

    Examples
    --------
    >>> enrolments_words(0), enrolments_words(1)
    ('', ' 1 pupil who left and came back is two enrolments here, as DfE counts, and one person in lists of pupils.')
    """
    if not returned:
        return ""
    who = counted(
        returned,
        "pupil who left and came back is two enrolments",
        "pupils who left and came back are two enrolments each",
    )
    last = "one person" if returned == 1 else "one person each"
    return f" {who} here, as DfE counts, and {last} in lists of pupils."


def returned_things(returned: int) -> str:
    """Return, as a sentence with a blank before it, what is found of pupils who left and came back; empty if there are none.

    Examples
    --------
    >>> returned_things(0), returned_things(1)[:72]
    ('', ' Of 1 pupil who left and came back each enrolment is inspected; illness ')
    """
    if not returned:
        return ""
    who = counted(returned, "pupil who left and came back", "pupils who left and came back")
    return f" Of {who} each enrolment is inspected; illness and suspensions are added up over the whole year."


def joined_where(flags: Mapping[str, np.ndarray], between: str) -> list[str]:
    """Return of each row the words whose flag is set in it, joined; empty where none is.

    Parameters
    ----------
    flags : mapping of str to numpy.ndarray
        Boolean, one per row, by the words that each stands for.
    between : str
        What stands between two of them.

    Examples
    --------
    >>> joined_where({"had a plan": np.array([True, False]), "moved here": np.array([True, False])}, "; ")
    ['had a plan; moved here', '']
    """
    rows = zip(*flags.values(), strict=True)
    return [between.join(words for words, is_set in zip(flags, row, strict=True) if is_set) for row in rows]


def pupil_flags(pupils: pd.DataFrame) -> list[str]:
    """Return each pupil's flags as a text such as "FSM, PP, SEN K" (one per row).

    Examples
    --------
    >>> pupils = pd.DataFrame({column: [True, False] for column in FLAGS} | {"sen_status": ["K", None]})
    >>> pupil_flags(pupils)[1]
    ''
    """
    held = np.column_stack([pupils[column].fillna(value=False).astype(bool) for column in FLAGS])
    sen = pupils["sen_status"].astype(object).map(NEEDS).fillna("")
    words = list(FLAGS.values())
    return [
        ", ".join([*(word for word, yes in zip(words, row, strict=True) if yes), *filter(None, [need])])
        for row, need in zip(held, sen, strict=True)
    ]
