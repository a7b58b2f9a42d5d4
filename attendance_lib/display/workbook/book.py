"""A workbook from payloads: choose the profile, add the sheets, say what the document is, save it."""

import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from openpyxl.xml.functions import tostring

from attendance_lib.display.workbook.publication import add_publication_sheets, check_publishable
from attendance_lib.display.workbook.rows import parts_of
from attendance_lib.display.workbook.tables import WorkbookProperties
from attendance_lib.display.workbook.working import (
    _all_tables,
    add_working_sheets,
)

# The bytes of a workbook: the same for the same content, whenever and wherever it is written

CORE_PROPERTIES = "docProps/core.xml"
FIRST_PART = "[Content_Types].xml"
PLAIN_FILE = 0o600 << 16
BANDS = b"<headerFooter>"
# openpyxl writes the end of a line in a header or footer so, which LibreOffice prints as it stands.
ESCAPED_LINE_END, LINE_END = b"_x000a_", b"&#10;"
UNIX = 3  # zip's number of the system that made the file: the same on every machine


def save_dated(book: Workbook, path: Path, moment: datetime) -> None:
    """Save a workbook with one date for everything.

    openpyxl writes the time of saving into the properties and into every part of the zip; both are
    replaced here, the parts are put in a fixed order, and lines of headers and footers are ended as every program reads it.

    Parameters
    ----------
    book : openpyxl.Workbook
        The finished workbook.
    path : pathlib.Path
        Where to write; its folder exists.
    moment : datetime.datetime
        The date of the document (not before 1980, where the zip format begins).
    """
    parts = parts_of(book)
    book.properties.created = book.properties.modified = moment.replace(tzinfo=None)
    parts[CORE_PROPERTIES] = tostring(book.properties.to_tree())
    parts = {name: as_others_read_it(name, part) for name, part in parts.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(parts, key=lambda part: (part != FIRST_PART, part)):
            archive.writestr(_dated_part(name, moment), parts[name], zipfile.ZIP_DEFLATED)


RELATIONS = re.compile(r"xl/(?P<folder>\w+/)?_rels/.+")
SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
FILLED = re.compile(rb'<dimension ref="([A-Z]+[0-9]+(?::[A-Z]+[0-9]+)?)"')
# What may follow the list of errors to ignore, by the standard's order (ECMA-376, CT_Worksheet), and the end.
AFTER_IGNORED = re.compile(rb"<drawing |<legacyDrawing |<tableParts|<extLst|</worksheet>")


def as_others_read_it(name: str, part: bytes) -> bytes:
    """Return a part of the zip as programs read it that follow no absolute target, and Excel without a green mark.

    Headers and footers have the ends of their lines. Numbers that are text, such as pupils' identifiers, are meant to be; Excel
    would mark each as a mistake.

    Examples
    --------
    >>> as_others_read_it("xl/worksheets/_rels/sheet1.xml.rels", b'<Relationship Target="/xl/tables/table1.xml"/>')
    b'<Relationship Target="../tables/table1.xml"/>'
    """
    if found := RELATIONS.fullmatch(name):
        return part.replace(b'"/xl/', b'"../' if found["folder"] else b'"')
    if not SHEET.fullmatch(name):
        return part
    cells, band, rest = part.rpartition(BANDS)
    part = cells + band + rest.replace(ESCAPED_LINE_END, LINE_END) if band else part
    filled = FILLED.search(part)
    if filled is None:
        return part
    ignored = b'<ignoredErrors><ignoredError sqref="%s" numberStoredAsText="1"/></ignoredErrors>' % filled[1]
    place = AFTER_IGNORED.search(part).start()
    return part[:place] + ignored + part[place:]


def _dated_part(name: str, moment: datetime) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, moment.timetuple()[:6])
    part.create_system = UNIX
    part.external_attr = PLAIN_FILE
    return part


Profile = Literal["working", "publication"]
LANGUAGE = "en-GB"
ADD_SHEETS = {"working": add_working_sheets, "publication": add_publication_sheets}


def write_workbook(
    payloads: Iterable[dict], path: Path, properties: WorkbookProperties, profile: Profile = "working"
) -> None:
    """Write the tables, key figures and sentences of a paper as an Excel workbook.

    Key figures become the sheet ``summary``, sentences and the meanings of columns the sheet ``notes``,
    and each table (or chart's table) a sheet of its own name. Dates are dates, rates are fractions shown
    as per cent, points are percentage points, and text stays text whatever it begins with.

    Parameters
    ----------
    payloads : iterable of dict
        Payloads of ``display/model.py``, in the order of the paper.
    path : pathlib.Path
        Where to write; its folder exists.
    properties : WorkbookProperties
        Title, school, period, confidentiality and the one date of the document.
    profile : {"working", "publication"}
        ``working`` has filters, frozen panes, drop-downs and what tells the casebook which pack and which row it reads
        (see ``rules/pack_marks.py``); ``publication`` follows the Analysis
        Function's checklist for accessible spreadsheets.

    Raises
    ------
    DisclosureError
        If a personal column or sentence would be published; nothing is written.

    Notes
    -----
    The same payloads and properties give the same bytes.
    """
    payloads = list(payloads)
    if profile == "publication":
        check_publishable(payloads, path)
    book = Workbook()
    book.remove(book.active)
    ADD_SHEETS[profile](book, _all_tables(payloads), properties)
    _describe(book, properties)
    save_dated(book, path, properties.moment)


def _describe(book: Workbook, properties: WorkbookProperties) -> None:
    book.active = 0
    for number, worksheet in enumerate(book.worksheets):
        worksheet.sheet_view.tabSelected = number == 0
    about = book.properties
    about.title, about.subject, about.language = properties.title, properties.subject, LANGUAGE
    about.creator = about.lastModifiedBy = properties.school
    about.description = properties.confidentiality
