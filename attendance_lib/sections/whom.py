"""Whom the headline of a paper counts, and how many on roll it leaves out: said at the top of every paper."""

from attendance_lib.analysis.cohorts import CURRENT_ROLL, DFE_COMPARABLE
from attendance_lib.analysis.whom import Whom
from attendance_lib.display import Sentences
from attendance_lib.display.format import format_count
from attendance_lib.errors import in_number
from attendance_lib.rules.year_groups import year_name
from attendance_lib.sections.logs import in_words
from attendance_lib.sections.pack import Pack

AGES = "aged 5 to 15 on 31 August"
NOT_BESIDE_ENGLAND = "No figure of England's stands beside them."


def whom_it_counts(pack: Pack) -> Sentences:
    """Say whom the headline figures count, whom on roll they leave out and where those are."""
    return Sentences(name="whom", style="note", items=(whom_in_words(pack.whom),))


def whom_is_asked_about(pack: Pack) -> Sentences:
    """Say whom a paper without a headline of rates counts: pupils of every age, on roll or gone."""
    on_roll = pack.whom.on_roll
    here = f"{format_count(on_roll, 'pupil')} of this paper {in_number(on_roll, 'is', 'are')} on roll"
    said = f"Pupils of every age count here, those who left too; {here}."
    return Sentences(name="whom", style="note", items=(said,))


def of_every_age(pack: Pack) -> str:
    """Say of a count or list that everyone enrolled is in it, where the headline beside it leaves pupils out; else empty.

    A sentence with a blank before it.
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
    """Say it of a headline that counts as DfE does."""
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
    """Say it of a headline of pupils none of whom DfE's figures count."""
    return (
        f"None of these pupils was {AGES}, whom DfE's figures count: the headline figures count {all_on_roll(whom)}, "
        f"whatever their age{with_leavers(whom)}. {NOT_BESIDE_ENGLAND}"
    )


def of_the_roll(whom: Whom) -> str:
    """Say it of a headline on the basis of the current roll, as a cohort may ask for."""
    return (
        f"The headline figures count {all_on_roll(whom)} on the last day, whatever their age, and nobody who left. "
        f"{NOT_BESIDE_ENGLAND}"
    )


WORDS = {DFE_COMPARABLE: of_the_ages, CURRENT_ROLL: of_the_roll}


def all_on_roll(whom: Whom) -> str:
    """Return all pupils on roll in words."""
    return f"{'the' if whom.on_roll == 1 else 'all'} {format_count(whom.on_roll, 'pupil')} on roll"


def with_leavers(whom: Whom) -> str:
    """Return how many who left are counted too, as the end of a sentence."""
    return f", and {format_count(whom.leavers)} who left in the school year" if whom.leavers else ""


def left_out(whom: Whom) -> str:
    """Return how many on roll the headline leaves out."""
    return format_count(whom.on_roll - whom.counted)


def years_left_out(whom: Whom) -> str:
    """Return the year groups left out with their counts.

    Examples
    --------
    >>> years_left_out(Whom(DFE_COMPARABLE, 84, 60, 0, {0: 1, 12: 23}))
    '1 of Reception and 23 of Year 12'
    """
    return in_words([f"{format_count(count)} of {year_name(year)}" for year, count in whom.left_out.items()])
