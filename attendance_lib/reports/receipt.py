"""The receipt of a pack: what it was made from, by which rules and versions, and the hash of each of its files."""

import json
import os
import platform
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, ConfigDict, StringConstraints, TypeAdapter

from attendance_lib.errors import RequestError
from attendance_lib.intake.kept_json import read_json
from attendance_lib.reports.papers import Paper, paper_of
from attendance_lib.rules.signs import escaped_in_json

if TYPE_CHECKING:
    from attendance_lib.intake.settings.school_file import Settings


RECEIPT = "receipt.json"
# Of the casebook's part: the numbers of documents that are each for one reader, by their workbooks.
DOCUMENTS = "documents"
FORMAT = 1
COMMIT = re.compile(r"[0-9a-f]{6,64}")

REMEDY = "Put it back from a backup; or move the pack away and make it again."

# The packages that can change a figure, a picture or a byte of a pack.
PACKAGES = (
    "numpy", "pandas", "pyarrow", "pydantic", "seaborn", "matplotlib", "openpyxl", "python-calamine",
    "papermill", "nbclient", "nbconvert", "nbformat", "ipykernel", "jinja2", "typst",
)  # fmt: skip


def iso_day(text: str) -> str:
    """Return a day written YYYY-MM-DD as it is.

    Raises
    ------
    ValueError
        If it is none.

    Examples
    --------
    >>> iso_day("2026-11-20")
    '2026-11-20'
    >>> iso_day("20261120")
    Traceback (most recent call last):
    ValueError: is no day written YYYY-MM-DD
    """
    try:
        is_day = date.fromisoformat(text).isoformat() == text
    except ValueError:
        is_day = False
    if not is_day:
        raise ValueError("is no day written YYYY-MM-DD")
    return text


def path_within(text: str) -> str:
    """Return the path of a file within a pack as it is.

    Raises
    ------
    ValueError
        If it leads out of the pack.

    Examples
    --------
    >>> path_within("tables/actions.csv")
    'tables/actions.csv'
    """
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or "\\" in text or str(path) != text or text == ".":
        raise ValueError("is no file of a pack")
    return text


# A file within a pack or a project as every machine writes it, and what it was when the pack was made.
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, StringConstraints(pattern=r"^[^/\\\x00-\x1f.][^/\\\x00-\x1f]*$")]
IsoDay = Annotated[str, AfterValidator(iso_day)]
Scalar = str | int | float | bool


@dataclass(frozen=True)
class Receipt:
    """What ``receipt.json`` holds. Paths of inputs are relative to the project, of outputs to the pack.

    ``casebook`` is what of the school's casebook the pack was written from, and what was read for it (nothing in packs
    from before there was one). ``missing_percent`` are the marks that were missing of those due in the period, where they were
    above the limit from which it is reported; else 0. ``marks_to`` is the day (ISO) whose marks the schedule waited for, empty
    for a pack that nobody's calendar asked for. ``times`` (when made, seconds of each step) are here and nowhere else in a pack.
    """

    __pydantic_config__ = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

    report: FileName
    school: dict[str, str]
    date_from: IsoDay
    date_to: IsoDay
    cohort: Annotated[str, StringConstraints(min_length=1)]
    parameters: dict[str, Scalar]
    inputs: dict[str, Hash]
    outputs: dict[Annotated[str, AfterValidator(path_within)], Hash]
    rules: list[dict[str, str]]
    versions: dict[str, str | None]
    warnings: list[str]
    casebook: dict[str, str | int | list[str] | list[dict[str, str | int]] | dict[str, str]] = field(
        default_factory=dict
    )
    missing_percent: int = 0
    marks_to: str = ""
    times: dict[str, str | dict[str, float]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def paper(self) -> Paper:
        """What sets its report apart."""
        return paper_of(self.report, self.parameters)

    @property
    def workbook(self) -> str:
        """The pack's own workbook, in which staff write."""
        return f"{self.report}.xlsx"

    @property
    def prints(self) -> dict[str, str]:
        """The workbooks in which staff write, each with its number: the pack's own (first), and those of its documents.

        Examples
        --------
        >>> casebook = {"pack_id": "K7", "documents": {"staff/kim/sheet.xlsx": "K8"}}
        >>> Receipt("caseloads", {}, "2026-11-09", "2026-11-20", "all", {}, {}, {}, [], {}, [], casebook).prints
        {'caseloads.xlsx': 'K7', 'staff/kim/sheet.xlsx': 'K8'}
        """
        return {self.workbook: str(self.casebook.get("pack_id") or "")} | self.casebook.get(DOCUMENTS, {})

    def text_parameter(self, name: str) -> str:
        """Return a parameter that the notebook was given, which is text.

        Raises
        ------
        RequestError
            If the receipt names none.

        Examples
        --------
        >>> made = Receipt("impact", {}, "2026-11-09", "2026-11-20", "all", {}, {}, {}, [], {}, [])
        >>> made.text_parameter("school_file")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        attendance_lib.errors.RequestError: receipt.json of impact: its parameters hold no 'school_file'. Put ...
        """
        value = self.parameters.get(name)
        if not isinstance(value, str):
            raise RequestError(f"{RECEIPT} of {self.report}: its parameters hold no {name!r}. {REMEDY}")
        return value


# Built once: a school's year has dozens of packs, whose receipts are read again each morning.
FORM = TypeAdapter(Receipt)


def write_receipt(receipt: Receipt, pack: Path) -> None:
    """Write the receipt into a pack."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=2)
    (pack / RECEIPT).write_text(escaped_in_json(text) + "\n", encoding="utf-8", newline="\n")


def read_receipt(pack: Path) -> Receipt:
    """Return the receipt of a pack.

    Raises
    ------
    RequestError
        If the pack has none, or one that cannot be read, has another form than ours or contradicts itself.

    Examples
    --------
    >>> read_receipt(Path("params"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: params has no receipt.json, so it is not a pack. Name a pack's folder, ...
    """
    path = pack / RECEIPT
    if not path.is_file():
        raise RequestError(
            f"{pack} has no {RECEIPT}, so it is not a pack. Name a pack's folder, such as one below outputs."
        )
    receipt = read_json(path, FORM, RequestError, REMEDY)
    fault = next(contradictions(receipt), None)
    if fault:
        raise RequestError(f"{path} is damaged, or another version wrote it: {fault}. {REMEDY}")
    return receipt


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


def contradictions(receipt: Receipt) -> Iterator[str]:
    """Yield what in a receipt cannot be true beside the rest of it.

    Examples
    --------
    >>> parameters = {"date_to": "2026-11-27", "tier": 2}
    >>> list(contradictions(Receipt("impact", {}, "2026-11-23", "2026-11-20", "all", parameters, {}, {}, [], {}, [])))
    ["'date_from' is after 'date_to'", "'date_to' is not the notebook's parameter of that name"]
    """
    if receipt.format != FORMAT:
        yield f"'format' is not {FORMAT}"
    if receipt.date_from > receipt.date_to:
        yield "'date_from' is after 'date_to'"
    for name in ("date_from", "date_to", "cohort"):
        if receipt.parameters.get(name, getattr(receipt, name)) != getattr(receipt, name):
            yield f"'{name}' is not the notebook's parameter of that name"


def versions_of(project: Path) -> dict[str, str | None]:
    """Return the versions that made a pack: ours, Python's, the packages' and the project's commit."""
    from attendance_lib import __version__

    own = {"attendance_lib": __version__, "python": platform.python_version(), "commit": commit_of(project)}
    return own | {name: package_version(name) for name in PACKAGES}


def package_version(name: str) -> str | None:
    """Return an installed package's version; None if it is not installed.

    Examples
    --------
    >>> package_version("no-such-package") is None
    True
    """
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def commit_of(project: Path) -> str | None:
    """Return the commit checked out in a project, read without git; None if there is none, or what git keeps is damaged."""
    try:
        found = checked_out(git_folder(project))
    except (OSError, ValueError):
        return None
    return found if found and COMMIT.fullmatch(found) else None


def checked_out(folder: Path) -> str | None:
    """Return what a git folder says is checked out; None if it says nothing."""
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


# The rules that a report applied, each with its date and source, for the receipt


def rules_in_force(settings: "Settings", day: date) -> list[dict[str, str]]:
    """Return the rules in force on a day: name, the date from which it holds, and source.

    National thresholds and the register codes first, then what the school file switches on.
    """
    return [*thresholds(day), codes(day), *notice_rules(settings, day)]


def thresholds(day: date) -> list[dict[str, str]]:
    """Return the absence thresholds in force on a day.

    Examples
    --------
    >>> len(thresholds(date(2026, 11, 20))), thresholds(date(1990, 1, 1))
    (3, [])
    """
    from attendance_lib.rules.thresholds import AT_RISK, PERSISTENT_ABSENCE, SEVERE_ABSENCE

    return [
        rule(
            f"{each.name}: {each.missed} in {each.out_of} possible sessions or more",
            each.from_date,
            each.source,
        )
        for each in (AT_RISK, PERSISTENT_ABSENCE, SEVERE_ABSENCE)
        if each.from_date <= day
    ]


def codes(day: date) -> dict[str, str]:
    """Return the set of register codes in force on a day, as one rule, from the day on which a code last began or was withdrawn.

    Raises
    ------
    RequestError
        If the day is before the first codes that are known here.

    Examples
    --------
    >>> [" C1," in codes(day)["name"] for day in (date(2024, 8, 18), date(2024, 8, 19))]
    [False, True]
    >>> [codes(day)["from_date"] for day in (date(2013, 8, 31), date(2013, 9, 1), date(2026, 11, 20))]  # F was withdrawn
    ['2006-09-01', '2013-09-01', '2024-08-19']
    >>> codes(date(2006, 8, 31))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    attendance_lib.errors.RequestError: The register codes of 2006-08-31 are not known here: they begin on 2006-09-01. Choose ...
    """
    from attendance_lib.rules.codes import CODE_SETS_FROM, CODES, NO_END, RECORDS_BEGIN

    if day < RECORDS_BEGIN:
        raise RequestError(
            f"The register codes of {day} are not known here: they begin on {RECORDS_BEGIN}. Choose a later period."
        )

    held = [code for code in CODES if code.from_date <= day <= code.to_date]
    # Of codes of one day, one withdrawn since names the rules of that time; the others name those in force by now.
    newest = max(held, key=lambda code: (code.from_date, NO_END - code.to_date))
    return rule(
        f"Register codes: {', '.join(sorted({code.letter for code in held}))}",
        max(start for start in CODE_SETS_FROM if start <= day),
        newest.source,
    )


def notice_rules(settings: "Settings", day: date) -> list[dict[str, str]]:
    """Return the notice rules that the school file switches on, in force on a day: the national one, then local ones.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> from attendance_lib.intake.settings.school_file import RuleSettings
    >>> local = {"name": "Six in a term", "sessions": 6, "terms": 1, "from": date(2025, 9, 1), "to": date(2026, 8, 31)}
    >>> settings = SimpleNamespace(rules=RuleSettings.model_validate({"notices": {"local": [local]}}))
    >>> [[each["name"] for each in notice_rules(settings, day)] for day in (date(2026, 8, 31), date(2026, 9, 1))]
    [['Local: Six in a term'], []]
    """
    from attendance_lib.rules.notices import LOCAL, national_framework

    chosen = settings.rules.notices
    framework = chosen.national_framework
    national = [national_framework(framework.from_date, count_n=framework.count_n)] if framework else []
    local = [each for each in chosen.local if each.from_date <= day <= (each.to_date or day)]
    return [
        *(
            rule(f"{each.name}: {each.in_words}", each.from_date, each.source)
            for each in national
            if each.is_in_force(day)
        ),
        *(rule(f"Local: {each.name}", each.from_date, LOCAL) for each in local),
    ]


def rule(name: str, from_date: date, source: str) -> dict[str, str]:
    """Return one rule as the receipt holds it."""
    return {"name": name, "from_date": from_date.isoformat(), "source": source}
