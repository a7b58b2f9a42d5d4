"""Which enrolments a figure is about: a basis (who counts at all) and conditions on pupils."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.register.grid import Register, with_earlier_enrolments
from attendance_lib.rules.pupils import is_of_compulsory_age

DFE_COMPARABLE = "dfe_comparable"
CURRENT_ROLL = "current_roll"
ENROLLED = "enrolled"
OUTSIDE_AGES = "outside_ages"
BASES = {
    DFE_COMPARABLE: "DfE-comparable: aged 5 to 15 on 31 August, leavers counted to their leaving date",
    CURRENT_ROLL: "Current roll: on roll on the last day of the period, from admission",
    ENROLLED: "Everyone enrolled: whatever their age, leavers counted to their leaving date",
    OUTSIDE_AGES: "Outside the headline: not aged 5 to 15 on 31 August, leavers counted to their leaving date",
}
YOUNGEST, OLDEST = 5, 15
FIRST_YEAR_GROUP, LAST_YEAR_GROUP = 1, 11


@dataclass(frozen=True)
class Selection:
    """A basis and conditions: ``where`` maps a pupil column to the values it may have (all conditions hold).

    ``of_persons`` makes one person of a pupil on roll who left and came back, for lists of people; rates count enrolments.
    """

    basis: str = DFE_COMPARABLE
    where: Mapping[str, Sequence] = field(default_factory=dict)
    of_persons: bool = False

    def of(self, register: Register) -> Register:
        """Return the register of the enrolments selected.

        ``register`` must lie within one school year (see ``Register.in_school_year``), so that "Year 11"
        means the pupils who were in Year 11 then.

        Examples
        --------
        >>> pupils = pd.DataFrame({"pupil_id": ["1", "2"], "year_group": [7, 8]})
        >>> register = Register(np.zeros((2, 1), dtype=np.uint8), pupils, pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])}))
        >>> Selection(ENROLLED, {"year_group": [8]}).of(register).pupils["pupil_id"].tolist()
        ['2']
        """
        if register.sessions.empty:
            return register
        members = self.members(register)
        return (
            with_earlier_enrolments(register, members) if self.of_persons else register.where_pupils(members)
        )

    def members(self, register: Register) -> np.ndarray:
        """Return whether each enrolment is selected: boolean, shape (pupils,).

        Examples
        --------
        >>> pupils = pd.DataFrame({"pupil_id": ["1", "2"], "year_group": [7, 8]})
        >>> register = Register(np.zeros((2, 1), dtype=np.uint8), pupils, pd.DataFrame({"date": pd.to_datetime(["2026-11-05"])}))
        >>> Selection(ENROLLED, {"year_group": [8]}).members(register).tolist()
        [False, True]
        """
        return self._on_basis(register) & self.meets_conditions(register.pupils)

    def _on_basis(self, register: Register) -> np.ndarray:
        if self.basis == CURRENT_ROLL:
            return register.is_on_roll(register.last_date)
        if self.basis == ENROLLED:
            return np.ones(len(register.pupils), dtype=bool)
        counted = is_dfe_comparable(register.pupils, register.sessions["school_year"].iloc[-1])
        return ~counted if self.basis == OUTSIDE_AGES else counted

    def meets_conditions(self, pupils: pd.DataFrame) -> np.ndarray:
        """Return whether each enrolment meets the conditions, whatever the basis: boolean, shape (pupils,).

        Examples
        --------
        >>> pupils = pd.DataFrame({"year_group": [7, 8, 8], "fsm": [True, True, False]})
        >>> Selection(where={"year_group": [8], "fsm": [True]}).meets_conditions(pupils).tolist()
        [False, True, False]
        """
        chosen = np.ones(len(pupils), dtype=bool)
        for column, values in self.where.items():
            chosen = chosen & pupils[column].isin(list(values)).to_numpy(dtype=bool)
        return chosen


def is_dfe_comparable(pupils: pd.DataFrame, school_year: str) -> np.ndarray:
    """Return who is counted in official statistics: aged 5 to 15 on 31 August at the start of the school year.

    Parameters
    ----------
    pupils : pandas.DataFrame
        PUPILS with ``date_of_birth`` and ``year_group`` as it was in that school year.
    school_year : str
        Such as "202627".

    Returns
    -------
    numpy.ndarray
        Boolean, shape (pupils,). Where no date of birth is known, Years 1 to 11 stand in for the ages.

    Notes
    -----
    Source: DfE, Pupil absence in schools in England, methodology.

    Examples
    --------
    >>> born = pd.to_datetime(["2010-08-31", "2010-09-01", "2021-08-31", "2021-09-01"])
    >>> is_dfe_comparable(pd.DataFrame({"date_of_birth": born, "year_group": [12, 11, 1, 0]}), "202627").tolist()
    [False, True, True, False]
    """
    start = int(school_year[:4])
    born = pupils["date_of_birth"]
    of_age = (born <= pd.Timestamp(date(start - YOUNGEST, 8, 31))) & (
        born > pd.Timestamp(date(start - OLDEST - 1, 8, 31))
    )
    by_year_group = pupils["year_group"].between(FIRST_YEAR_GROUP, LAST_YEAR_GROUP)
    return np.where(born.notna(), of_age, by_year_group.fillna(value=False)).astype(bool)


def was_of_school_age(pupils: pd.DataFrame, days: np.ndarray) -> np.ndarray:
    """Return whether each enrolment was of compulsory school age on each day.

    Parameters
    ----------
    pupils : pandas.DataFrame
        PUPILS with ``date_of_birth`` and ``year_group``.
    days : numpy.ndarray
        Dates (datetime64[D]), shape (days,).

    Returns
    -------
    numpy.ndarray
        Boolean, shape (pupils, days). Where no date of birth is known, Years 1 to 11 stand in for the ages.

    Examples
    --------
    >>> pupils = pd.DataFrame({"date_of_birth": pd.to_datetime(["2010-09-01", None]), "year_group": [11, 12]})
    >>> was_of_school_age(pupils, np.array(["2027-06-25", "2027-06-28"], "datetime64[D]")).tolist()
    [[True, False], [False, False]]
    """
    by_year_group = pupils["year_group"].between(FIRST_YEAR_GROUP, LAST_YEAR_GROUP).fillna(value=False)
    return is_of_compulsory_age(pupils["date_of_birth"], days, by_year_group.to_numpy(dtype=bool))
