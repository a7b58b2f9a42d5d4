"""The groups that pupils are counted by, each declared once: what tells its pupils, and what papers call them.

Flags in lists, tables of groups, what the groups of a published report add up to and the demo school ask here.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.rules.pupils import NOT_KNOWN, ORDER, OTHER, ethnic_group


@dataclass(frozen=True)
class Group:
    """A group of pupils: those of whom a column of the pupils file holds a value.

    Parameters
    ----------
    column : str
        The column of PUPILS, or a name of its own where other columns tell it (see ``of``).
    value : object
        What the column holds of its pupils.
    heading : str
        What pupils are grouped by.
    name : str
        The group where its heading is next to it.
    label : str
        The group where no heading is next to it.
    phrase : str
        Its pupils in a sentence.
    flag : str
        What a list says of its pupils in few letters; nothing where empty.
    spelled_out : str
        What the letters of the flag stand for; empty where they are words.
    is_published : bool
        Whether tables of groups, published or not, set it against everyone else; False of what only lists may say.
    of : tuple of str
        The columns of PUPILS of which any one tells it, where it has none of its own.
    """

    column: str
    value: object
    heading: str
    name: str
    label: str
    phrase: str
    flag: str = ""
    spelled_out: str = ""
    is_published: bool = True
    of: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of PUPILS that tell who is in it.

        Examples
        --------
        >>> next(group for group in GROUPS if group.column == SOCIAL_WORKER).columns
        ('child_in_need', 'child_protection')
        """
        return self.of or (self.column,)

    def members(self, pupils: pd.DataFrame) -> np.ndarray:
        """Return which pupils belong to the group (boolean, one per row of PUPILS).

        Examples
        --------
        >>> fsm = next(group for group in GROUPS if group.column == "fsm")
        >>> fsm.members(pd.DataFrame({"fsm": pd.array([True, False, None], dtype="boolean")})).tolist()  # not known is not in it
        [True, False, False]
        """
        if self.of:
            return np.logical_or.reduce([is_so(pupils[column]) for column in self.of])
        if self.column == ETHNICITY:
            return (ethnic_groups(pupils) == self.value).to_numpy(dtype=bool)
        return (pupils[self.column].astype(object) == self.value).fillna(value=False).to_numpy(dtype=bool)


def is_so(flags: pd.Series) -> np.ndarray:
    """Return where a flag is true; unknown is not true (boolean, one per row).

    Examples
    --------
    >>> is_so(pd.Series([True, False, None])).tolist()
    [True, False, False]
    """
    return (flags.astype(object) == True).to_numpy(dtype=bool)  # noqa: E712 - unknown is neither


def ethnic_groups(pupils: pd.DataFrame) -> pd.Series:
    """Return the published ethnic group of each pupil (text, one per row).

    Examples
    --------
    >>> ethnic_groups(pd.DataFrame({"ethnicity": ["WIRI", "REFU", None]})).tolist()
    ['White', 'Not known', 'Not known']
    """
    written = pupils[ETHNICITY].astype(object).where(pupils[ETHNICITY].notna(), "")
    # Every group asks this of all pupils, who have written a dozen ethnicities between them.
    return written.map({text: ethnic_group(str(text)) for text in written.unique()})


ETHNICITY, SEN, SOCIAL_WORKER = "ethnicity", "sen_status", "social_worker"
PLAN = "education, health and care plan"
UNKNOWN = "ethnic group not known"
ETHNIC_LABELS = {name: f"Ethnic group: {name}" for name in ORDER} | {NOT_KNOWN: UNKNOWN.capitalize()}
ETHNIC_PHRASES = {name: f"{name} pupils" for name in ORDER} | {
    OTHER: "pupils of other ethnic groups",
    NOT_KNOWN: f"pupils whose {UNKNOWN.replace('not', 'is not')}",
}


def yes(column: str, heading: str, label: str, phrase: str, **more: object) -> Group:
    """Return the group of those of whom a column that holds yes or no says yes; ``more`` as of ``Group``.

    Examples
    --------
    >>> yes("eal", "EAL", "English as an additional language", "pupils with English as an additional language").value
    True
    """
    return Group(column, True, heading, "Yes", label, phrase, **more)  # noqa: FBT003 - a value of the column


# What is asked of single pupils and no paper counts: who is at risk when nobody knows where he or she is, who is not to be named.
OF_ONE_DAY = (
    "youth_justice", "previously_looked_after", "missing_history", "medical_risk", "travels_alone", "no_publicity",
)  # fmt: skip
# In the order of tables and of flags.
GROUPS = (
    Group("sex", "F", "Sex", "Girls", "Girls", "girls"),
    Group("sex", "M", "Sex", "Boys", "Boys", "boys"),
    yes(
        "fsm", "Free school meals", "Eligible for free school meals", "pupils eligible for free school meals",
        flag="FSM", spelled_out="eligible for free school meals",
    ),
    yes(
        "pupil_premium", "Pupil premium", "Pupil premium", "pupils who attract the pupil premium",
        flag="PP", spelled_out="pupil premium",
    ),
    Group(SEN, "K", "SEN", "SEN support", "SEN support", "pupils with SEN support", "SEN K"),
    Group(SEN, "E", "SEN", "EHC plan", PLAN.capitalize(), f"pupils with an {PLAN}", "SEN E"),
    yes(
        "eal", "EAL", "English as an additional language", "pupils with English as an additional language",
        flag="EAL", spelled_out="English as an additional language",
    ),
    yes("looked_after", "Looked after", "Looked after", "looked-after children", flag="Looked after"),
    yes(
        "child_in_need", "Child in need", "Child in need", "children in need",
        flag="CIN", spelled_out="child in need", is_published=False,
    ),
    yes(
        "child_protection", "Child protection", "Child protection plan", "children with a child protection plan",
        flag="CP", spelled_out="child protection plan", is_published=False,
    ),
    yes("young_carer", "Young carer", "Young carer", "young carers", flag="Young carer", is_published=False),
    yes(
        SOCIAL_WORKER, "Social worker", "Social worker (in need or protection plan)", "pupils with a social worker",
        of=("child_in_need", "child_protection"),
    ),
    *(Group(ETHNICITY, name, "Ethnic group", name, ETHNIC_LABELS[name], ETHNIC_PHRASES[name]) for name in ORDER),
)  # fmt: skip

# The columns of PUPILS that hold yes or no of each pupil, and those of several values.
YES_OR_NO = tuple(group.column for group in GROUPS if group.value is True and not group.of)
OF_SEVERAL = tuple(dict.fromkeys(group.column for group in GROUPS if group.value is not True))
# Of these it is declared what the groups add up to.
DECLARED = ("year_group", *(column for column in OF_SEVERAL if column != ETHNICITY), *YES_OR_NO)

# What a school groups its own tables by: pupil column, heading, and what its values are called.
NAMED = {
    "sex": ("Sex", {"F": "Female", "M": "Male"}),
    "fsm": ("Free school meals", {True: "Eligible", False: "Not eligible"}),
    SEN: ("Special educational needs", {"N": "No SEN", "K": "SEN support", "E": "EHC plan"}),
}
CHARACTERISTICS: dict[str, tuple[str, dict]] = {"year_group": ("Year group", {}), "form": ("Form", {})} | {
    group.column: NAMED.get(group.column, (group.label, {True: "Yes", False: "No"}))
    for group in GROUPS
    if group.is_published and group.column in DECLARED
}
