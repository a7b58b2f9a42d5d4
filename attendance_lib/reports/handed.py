"""Documents of a pack that are each for one reader: checked for what that reader may not see, and written each into its own folder.

A document holds nothing but its own payloads, and the pack's own notebook keeps none of them.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import DisclosureError
from attendance_lib.reports.desk import facts_of_document, print_in
from attendance_lib.reports.execute import write_executed
from attendance_lib.reports.pages import notebook_of, write_html, write_pdf
from attendance_lib.reports.printed import Facts
from attendance_lib.rules.readers import Fact, not_to_be_seen

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from attendance_lib.reports.desk import Printed

# What a document may show: a picture has no columns by which it could be checked.
CHECKED = frozenset({"document", "heading", "sentences", "key_figures", "table"})


def take_documents(notebook: "NotebookNode", path: Path) -> list[dict]:
    """Return the documents that an executed notebook holds, taken out of it, in place and in its file.

    Each is ``folder`` (where it goes, within the pack), ``name`` (of its files), ``reader`` (in words), ``payloads`` (of
    ``display/model.py``, the masthead first) and ``seen``: the pupils by kind of fact (see ``rules/readers.py``), or None for a
    document in which no pupil may be found.
    """
    from attendance_lib.display.kinds import HANDED_MIME

    taken = [
        document
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        for document in output.get("data", {}).pop(HANDED_MIME, {}).get("documents", ())
    ]
    if taken:
        write_executed(notebook, path)
    return taken


def prints_of(documents: list[dict], facts: Facts, basis: int) -> "Printed":
    """Return what documents print for staff to fill in, by the path of the workbook within the pack.

    Parameters
    ----------
    documents : list of dict
        See ``take_documents``.
    facts : Facts
        Which pack they are of; a document's folder tells it apart from the others.
    basis : int
        What of the casebook they were written from.
    """
    found = (
        (
            f"{document['folder']}/{document['name']}.xlsx",
            print_in(notebook_of(document["payloads"]), facts_of_document(facts, document["folder"]), basis),
        )
        for document in documents
    )
    return {workbook: printed for workbook, printed in found if printed}


def write_documents(documents: list[dict], pack: Path, prints: "Printed | None" = None) -> list[str]:
    """Write documents below a pack, each as HTML, PDF, workbook, tables and notebook; return the warnings of their making.

    Parameters
    ----------
    documents : list of dict
        See ``take_documents``.
    pack : pathlib.Path
        The folder.
    prints : dict of str to PrintedPack, optional
        What each workbook prints for staff to fill in (see ``prints_of``).

    Raises
    ------
    DisclosureError
        If one of them tells its reader what the table of who sees what does not allow; none is then written.
    """
    problems = [line for document in documents for line in not_allowed(document)]
    if problems:
        raise DisclosureError("\n".join(problems))
    return [warning for document in documents for warning in write_document(document, pack, prints or {})]


def not_allowed(document: Mapping) -> Iterator[str]:
    """Yield what of a document its reader may not see, a line each and without a value."""
    from attendance_lib.display.workbook.publication import personal_places

    where = f"{document['folder']}, for {document['reader']}"
    for payload in document["payloads"]:
        kind = payload["type"]
        if kind not in CHECKED:
            yield f"{where}: holds a {kind}, of which it cannot be checked what it tells."
        elif document["seen"] is None or kind != "table":
            yield from (f"{where}: {place} holds personal data." for place in personal_places(payload))
        else:
            seen = {Fact(fact): frozenset(pupils) for fact, pupils in document["seen"].items()}
            yield from (
                f"{where}: table '{payload['name']}', {what}." for what in not_to_be_seen(payload, seen)
            )


def write_document(document: Mapping, pack: Path, prints: "Printed") -> list[str]:
    """Write one document; return the warnings of its making."""
    from attendance_lib.reports.render import write_data

    notebook = notebook_of(document["payloads"])
    target = pack / document["folder"] / document["name"]
    target.parent.mkdir(parents=True)
    write_executed(notebook, target.with_suffix(".ipynb"))
    warnings = [
        *write_html(notebook, target.with_suffix(".html")),
        *write_pdf(notebook, target.with_suffix(".pdf")),
    ]
    printed = prints.get(target.with_suffix(".xlsx").relative_to(pack).as_posix())
    write_data(notebook, target, pack_id=printed.pack_id if printed else "")
    return warnings
