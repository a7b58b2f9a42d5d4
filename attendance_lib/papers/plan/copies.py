"""The copies that a run writes of each plan: one for the file, one for the family."""

from collections import Counter

from attendance_lib.display import Handed, HandedNote
from attendance_lib.display.format import format_count
from attendance_lib.display.kinds import OF_ITS_PUPIL
from attendance_lib.papers.plan.family_copy import family_document, family_of, family_parts
from attendance_lib.papers.plan.file_copy import file_document, file_parts
from attendance_lib.papers.plan.opening import Case, OpenPlans
from attendance_lib.reports.names import slug

FOLDER, FILE, FAMILY = "copies", "file", "family"


def copies(opened: OpenPlans) -> HandedNote:
    """Say which copies lie beside the paper, with what each says for the run to write."""
    cases, school = opened.cases, opened.pack.school.settings.school.name
    made = [
        copy
        for case, name in zip(cases, names_of(cases), strict=True)
        for copy in copies_of(case, name, opened, school)
    ]
    words = (
        f"The folder {FOLDER} holds {format_count(len(made), 'document')}, each as PDF, as a page for the screen and for Word: the "
        "file copy, for the school and the agencies; the family copy, one page, to be handed over by itself. "
        "Give the family the one that ends in family, and write the day under 'Copy given to family'.",
    )
    nothing = ("No plan runs, so there is no copy.",)
    return HandedNote.of("copies", words if made else nothing, made)


def names_of(cases: tuple[Case, ...]) -> list[str]:
    """Return what the files of each case are called: the pupil's number, and another where two would be alike.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> names_of(tuple(SimpleNamespace(pupil_id=number) for number in ("A1", "a1", "003401")))
    ['a1-1', 'a1-2', '003401']
    """
    plain = [slug(case.pupil_id) or "pupil" for case in cases]
    often = Counter(plain)
    return [name if often[name] == 1 else f"{name}-{place}" for place, name in enumerate(plain, start=1)]


def copies_of(case: Case, name: str, opened: OpenPlans, school: str) -> list[Handed]:
    """Return both copies of a case as the run writes them."""
    family, pack = family_of(case, school, opened.pack.date_to), opened.pack
    for_file = (file_document(case, pack), *file_parts(case, pack))
    for_family = (family_document(family), *family_parts(family))
    return [
        Handed(FOLDER, f"{name}-{FILE}", "the file", for_file, OF_ITS_PUPIL, is_for_word=True),
        Handed(
            FOLDER,
            f"{name}-{FAMILY}",
            "the family",
            for_family,
            OF_ITS_PUPIL,
            leaves_school=True,
            is_for_word=True,
        ),
    ]
