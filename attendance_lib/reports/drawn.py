"""What a pack holds of a draw: its list, its record and its poster; and the draw held again from them."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.reports.pages import check_said, notebook_of, write_html, write_pdf
from attendance_lib.rules.draw import draw_faults
from attendance_lib.rules.signs import escaped_in_json

if TYPE_CHECKING:
    from nbformat import NotebookNode

# The poster: a page that shows the winners and nothing besides

NAME = "poster"


def write_poster(poster: Mapping[str, object], folder: Path) -> list[str]:
    """Write a poster as HTML and PDF into a pack, unless nobody has won yet; return the warnings of its making.

    Parameters
    ----------
    poster : mapping of str to object
        ``title``, ``school``, ``period``, ``date`` (ISO) and ``lines``, one a winner.
    folder : pathlib.Path
        The pack.

    Raises
    ------
    DisclosureError
        If the page says anything besides.

    Examples
    --------
    >>> write_poster({"title": "Raffle", "lines": ()}, Path("packs"))  # nobody has won yet: nothing is written
    []
    """
    if not poster["lines"]:
        return []
    page, notebook = folder / f"{NAME}.html", poster_notebook(poster)
    warnings = [*write_html(notebook, page), *write_pdf(notebook, folder / f"{NAME}.pdf")]
    check_poster(page.read_text(encoding="utf-8"), poster)
    return warnings


def poster_notebook(poster: Mapping[str, object]) -> "NotebookNode":
    """Return a notebook that shows the poster and knows nothing else."""
    from attendance_lib.display.model import Document, Sentences

    facts = {name: str(poster[name]) for name in ("title", "school", "period", "date")}
    shown = (
        Document(name=NAME, **facts),
        Sentences(name="winners", style="poster", items=tuple(poster["lines"])),
    )
    return notebook_of(each.payload() for each in shown)


def check_poster(page: str, poster: Mapping[str, object]) -> None:
    """Refuse a page from which anything but the poster's own words can be read (see ``pages.check_said``).

    Examples
    --------
    >>> poster = {"title": "Raffle", "school": "Larkmoor Academy", "period": "2 to 6 November", "lines": ["Kim, 7A"]}
    >>> check_poster("<h1>Raffle</h1><p>Kim, 7A</p>", poster)
    >>> check_poster("<h1>Raffle</h1><p>Kim, 7A, after a bad year</p>", poster)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.DisclosureError: poster.html says 1 thing besides its own lines, so it is not published. ...
    """
    said = [str(poster[name]) for name in ("title", "school", "period")]
    own = {*said, " · ".join(said[1:]), " – ".join(said), *map(str, poster["lines"])}
    check_said(page, own, f"{NAME}.html")


# The list of tickets and the record, from which the draw is held again

LIST, RECORD = "list.txt", "draw.json"


def write_draw(notebook: "NotebookNode", folder: Path) -> list[str]:
    """Write what a notebook says of a draw into its pack: the list, the record and, once drawn, the poster; return warnings.

    Raises
    ------
    DisclosureError
        If anything but its own lines could be read from the poster.
    """
    from attendance_lib.display.kinds import DRAW_MIME
    from attendance_lib.display.notebook import records_of

    warnings: list[str] = []
    for kept in records_of(notebook, DRAW_MIME):
        (folder / LIST).write_text(kept["list"], encoding="utf-8", newline="\n")
        text = json.dumps(kept["draw"], ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        (folder / RECORD).write_text(escaped_in_json(text), encoding="utf-8", newline="\n")
        warnings += write_poster(kept["poster"], folder)
    return warnings


def draw_findings(pack: Path) -> tuple[list[str], list[str]]:
    """Return the faults and the notes of the draw in a pack, having drawn again from its list; none where it draws nothing."""
    if not (pack / RECORD).is_file() or not (pack / LIST).is_file():
        return [], []
    try:
        told = json.loads((pack / RECORD).read_bytes())
        text = (pack / LIST).read_bytes().decode("utf-8")
    except ValueError:
        return [f"{RECORD} or {LIST}: cannot be read, so the draw cannot be made again"], []
    if not isinstance(told, dict):
        return [f"{RECORD}: is no record of a draw"], []
    return [f"draw: {fault}" for fault in draw_faults(text, told)], list(draw_notes(told))


def draw_notes(told: Mapping[str, object]) -> Iterator[str]:
    """Yield what whoever checks a draw compares with what was published before it.

    Examples
    --------
    >>> print(*draw_notes({"draw": "raffle 2026-11-06", "public_value": "", "list_hash": "9f2c"}))
    draw raffle 2026-11-06, not drawn yet: compare the list's hash 9f2c with the one published before
    """
    drawn = f", drawn with {told.get('public_value')}" if told.get("public_value") else ", not drawn yet"
    yield f"draw {told.get('draw')}{drawn}: compare the list's hash {told.get('list_hash')} with the one published before"
