"""Whose plans a paper is about: one pupil's, with or without a plan so far, or every plan that runs in a cohort."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from attendance_lib.analysis.logs import match_pupils
from attendance_lib.analysis.plan_progress import Progress, progress_of
from attendance_lib.analysis.plans import DATES, plans_of
from attendance_lib.casebook.staff_rows import sheet_number
from attendance_lib.errors import SettingsError, quoted
from attendance_lib.intake.support_tables import PLANS
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.shared import pupil_names


@dataclass(frozen=True, eq=False)
class Case:
    """One pupil on roll with the plan that runs, or one to be begun (``is_new``), and where its target stands.

    ``pupil`` is a row of PUPILS with ``pupil_name``, ``plan`` one of ``plans.plans_of``.
    """

    pupil: Mapping
    plan: Mapping
    progress: Progress
    is_new: bool

    @property
    def pupil_id(self) -> str:
        """The pupil in the school's records."""
        return str(self.pupil["pupil_id"])

    @property
    def forename(self) -> str:
        """What the pupil is called, in a sentence.

        Examples
        --------
        >>> [Case({"forename": forename}, {}, None, is_new=False).forename for forename in ("Ada", " ", None)]
        ['Ada', 'the pupil', 'the pupil']
        """
        known = self.pupil["forename"]
        return str(known) if pd.notna(known) and str(known).strip() else "the pupil"


@dataclass(frozen=True, eq=False)
class OpenPlans:
    """The plans that a paper is about; ``pupil`` is the one asked for, empty for every plan of the cohort."""

    pack: Pack
    pupil: str = ""

    @cached_property
    def plans(self) -> pd.DataFrame:
        """Every plan on file of those asked about, running on the last day or not: rows of ``plans.plans_of``.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> pack = SimpleNamespace(results={plans_of: pd.DataFrame({"plan_id": ["SP1", "SP2"], "pupil_id": ["1", "2"]})})
        >>> [OpenPlans(pack, pupil).plans["plan_id"].tolist() for pupil in ("2", "")]
        [['SP2'], ['SP1', 'SP2']]
        """
        known = plans_of(self.pack)
        return known[known["pupil_id"] == self.pupil].reset_index(drop=True) if self.pupil else known

    @cached_property
    def people(self) -> pd.DataFrame:
        """The pupils on roll of the cohort on the last day (PUPILS, one row each) with ``pupil_name``, by their identifiers."""
        pupils = self.pack.roll.current.pupils
        named = pupils.assign(pupil_id=pupils["pupil_id"].astype(str), pupil_name=pupil_names(pupils))
        return named.set_index("pupil_id", drop=False)

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of every pupil in the pupils file, those who left too, by their identifiers."""
        pupils = self.pack.school.pupils
        return dict(zip(pupils["pupil_id"].astype(str), pupil_names(pupils), strict=True))

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """The pupils asked about who are on roll, by name."""
        return tuple(sorted(self._cases(), key=lambda case: (str(case.pupil["pupil_name"]), case.pupil_id)))

    def _cases(self) -> Iterator[Case]:
        running = self.plans[self.plans["is_running"]]
        for plan in running.to_dict("records"):
            if plan["pupil_id"] in self.people.index:
                pupil = self.people.loc[plan["pupil_id"]].to_dict()
                yield Case(pupil, plan, progress_of(self.pack, plan), is_new=False)
        if self.pupil and running.empty:
            plan = new_plan(self.pack, self.pupil)
            pupil = self.people.loc[self.pupil].to_dict()
            yield Case(pupil, plan, progress_of(self.pack, plan), is_new=True)


def new_plan(pack: Pack, pupil_id: str) -> dict[str, object]:
    """Return a plan to be begun: its number, its pupil and the pack's last day; everything else is to be filled in."""
    blank = {name: pd.NaT if name in DATES else None for name in PLANS.column_names}
    urn, day = pack.school.settings.school.urn, pack.date_to
    own = {"plan_id": sheet_number(urn, day, pupil_id), "pupil_id": pupil_id, "opened_on": pd.Timestamp(day)}
    judged = {"version": 1, "history": "", "review_day": pd.NaT, "left_on": pd.NaT}
    flags = ("is_review_moved", "is_review_overdue", "is_review_due")
    return blank | own | judged | dict.fromkeys(flags, False)


def open_plans(pack: Pack, pupil: str = "") -> OpenPlans:
    """Return the plans of a pack: those of one pupil, or of everybody of the cohort with one that runs.

    Parameters
    ----------
    pack : Pack
        The school, period and cohort.
    pupil : str
        The pupil's number in the school's records (leading zeros may be lacking); empty for the cohort.

    Raises
    ------
    SettingsError
        If nobody has that number, or the pupil is not on roll, or not of the cohort, on the last day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pack = SimpleNamespace(school=SimpleNamespace(pupils=pd.DataFrame({"pupil_id": ["003401"]})))
    >>> open_plans(pack, "3402")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.SettingsError: Parameter 'pupil': nobody in the pupils file has that number ('3402'). Type it ...
    """
    wanted = pupil.strip()
    if not wanted:
        return OpenPlans(pack)
    everyone = pack.school.pupils["pupil_id"].astype(str)
    (found,) = match_pupils(pd.DataFrame({"pupil_id": [wanted]}), everyone)["pupil_id"]
    if found not in set(everyone):
        raise SettingsError(
            f"Parameter 'pupil': nobody in the pupils file has that number ({quoted(wanted)}). Type it as the pupils file does, "
            "such as pupil=003461."
        )
    if found not in OpenPlans(pack).people.index:
        raise SettingsError(
            f"Parameter 'pupil': that pupil is not on roll on {pack.date_to}, or not in the cohort '{pack.cohort.name}'. "
            "Choose a last day (--to) on which the pupil was on roll, or another cohort."
        )
    return OpenPlans(pack, found)
