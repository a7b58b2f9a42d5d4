"""Which cohorts a published report may be of: those whose counts add up with what the whole school's report prints."""

from attendance_lib.analysis.cohorts import DFE_COMPARABLE
from attendance_lib.errors import DisclosureError
from attendance_lib.intake.settings import Cohort
from attendance_lib.sections.governors.public.partitions import ALL_FLAGS

# The columns of the pupils file of which it is declared what the groups add up to (see `public/partitions.py`).
DECLARED = ("year_group", "sex", "sen_status", *ALL_FLAGS)
WHOLE_SCHOOL = "all"


def check_cohort(cohort: Cohort) -> Cohort:
    """Return a cohort on which a report may be published.

    Raises
    ------
    DisclosureError
        If it is chosen by a column of which it is not declared what its groups add up to, or counts other pupils than the
        headline does: a reader could set it against the whole school's report, and nothing would guard what follows.
    """
    other = next((column for column in cohort.where if column not in DECLARED), None)
    if other:
        raise DisclosureError(refused(cohort, f"it is chosen by '{other}'"))
    if cohort.basis != DFE_COMPARABLE and cohort.name != WHOLE_SCHOOL:
        raise DisclosureError(refused(cohort, f"its basis is {cohort.basis}"))
    return cohort


def refused(cohort: Cohort, why: str) -> str:
    """Say why no report on a cohort can be published, and on which one can."""
    return (
        f"No report on the cohort '{cohort.name}' can be published, because {why}: what it tells could be set against the whole "
        "school's report in ways that are not guarded. A published report can be on a cohort that cohorts.yml chooses by "
        f"{', '.join(DECLARED[:-1])} or {DECLARED[-1]}, with the basis {DFE_COMPARABLE}. Other papers can be on any cohort."
    )
