"""Why a school's persistent absence differs from DfE's or its MIS's: the figure under each definition in use."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from attendance_lib.analysis.measures import pupil_totals, rate
from attendance_lib.pack.cohorts import CURRENT_ROLL, DFE_COMPARABLE, ENROLLED, Selection, was_of_school_age
from attendance_lib.pack.periods import Periods
from attendance_lib.register.grid import NOT_ON_ROLL, Register
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, SEVERE_ABSENCE, SHORT_ENROLMENT_SESSIONS

STATUTORY_AGE, LONG_ENOUGH, BELOW_THE_LINE = "statutory_age", "long_enough", "below_the_line"


@dataclass(frozen=True)
class Definition:
    """One way of counting persistent absence: its name, what a table calls it and whom it counts.

    In ``label`` and ``meaning`` the word ``{sessions}`` stands for the school's fewest possible sessions. ``is_within`` says that
    it counts nobody whom the headline does not; ``is_by_member`` that it asks only who is counted, and each is absent as in the
    headline. Both follow from the words, so that any reader knows them.
    """

    name: str
    label: str
    meaning: str
    is_within: bool = False
    is_by_member: bool = True

    def adds_nobody(self, basis: str, name: str) -> bool:
        """Whether it has nobody in one of COUNTS whom a headline on some basis has not: whoever is counted is enrolled.

        Examples
        --------
        >>> roll = next(each for each in DEFINITIONS if each.name == CURRENT_ROLL)
        >>> roll.adds_nobody(DFE_COMPARABLE, COUNTS[1]), roll.adds_nobody(ENROLLED, COUNTS[1])
        (False, True)
        """
        return self.is_within or (basis == ENROLLED and (self.is_by_member or name == COUNTS[0]))

    def moves_nobody(self, name: str) -> bool:
        """Whether it has in one of COUNTS the very enrolments of the headline: one that moves only the line counts the same.

        Examples
        --------
        >>> line_moved = Definition("line", "", "", is_within=True, is_by_member=False)
        >>> line_moved.moves_nobody(COUNTS[0]), line_moved.moves_nobody(COUNTS[1])
        (True, False)
        """
        return self.is_within and not self.is_by_member and name == COUNTS[0]


# The headline's own stands first, and all others are set against it; DfE's figures are next to the first here alone.
DEFINITIONS = (
    Definition(
        DFE_COMPARABLE,
        "DfE-comparable",
        "Aged 5 to 15 on 31 August, leavers counted to their leaving date; at least one possible session; "
        "10% or more of them missed.",
    ),
    Definition(
        CURRENT_ROLL,
        "Current roll",
        "On roll on the last day of the period, whatever their age; leavers are left out.",
    ),
    Definition(
        STATUTORY_AGE,
        "Statutory age only",
        "Sessions at which the pupil was of compulsory school age, leavers counted: neither those before it "
        "begins nor those after it ends.",
        is_by_member=False,
    ),
    Definition(
        LONG_ENOUGH,
        "At least {sessions} possible sessions",
        "As the headline, without enrolments of fewer than {sessions} possible sessions. DfE sets no minimum.",
        is_within=True,
    ),
    Definition(
        BELOW_THE_LINE,
        'Attendance "below 90%"',
        "As the headline, but exactly 90.0% attendance is left out (and exactly 50.0% for severe absence). "
        "This is a mistake: DfE counts 10% or more missed.",
        is_within=True,
        is_by_member=False,
    ),
)
EVERYONE = Definition(
    ENROLLED, "Everyone enrolled", "Whatever their age, leavers counted to their leaving date."
)
OUR_HEADLINE = " (our headline)"
FLAGS = ("is_counted", "is_persistently_absent", "is_severely_absent")
COUNTS = ("enrolments", "persistently_absent_enrolments", "severely_absent_enrolments")


def reconcile_persistent_absence(
    periods: Periods, short_enrolment_sessions: int = SHORT_ENROLMENT_SESSIONS
) -> pd.DataFrame:
    """Count persistent and severe absence under each definition in use, and what makes each differ from the headline.

    Parameters
    ----------
    periods : Periods
        Of the pupils in question, on the basis of the headline. The period holds a session.
    short_enrolment_sessions : int
        The fewest possible sessions that the fourth definition asks for, as in the school file.

    Returns
    -------
    pandas.DataFrame
        One row per definition, the headline's own first (see ``definitions_beside``): ``definition`` (its name),
        ``label`` and ``meaning`` (text); COUNTS (enrolments, year to date at the end of the period);
        ``persistent_absence_rate`` and ``severe_absence_rate`` (fractions of enrolments, missing where there are
        none); and for each of COUNTS ``added_`` and ``removed_``: how many enrolments are in it here but not in the
        headline, and the other way round. So each count is the headline's plus those added less those removed.

    Notes
    -----
    A year to date, since persistent absence is a measure over time. Sources: DfE, Pupil absence in schools in
    England, methodology (the headline); DfE, Monitor your school attendance, user guide (leavers).
    """
    register, basis = enrolments_of(periods), periods.selection.basis
    flags = absence_by_definition(register, short_enrolment_sessions, basis)
    definitions = definitions_beside(basis)
    counts = pd.DataFrame([compared(flags[each.name], flags[basis]) for each in definitions])
    words = [
        {
            "definition": each.name,
            "label": each.label.format(sessions=short_enrolment_sessions)
            + OUR_HEADLINE * (each.name == basis),
            "meaning": each.meaning.format(sessions=short_enrolment_sessions),
        }
        for each in definitions
    ]
    return pd.concat([pd.DataFrame(words), counts], axis=1).assign(
        persistent_absence_rate=rate(counts["persistently_absent_enrolments"], counts["enrolments"]),
        severe_absence_rate=rate(counts["severely_absent_enrolments"], counts["enrolments"]),
    )


def enrolments_of(periods: Periods) -> Register:
    """Return the year to date of every enrolment that meets the cohort's conditions, on either basis or on none."""
    register = periods.register.year_to_date(periods.date_to)
    return register.where_pupils(periods.selection.meets_conditions(register.pupils))


def definitions_beside(basis: str) -> tuple[Definition, ...]:
    """Return the definitions in use, that of a headline's basis first.

    Examples
    --------
    >>> [each.name for each in definitions_beside(ENROLLED)][:2], definitions_beside(DFE_COMPARABLE) == DEFINITIONS
    (['enrolled', 'dfe_comparable'], True)
    """
    headline = next(each for each in (*DEFINITIONS, EVERYONE) if each.name == basis)
    return (headline, *(each for each in DEFINITIONS if each.name != basis))


def absence_by_definition(
    register: Register, short_enrolment_sessions: int, basis: str
) -> dict[str, pd.DataFrame]:
    """Return FLAGS of each enrolment under each definition (booleans, one row per enrolment), by the definition's name.

    ``short_enrolment_sessions`` is the fewest possible sessions that LONG_ENOUGH asks for, ``basis`` the headline's.
    """
    totals = pupil_totals(register)
    headline = Selection(basis).members(register)
    possible, absence = totals["possible_sessions"], totals["absence_sessions"]
    below = totals.assign(
        is_persistently_absent=PERSISTENT_ABSENCE.is_passed(absence, possible),
        is_severely_absent=SEVERE_ABSENCE.is_passed(absence, possible),
    )
    return {
        **{
            name: flags_of(totals, Selection(name).members(register))
            for name in (DFE_COMPARABLE, CURRENT_ROLL, ENROLLED)
        },
        STATUTORY_AGE: flags_of(pupil_totals(of_school_age(register)), np.ones(len(totals), dtype=bool)),
        LONG_ENOUGH: flags_of(totals, headline & (possible >= short_enrolment_sessions)),
        BELOW_THE_LINE: flags_of(below, headline),
    }


def flags_of(totals: pd.DataFrame, is_member: np.ndarray) -> pd.DataFrame:
    """Return FLAGS: who of the members is counted (a possible session at least), persistently and severely absent.

    Parameters
    ----------
    totals : pandas.DataFrame
        PUPIL_TOTALS, one row per enrolment.
    is_member : numpy.ndarray
        Boolean, one per row.

    Examples
    --------
    >>> totals = pd.DataFrame({"possible_sessions": [10, 0], "is_persistently_absent": [True, False], "is_severely_absent": False})
    >>> flags_of(totals, np.array([True, True])).sum().tolist()
    [1, 1, 0]
    """
    counted = is_member & (totals["possible_sessions"] > 0)
    return pd.DataFrame(
        {
            "is_counted": counted,
            "is_persistently_absent": counted & totals["is_persistently_absent"],
            "is_severely_absent": counted & totals["is_severely_absent"],
        }
    )


def of_school_age(register: Register) -> Register:
    """Return a register in which a pupil not of compulsory school age on a day is not on roll that day.

    Examples
    --------
    >>> pupils = pd.DataFrame({"date_of_birth": [pd.NaT, pd.NaT], "year_group": [11, 12]})
    >>> days = pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])})
    >>> (of_school_age(Register(np.full((2, 1), 3), pupils, days)).codes == NOT_ON_ROLL).tolist()
    [[False], [True]]
    """
    days = register.sessions["date"].to_numpy().astype("datetime64[D]")
    return replace(
        register, codes=np.where(was_of_school_age(register.pupils, days), register.codes, NOT_ON_ROLL)
    )


def compared(flags: pd.DataFrame, headline: pd.DataFrame) -> dict[str, int]:
    """Return how many enrolments have each flag, and how many have it only here and only in the headline.

    Both tables hold FLAGS, one row per enrolment in the same order.

    Examples
    --------
    >>> here, there = (pd.DataFrame({flag: values for flag in FLAGS}) for values in ([True, False], [True, True]))
    >>> counts = compared(here, there)
    >>> counts["enrolments"], counts["added_enrolments"], counts["removed_enrolments"]
    (1, 0, 1)
    """
    counts = {}
    for flag, name in zip(FLAGS, COUNTS, strict=True):
        counts[name] = int(flags[flag].sum())
        counts[f"added_{name}"] = int((flags[flag] & ~headline[flag]).sum())
        counts[f"removed_{name}"] = int((headline[flag] & ~flags[flag]).sum())
    return counts
