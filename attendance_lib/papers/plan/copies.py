"""The copies that a run writes of each plan: one for the file, one for the family."""

from collections import Counter

from attendance_lib.display import CopiesNote
from attendance_lib.display.format import format_count
from attendance_lib.papers.plan.family_copy import family_document, family_of, family_parts
from attendance_lib.papers.plan.file_copy import file_document, file_parts
from attendance_lib.papers.plan.opening import Case, OpenPlans
from attendance_lib.reports.names import slug

FILE, FAMILY = "file", "family"


def copies(opened: OpenPlans) -> CopiesNote:
    """Say which copies lie beside the paper, with what each says for the run to write."""
    cases, school = opened.cases, opened.pack.school.settings.school.name
    record = [
        copy
        for case, name in zip(cases, names_of(cases), strict=True)
        for copy in copies_of(case, name, opened, school)
    ]
    words = (
        f"The folder copies holds {format_count(len(record), 'document')}, each as PDF, as a page for the screen and for Word: the "
        "file copy, for the school and the agencies; the family copy, one page, to be handed over by itself. "
        "Give the family the one that ends in family, and write the day under 'Copy given to family'.",
    )
    nothing = ("No plan runs, so there is no copy.",)
    return CopiesNote("copies", words if record else nothing, style="note", record={"copies": record})


def names_of(cases: tuple[Case, ...]) -> list[str]:
    """Return what the files of each case are called: the pupil's number, and another where two would be alike."""
    plain = [slug(case.pupil_id) or "pupil" for case in cases]
    often = Counter(plain)
    return [name if often[name] == 1 else f"{name}-{place}" for place, name in enumerate(plain, start=1)]


def copies_of(case: Case, name: str, opened: OpenPlans, school: str) -> list[dict]:
    """Return both copies of a case as the run writes them."""
    family = family_of(case, school, opened.pack.date_to)
    return [
        copy_of(f"{name}-{FILE}", file_document(case, opened.pack), file_parts(case, opened.pack)),
        copy_of(f"{name}-{FAMILY}", family_document(family), family_parts(family), leaves_school=True),
    ]


def copy_of(name: str, document: object, parts: tuple, *, leaves_school: bool = False) -> dict:
    """Return one copy as plain JSON."""
    payloads = [part.payload() for part in parts]
    return {"name": name, "document": document.payload(), "parts": payloads, "leaves_school": leaves_school}
