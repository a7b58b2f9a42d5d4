"""Forms as the check of the exports may show them: its page is printed on the console and names nobody.

A stray comma or a pasted column moves names into the column of forms, and a form may well be called by a word.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from attendance_lib.intake.plain_words import shown_plainly

if TYPE_CHECKING:
    import pandas as pd

    from attendance_lib.intake.checked_school import CheckedSchool

# Ours: three enrolments do not share a name by mistake, and a form of one or two is rare.
FEWEST_OF_A_FORM = 3
COULD_BE_A_NAME = "(could be a name)"


def with_plain_forms(checked: "CheckedSchool") -> "CheckedSchool":
    """Return a reading in which no form that could be a pupil's name is named; unchanged where nothing was read.

    Parameters
    ----------
    checked : CheckedSchool
        The reading, with or without a school.

    Returns
    -------
    CheckedSchool
        The same, the forms of its pupils as `plain_forms` gives them.
    """
    if checked.school is None:
        return checked
    pupils = checked.school.pupils
    named = pupils.assign(form=plain_forms(pupils["form"]))
    return replace(checked, school=replace(checked.school, pupils=named))


def plain_forms(forms: "pd.Series") -> "pd.Series":
    """Return forms (one per enrolment), those with a word and fewer than three enrolments under one name for all.

    Examples
    --------
    >>> import pandas as pd
    >>> plain_forms(pd.Series(["7A", "Maple", "Maple", "Maple", "Zoë Briain"])).tolist()
    ['7A', 'Maple', 'Maple', 'Maple', '(could be a name)']
    """
    counts = forms.value_counts()
    few = counts.index[(counts > 0) & (counts < FEWEST_OF_A_FORM)]
    doubtful = [form for form in few if form and not shown_plainly(form).startswith("'")]
    if not doubtful:
        return forms
    return forms.astype(object).mask(forms.isin(doubtful).to_numpy(), COULD_BE_A_NAME).astype(object)
