"""Files that are called a table and are none: web pages and other documents, each refused with the remedy that works."""

import re
from pathlib import PurePath

from attendance_lib.errors import InputError

HEAD_CHARACTERS = 4_096
WEB_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b",
    re.DOTALL,
)
IN_EXCEL = "Open it in Excel and save it as .xlsx, or export CSV."
# What the beginning of a text shows, what it is, and what to do.
SIGNS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r".*urn:schemas-microsoft-com:office:spread", re.DOTALL), "an XML spreadsheet of 2003", "Save it as .xlsx or CSV."),
    (WEB_PAGE, "a web page (HTML)", IN_EXCEL),
    (re.compile(r"\s*mime-version:"), "a web page in one file (MHTML)", IN_EXCEL),
    (re.compile(r"\s*\{\\rtf"), "a text document (RTF)", "Export CSV or xlsx."),
    (re.compile(r"\s*%pdf-"), "a PDF, from which no table can be read", "Export CSV or xlsx."),
)  # fmt: skip


def refuse_foreign(text: str, label: str) -> None:
    """Refuse a text that is no export, whatever it is called.

    Parameters
    ----------
    text : str
        The file as text.
    label : str
        How messages name it.

    Raises
    ------
    InputError
        With what the file is, and what to save instead.
    """
    head = text[:HEAD_CHARACTERS].lower().lstrip("\ufeff")
    found = next(((what, remedy) for sign, what, remedy in SIGNS if sign.match(head)), None)
    if found:
        suffix = PurePath(label).suffix
        named = f" named {suffix}" if suffix else ""
        raise InputError(f"{label}: this is {found[0]}{named}. {found[1]}")
