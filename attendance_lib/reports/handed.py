"""Documents of a pack that are each for one reader: checked for what that reader may not see, and written each into its own folder.

A document holds nothing but its own payloads, and the pack's own notebook keeps none of them. As data it is what
``display.model.Handed`` makes of it.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from attendance_lib.errors import DisclosureError
from attendance_lib.reports.desk import facts_of_document, print_in
from attendance_lib.reports.execute import write_executed
from attendance_lib.reports.pages import check_said, notebook_of, write_html, write_pdf
from attendance_lib.reports.printed import Facts
from attendance_lib.reports.render import write_data
from attendance_lib.rules.readers import Fact, not_to_be_seen

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from attendance_lib.reports.desk import Printed

# What a document may show: a picture has no columns by which it could be checked.
CHECKED = frozenset({"document", "heading", "sentences", "key_figures", "table"})
# What one may show whose page is read again before it leaves the school: those whose words are known (see ``texts_of``).
READ_AGAIN = CHECKED - {"key_figures"}


def take_documents(notebook: "NotebookNode", path: Path) -> list[dict]:
    """Return the documents that an executed notebook holds, taken out of it, in place and in its file.

    Each is as the payload of ``display.model.Handed``.
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
        if not document["is_for_word"]
    )
    return {workbook: printed for workbook, printed in found if printed}


def write_documents(documents: list[dict], pack: Path, prints: "Printed | None" = None) -> list[str]:
    """Write documents below a pack, each as HTML and PDF, with a workbook, tables and notebook or for Word; return the warnings.

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
        If one of them tells its reader what the table of who sees what does not allow; none is then written. If the page of one
        that leaves the school says anything besides its own parts; nothing of it may then be kept.
    """
    problems = [line for document in documents for line in not_allowed(document)]
    if problems:
        raise DisclosureError("\n".join(problems))
    return [warning for document in documents for warning in write_document(document, pack, prints or {})]


def not_allowed(document: Mapping) -> Iterator[str]:
    """Yield what of a document its reader may not see, a line each and without a value.

    Examples
    --------
    >>> sheet = {"folder": "staff/kim", "reader": "a tutor", "seen": None, "leaves_school": False, "payloads": [{"type": "chart"}]}
    >>> list(not_allowed(sheet))
    ['staff/kim, for a tutor: holds a chart, of which it cannot be checked what it tells.']
    """
    from attendance_lib.display.kinds import OF_ITS_PUPIL
    from attendance_lib.display.workbook.publication import personal_places

    where = f"{document['folder']}, for {document['reader']}"
    is_of_its_pupil = document["seen"] == OF_ITS_PUPIL
    if is_of_its_pupil and not document["leaves_school"]:
        return
    for payload in document["payloads"]:
        kind = payload["type"]
        if kind not in (READ_AGAIN if document["leaves_school"] else CHECKED):
            yield f"{where}: holds a {kind}, of which it cannot be checked what it tells."
        elif is_of_its_pupil:
            continue  # about nobody else, and its page is read again (see ``write_document``)
        elif document["seen"] is None or kind != "table":
            yield from (f"{where}: {place} holds personal data." for place in personal_places(payload))
        else:
            seen = {Fact(fact): frozenset(pupils) for fact, pupils in document["seen"].items()}
            yield from (
                f"{where}: table '{payload['name']}', {what}." for what in not_to_be_seen(payload, seen)
            )


def write_document(document: Mapping, pack: Path, prints: "Printed") -> list[str]:
    """Write one document; return the warnings of its making."""
    notebook = notebook_of(document["payloads"])
    target = pack / document["folder"] / document["name"]
    target.parent.mkdir(parents=True, exist_ok=document["is_for_word"])
    page = target.with_suffix(".html")
    warnings = [*write_html(notebook, page), *write_pdf(notebook, target.with_suffix(".pdf"))]
    if document["leaves_school"]:
        check_said(page.read_text(encoding="utf-8"), own_words(document), page.name)
    if document["is_for_word"]:
        write_for_word(document, target)
        return warnings
    write_executed(notebook, target.with_suffix(".ipynb"))
    printed = prints.get(target.with_suffix(".xlsx").relative_to(pack).as_posix())
    write_data(notebook, target, pack_id=printed.pack_id if printed else "")
    return warnings


def write_for_word(document: Mapping, target: Path) -> None:
    """Write what people edit in Word."""
    from attendance_lib.display.docx import docx_of

    masthead, *parts = document["payloads"]
    target.with_suffix(".docx").write_bytes(docx_of(masthead, parts))


def own_words(document: Mapping) -> set[str]:
    """Return every text of a document's own that its page may say.

    Examples
    --------
    >>> masthead = dict.fromkeys(("cohort", "audience", "confidentiality"), "")
    >>> masthead |= {"title": "To ring", "school": "Larkmoor", "period": "9 November"}
    >>> sorted(own_words({"payloads": [masthead]}))  # as facts, in its line under the title, and as the title of the page
    ['9 November', 'Larkmoor', 'Larkmoor · 9 November', 'To ring', 'To ring – Larkmoor – 9 November']
    """
    masthead, *parts = document["payloads"]
    facts = [
        masthead[name]
        for name in ("title", "school", "period", "cohort", "audience", "confidentiality")
        if masthead[name]
    ]
    joined = {
        " · ".join(masthead[name] for name in ("school", "period", "cohort", "audience") if masthead[name]),
        " – ".join(masthead[name] for name in ("title", "school", "period") if masthead[name]),
    }
    return {*facts, *joined, *(text for payload in parts for text in texts_of(payload))}


def texts_of(payload: Mapping) -> set[str]:
    """Return the texts that a payload shows: of a table its shown cells as text, its headings, title and note.

    Examples
    --------
    >>> texts_of({"type": "heading", "spans": [{"text": "Year "}, {"text": "7"}]})
    {'Year 7'}
    >>> sorted(texts_of({"type": "sentences", "title": "Next steps", "items": ["Ring home.", "Meet the family."]}))
    ['Meet the family.', 'Next steps', 'Ring home.']
    """
    from attendance_lib.display.shown import shown_table

    if payload["type"] == "heading":
        return {"".join(span["text"] for span in payload["spans"])}
    if payload["type"] == "sentences":
        return {payload["title"], *payload["items"]}
    table = shown_table(payload)
    heads = (group.title for group in table.groups)
    cells = {cell.text.strip() for row in table.rows for cell in row}
    return {
        table.title,
        " ".join(table.remarks),
        *(column.heading for column in table.columns),
        *heads,
        *cells,
    }
