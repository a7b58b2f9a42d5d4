"""Whom a paper's headline counts, and whom of those on roll it leaves out.

DfE's figures count pupils aged 5 to 15 on 31 August; a school has a sixth form, a Reception or a nursery beside
them. Source: DfE, Pupil absence in schools in England, methodology.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from attendance_lib.pack.cohorts import DFE_COMPARABLE, ENROLLED, Selection
from attendance_lib.pack.periods import Periods
from attendance_lib.register import NOT_ON_ROLL, Register


@dataclass(frozen=True)
class Whom:
    """Whom a headline counts on the last day of its period; all figures are numbers of enrolments.

    ``counted`` of the ``on_roll`` on roll are in it, with ``leavers`` who left in the school year; ``left_out`` tells
    how many on roll of each year group are not.
    """

    basis: str
    on_roll: int
    counted: int
    leavers: int
    left_out: Mapping[int, int]

    @property
    def is_beside_england(self) -> bool:
        """Whether it counts whom DfE counts, so that England's figures may stand beside it."""
        return self.basis == DFE_COMPARABLE


def whom_it_counts(periods: Periods) -> Whom:
    """Count whom the headline of some periods counts and leaves out, among the enrolments of its cohort."""
    year = periods.register.year_to_date(periods.date_to)
    year = year.where_pupils(periods.selection.meets_conditions(year.pupils))
    on_roll, counted = year.is_on_roll(year.last_date), periods.selection.members(year)
    years = year.pupils["year_group"][on_roll & ~counted].value_counts().sort_index()
    return Whom(
        basis=periods.selection.basis,
        on_roll=int(on_roll.sum()),
        counted=int((on_roll & counted).sum()),
        leavers=int((counted & ~on_roll & was_enrolled(year)).sum()),
        left_out={int(group): int(count) for group, count in years.items()},
    )


def was_enrolled(register: Register) -> np.ndarray:
    """Return which enrolments were on roll at any session of a register (boolean, shape (pupils,))."""
    return (register.codes != NOT_ON_ROLL).any(axis=1)


def selection_that_counts(wanted: Selection, register: Register) -> Selection:
    """Return whom a headline counts: of a cohort in which nobody is of the ages that DfE counts, everyone enrolled.

    Parameters
    ----------
    wanted : Selection
        The cohort on the basis that it asks for.
    register : Register
        The whole school's, the school year to date.

    Notes
    -----
    A sixth form has a headline of its own pupils, beside which no figure of England's stands.
    """
    everyone = replace(wanted, basis=ENROLLED)
    if wanted.basis != DFE_COMPARABLE or counts_anybody(wanted, register):
        return wanted
    return everyone if counts_anybody(everyone, register) else wanted


def counts_anybody(selection: Selection, register: Register) -> bool:
    """Whether a selection has an enrolment that was on roll at a session of a register."""
    return bool(was_enrolled(selection.of(register)).any())
