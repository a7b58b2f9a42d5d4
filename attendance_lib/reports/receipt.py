"""The receipt of a pack: what it was made from, by which rules and versions, and the hash of each of its files."""

import json
import os
import platform
import re
from dataclasses import asdict, dataclass, field, fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from attendance_lib.errors import RequestError

RECEIPT = "receipt.json"
FORMAT = 1
# What receipts of earlier versions lack.
SINCE = {"casebook"}

# The packages that can change a figure, a picture or a byte of a pack.
PACKAGES = (
    "numpy", "pandas", "pyarrow", "pydantic", "seaborn", "matplotlib", "openpyxl", "python-calamine",
    "papermill", "nbclient", "nbconvert", "nbformat", "ipykernel", "jinja2", "typst",
)  # fmt: skip


@dataclass(frozen=True)
class Receipt:
    """What ``receipt.json`` holds. Paths of inputs are relative to the project, of outputs to the pack.

    ``casebook`` is what of the school's casebook the pack was written from, and what was read for it (nothing in packs
    from before there was one). ``times`` (when made, seconds of each step) are here and nowhere else in a pack.
    """

    report: str
    school: dict[str, str]
    date_from: str
    date_to: str
    cohort: str
    parameters: dict[str, object]
    inputs: dict[str, str]
    outputs: dict[str, str]
    rules: list[dict[str, str]]
    versions: dict[str, str | None]
    warnings: list[str]
    casebook: dict[str, object] = field(default_factory=dict)
    times: dict[str, object] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def workbook(self) -> str:
        """The pack's workbook, the one file that staff write in."""
        return f"{self.report}.xlsx"


def write_receipt(receipt: Receipt, pack: Path) -> None:
    """Write the receipt into a pack."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=2)
    (pack / RECEIPT).write_text(text + "\n", encoding="utf-8", newline="\n")


def read_receipt(pack: Path) -> Receipt:
    """Return the receipt of a pack.

    Raises
    ------
    RequestError
        If the pack has none, or one that cannot be read.
    """
    path = pack / RECEIPT
    if not path.is_file():
        raise RequestError(
            f"{pack} has no {RECEIPT}, so it is not a pack. Name a pack's folder, such as one below outputs."
        )
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise RequestError(
            f"{path} is not JSON. Move the pack away, or make it again with --replace."
        ) from None
    return receipt_of(path, held)


def packs_in(folder: Path) -> list[Path]:
    """Return the packs in a folder, in order of name.

    Raises
    ------
    RequestError
        If this account may not look into one: to pass it over could lose or betray what it holds.
    """
    packs = sorted(path for path in folder.glob("[!.]*") if path.is_dir())
    for path in packs:
        if not os.access(path, os.R_OK | os.X_OK):
            raise RequestError(f"{path} cannot be read. Let this account read it, or move it away.")
    return [path for path in packs if (path / RECEIPT).is_file()]


def receipt_of(path: Path, held: object) -> Receipt:
    """Return a receipt from its JSON, refusing one with other keys than ours.

    Raises
    ------
    RequestError
        If its keys or its format are not this version's.
    """
    names = {each.name for each in fields(Receipt)}
    keys = set(held) | SINCE if isinstance(held, dict) else set()
    if keys != names or held["format"] != FORMAT:
        differing = ", ".join(sorted(keys ^ names)) or "format"
        raise RequestError(
            f"{path} is not a receipt of this version (differing: {differing}). Make the pack again with --replace."
        )
    tables = [
        each.name for each in fields(Receipt) if each.type == "dict" or str(each.type).startswith("dict")
    ]
    if wrong := [name for name in tables if name in held and not isinstance(held[name], dict)]:
        raise RequestError(
            f"{path} is not as it was written (of another kind: {', '.join(wrong)}). Make the pack again with --replace."
        )
    return Receipt(**held)


def versions_of(project: Path) -> dict[str, str | None]:
    """Return the versions that made a pack: ours, Python's, the packages' and the project's commit."""
    from attendance_lib import __version__

    own = {"attendance_lib": __version__, "python": platform.python_version(), "commit": commit_of(project)}
    return own | {name: package_version(name) for name in PACKAGES}


def package_version(name: str) -> str | None:
    """Return an installed package's version; None if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def commit_of(project: Path) -> str | None:
    """Return the commit checked out in a project, read without git; None if there is none."""
    folder = git_folder(project)
    head = folder / "HEAD"
    if not head.is_file():
        return None
    text = head.read_text(encoding="utf-8").strip()
    return branch_commit(folder, text.removeprefix("ref: ")) if text.startswith("ref: ") else text


def git_folder(project: Path) -> Path:
    """Return the git folder of a project; a linked work tree has a file that says where it is."""
    path = project / ".git"
    if not path.is_file():
        return path
    return (project / path.read_text(encoding="utf-8").removeprefix("gitdir:").strip()).resolve()


def branch_commit(folder: Path, branch: str) -> str | None:
    """Return the commit of a branch, from its own file or from the packed ones; None before the first commit."""
    common = folder / "commondir"
    shared = (folder / common.read_text(encoding="utf-8").strip()).resolve() if common.is_file() else folder
    loose, packed = shared / branch, shared / "packed-refs"
    if loose.is_file():
        return loose.read_text(encoding="utf-8").strip()
    text = packed.read_text(encoding="utf-8") if packed.is_file() else ""
    line = re.search(rf"^([0-9a-f]+) {re.escape(branch)}$", text, re.MULTILINE)
    return line[1] if line else None
