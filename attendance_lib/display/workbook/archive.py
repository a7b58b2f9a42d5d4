"""The bytes of a workbook: the same for the same content, whenever and wherever it is written."""

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.xml.functions import tostring

CORE_PROPERTIES = "docProps/core.xml"
FIRST_PART = "[Content_Types].xml"
PLAIN_FILE = 0o600 << 16
UNIX = 3  # zip's number of the system that made the file: the same on every machine


def save_dated(book: Workbook, path: Path, moment: datetime) -> None:
    """Save a workbook with one date for everything.

    openpyxl writes the time of saving into the properties and into every part of the zip; both are
    replaced here, and the parts are put in a fixed order.

    Parameters
    ----------
    book : openpyxl.Workbook
        The finished workbook.
    path : pathlib.Path
        Where to write; its folder exists.
    moment : datetime.datetime
        The date of the document (not before 1980, where the zip format begins).
    """
    held = BytesIO()
    book.save(held)
    book.properties.created = book.properties.modified = moment.replace(tzinfo=None)
    with zipfile.ZipFile(held) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    parts[CORE_PROPERTIES] = tostring(book.properties.to_tree())
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(parts, key=lambda part: (part != FIRST_PART, part)):
            archive.writestr(_dated_part(name, moment), parts[name], zipfile.ZIP_DEFLATED)


def _dated_part(name: str, moment: datetime) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, moment.timetuple()[:6])
    part.create_system = UNIX
    part.external_attr = PLAIN_FILE
    return part
