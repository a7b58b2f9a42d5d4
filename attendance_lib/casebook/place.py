"""Where a school's casebook lies, and how a report's parameter names it: a path and the revision to read."""

import re
from collections.abc import Iterable
from pathlib import Path

REFERENCE = re.compile(r"(.+?)(?:@([0-9]+))?")


def find_casebook(folders: Iterable[Path], urns: tuple[str, ...]) -> Path:
    """Return the path of a school's casebook: the first one there is, else where the first folder will have it.

    Parameters
    ----------
    folders : iterable of pathlib.Path
        The folders of the school's packs, under its present name first.
    urns : tuple of str
        Its numbers, the present one first.
    """
    places = places_in(folders, urns)
    return next((place for place in places if place.exists()), places[0])


def places_in(folders: Iterable[Path], urns: tuple[str, ...]) -> list[Path]:
    """Return where casebooks of a school may lie, whichever of its names and numbers they were begun under."""
    return [folder / f"casebook-{urn}.sqlite" for folder in folders for urn in urns]


def reference_to(path: str, revision: int) -> str:
    """Return how a report's parameter names a casebook at a revision; empty where nothing is known yet.

    Examples
    --------
    >>> reference_to("outputs/larkmoor-990001/casebook-990001.sqlite", 12), reference_to("casebook.sqlite", 0)
    ('outputs/larkmoor-990001/casebook-990001.sqlite@12', '')
    """
    return f"{path}@{revision}" if revision else ""


def named_in(reference: str) -> tuple[str, int | None]:
    """Return the path and the revision of a reference; None where it names none and the last is meant.

    Examples
    --------
    >>> named_in("a@b/casebook-990001.sqlite@12"), named_in("casebook-990001.sqlite")
    (('a@b/casebook-990001.sqlite', 12), ('casebook-990001.sqlite', None))
    """
    path, revision = REFERENCE.fullmatch(reference.strip()).groups()
    return path, None if revision is None else int(revision)
