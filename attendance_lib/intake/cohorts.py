"""Named cohorts: which pupils a report is about, and on which basis they are counted."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from pydantic import RootModel

from attendance_lib.errors import DisclosureError, nearest, quoted
from attendance_lib.intake.schema import PUPILS, Kind
from attendance_lib.intake.strict_yaml import Document, load_document, raise_problems
from attendance_lib.intake.validation import Many, Name, Settled, at, validated
from attendance_lib.rules.disclosure import DECLARED

VALUE_OF_KIND = {Kind.YEAR_GROUP: int, Kind.FLAG: bool}
VALUE_NAMES = {int: "whole numbers", bool: "true and false", str: "text"}
# What a cohort may choose by: what is known about a pupil, except names and dates; and the tier of support.
COHORT_COLUMNS = {
    column.name: VALUE_OF_KIND.get(column.kind, str)
    for column in PUPILS.columns
    if column.kind in (Kind.YEAR_GROUP, Kind.FLAG, Kind.LABEL)
} | {"pupil_id": str, "key_adult": str, "tier": str}


class CohortChoice(Settled):
    """How a file of cohorts describes one: every condition under ``where`` holds, by any value of its list."""

    title: Name
    where: dict[str, Many[str | int | bool]] = {}
    basis: Literal["current_roll", "dfe_comparable"] = "dfe_comparable"


class Cohort(CohortChoice):
    """A named group of pupils and the basis on which they are counted."""

    name: Name


WHOLE_SCHOOL = Cohort(name="all", title="Whole school")


class CohortFile(RootModel[dict[Name, CohortChoice]]):
    """All the cohorts of a file by name."""


def load_cohorts(path: Path) -> dict[str, Cohort]:
    """Read and check the named cohorts.

    Parameters
    ----------
    path : pathlib.Path
        The cohorts file, such as ``params/cohorts.yml``.

    Returns
    -------
    dict of str to Cohort
        The cohorts by name, in the order of the file.

    Raises
    ------
    SettingsError
        One line for each problem; an unknown column is refused with the nearest known one.
    """
    document = load_document(path)
    cohorts = validated(CohortFile, document).root
    raise_problems(
        [problem for name, cohort in cohorts.items() for problem in _cohort_problems(name, cohort, document)]
    )
    return {name: Cohort(name=name, **dict(choice)) for name, choice in cohorts.items()}


def _cohort_problems(name: str, cohort: CohortChoice, document: Document) -> Iterator[str]:
    for column, values in cohort.where.items():
        key = (name, "where", column)
        if column not in COHORT_COLUMNS:
            yield f"{at(document, key)}: pupils have no column {quoted(column)} to choose by. {nearest(column, COHORT_COLUMNS)}"
            continue
        wanted = COHORT_COLUMNS[column]
        for value in values:
            if type(value) is not wanted:
                what = f"{quoted(value)} can never match, for {quoted(column)} holds {VALUE_NAMES[wanted]}"
                yield f"{at(document, key)}: {what}. Correct the value."


def check_published(cohort: Cohort, cohorts: Mapping[str, Cohort]) -> Cohort:
    """Return a cohort on which a report may be published, beside that of the whole school.

    Raises
    ------
    DisclosureError
        If it is chosen by a column of which it is not declared what its groups add up to, or counts other pupils than the
        whole school's report does: a reader could set it against that report, and nothing would guard what follows.
    """
    other = next((column for column in cohort.where if column not in DECLARED), None)
    if other:
        raise DisclosureError(_refused(cohort, f"it is chosen by '{other}'"))
    whole = cohorts.get(WHOLE_SCHOOL.name, WHOLE_SCHOOL)
    if cohort.basis != whole.basis:
        raise DisclosureError(
            _refused(cohort, f"its basis is {cohort.basis}, and the whole school's {whole.basis}")
        )
    return cohort


def _refused(cohort: Cohort, why: str) -> str:
    """Say why no report on a cohort can be published, and on which one can."""
    return (
        f"No report on the cohort '{cohort.name}' can be published, because {why}: what it tells could be set against the whole "
        "school's report in ways that are not guarded. A published report can be on a cohort that cohorts.yml chooses by "
        f"{', '.join(DECLARED[:-1])} or {DECLARED[-1]}, with the basis of the whole school. Other papers can be on any cohort."
    )
