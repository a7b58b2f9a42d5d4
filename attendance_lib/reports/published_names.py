"""How a receipt names the files that a paper was made from, and how they are found again by these names.

Paths are relative to the project, so that they mean the same on every machine. Those of files outside it would lead there
through folders that tell of the machine and its user ("../../home/ann/..."). A paper that leaves the school does not tell
them: such a file is named after itself alone, and found again through the school file and beside the pack.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

from attendance_lib.errors import RequestError, SettingsError
from attendance_lib.reports.project import Project
from attendance_lib.reports.published import RECORD, SEPARATOR, TABLES, history_of, named_packs
from attendance_lib.reports.receipt import Receipt

ELSEWHERE = "elsewhere"


def named_files(files: Iterable[Path], project: Project, *, is_published: bool) -> dict[str, Path]:
    """Return different files by the names that a receipt gives them, in order.

    Of files outside the project that are called alike, the second and further ones have their number before their name.

    Examples
    --------
    >>> files, project = [Path("/srv/office/params/school.yml"), Path("/home/ann/school.yml")], Project(Path("/srv/office"))
    >>> [list(named_files(files, project, is_published=published)) for published in (False, True)]
    [['params/school.yml', '../../home/ann/school.yml'], ['params/school.yml', 'elsewhere/school.yml']]
    """
    found: dict[str, Path] = {}
    for path in dict.fromkeys(path.resolve() for path in files):
        name = project.relative(path)
        found[free_name(path, found) if is_published and leads_out(name) else name] = path
    return found


def free_name(path: Path, taken: Iterable[str]) -> str:
    """Return the name of a file outside the project, without its folders; of a record of a report, with its pack's name.

    Examples
    --------
    >>> free_name(Path("/home/office/larkmoor.yml"), ["elsewhere/larkmoor.yml"])
    'elsewhere/2/larkmoor.yml'
    """
    tail = "/".join(path.parts[-3:] if path.parts[-2:] == (TABLES, RECORD) else path.parts[-1:])
    names = (f"{ELSEWHERE}/{tail}" if number == 1 else f"{ELSEWHERE}/{number}/{tail}" for number in count(1))
    return next(name for name in names if name not in taken)


def leads_out(name: str) -> bool:
    """Whether a path relative to the project leads out of it.

    Examples
    --------
    >>> leads_out("params/demo.yml"), leads_out("../school.yml"), leads_out("/srv/school.yml")
    (False, True, True)
    """
    return ".." in PurePosixPath(name).parts or Path(name).is_absolute()


def is_record(name: str) -> bool:
    """Whether a name is of a record of what was published, and not of a folder with one.

    Examples
    --------
    >>> is_record("elsewhere/0001_44136fa355b3678a.json"), is_record("elsewhere/2026-06-01_2026-07-17")
    (True, False)
    """
    return PurePosixPath(name).suffix == ".json"


def told_parameters(
    parameters: dict[str, object], files: dict[str, Path], project: Project
) -> dict[str, object]:
    """Return the parameters that a published paper's notebook was given, as it and its receipt tell them.

    Parameters
    ----------
    parameters : dict of str to object
        Those that the notebook was given.
    files : dict of str to pathlib.Path
        The inputs by the names of `named_files`.
    project : Project
        The project.

    Examples
    --------
    >>> files = {"params/larkmoor.yml": Path("/srv/office/params/larkmoor.yml"), "elsewhere/c.yml": Path("/home/ann/c.yml")}
    >>> given = {"school_file": "params/larkmoor.yml", "cohorts_file": "../../home/ann/c.yml", "previous_pack": "/home/ann/pack"}
    >>> list(told_parameters(given, files, Project(Path("/srv/office"))).values())
    ['params/larkmoor.yml', 'elsewhere/c.yml', 'elsewhere/pack']
    """
    names = {path: name for name, path in files.items()}
    told = {
        name: names[project.absolute(str(parameters[name])).resolve()]
        for name in ("school_file", "cohorts_file")
    }
    packs = named_packs(str(parameters["previous_pack"]))
    folders = (f"{ELSEWHERE}/{PurePosixPath(pack).name}" if leads_out(pack) else pack for pack in packs)
    return parameters | told | {"previous_pack": SEPARATOR.join(folders)}


@dataclass(frozen=True)
class Found:
    """Where the files are that a receipt names. ``school_file`` is the one given, for a receipt that does not tell its folder."""

    pack: Path
    receipt: Receipt
    project: Project
    school_file: Path | None = None

    @property
    def school(self) -> Path | None:
        """The school file; None if it lies outside the project and nobody has said where.

        Examples
        --------
        >>> given = {"school_file": "elsewhere/larkmoor.yml"}
        >>> receipt = Receipt("governors", {}, "2026-06-01", "2026-07-17", "all", given, {}, {}, [], {}, [])
        >>> project = Project(Path("/srv/office"))
        >>> found = [Found(Path("pack"), receipt, project, named) for named in (None, Path("/srv/larkmoor.yml"))]
        >>> [each.school and each.school.as_posix() for each in found]
        [None, '/srv/larkmoor.yml']
        """
        name = self.receipt.text_parameter("school_file")
        return self.school_file or (None if self._is_untold(name) else self.project.absolute(name))

    def needed_school(self) -> Path:
        """Return the school file.

        Raises
        ------
        RequestError
            If it lies outside the project and nobody has said where.

        Examples
        --------
        >>> given = {"school_file": "elsewhere/larkmoor.yml"}
        >>> receipt = Receipt("governors", {}, "2026-06-01", "2026-07-17", "all", given, {}, {}, [], {}, [])
        >>> Found(Path("pack"), receipt, Project(Path("/srv/office"))).needed_school()  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        attendance_lib.errors.RequestError: pack: its receipt does not tell the folder of its school file, which lies outside ...
        """
        if self.school is None:
            raise RequestError(
                f"{self.pack}: its receipt does not tell the folder of its school file, which lies outside the project, "
                "since the paper may be published. Name the file with --school."
            )
        return self.school

    @property
    def cohorts(self) -> Path:
        """The file of cohorts: of a paper that does not tell its folder, the one beside the school file.

        Examples
        --------
        >>> given = {"school_file": "elsewhere/larkmoor.yml", "cohorts_file": "elsewhere/cohorts.yml"}
        >>> receipt = Receipt("governors", {}, "2026-06-01", "2026-07-17", "all", given, {}, {}, [], {}, [])
        >>> Found(Path("pack"), receipt, Project(Path("/srv/office")), Path("/home/ann/larkmoor.yml")).cohorts.as_posix()
        '/home/ann/cohorts.yml'
        """
        name = self.receipt.text_parameter("cohorts_file")
        if not self._is_untold(name):
            return self.project.absolute(name)
        return self.needed_school().with_name(PurePosixPath(name).name)

    @property
    def previous_packs(self) -> list[Path]:
        """The records of what was published before this paper, or folders with one, as far as they can be looked for.

        Of those that are not told, records lie beside the school file, and folders beside the pack.
        """
        names = named_packs(self.receipt.text_parameter("previous_pack")) if self._is_published else []
        return [path for name in names if (path := self._earlier(name))]

    def _earlier(self, name: str) -> Path | None:
        if not self._is_untold(name):
            return self.project.absolute(name)
        file = PurePosixPath(name).name
        if not is_record(name):
            return self.pack.resolve().parent / file
        urn = self.receipt.school.get("urn", "")
        return self.school and history_of(self.school, urn, self.receipt.paper.history).folder / file

    def inputs(self) -> dict[str, Path | None]:
        """Return the inputs by name, in the receipt's order; None for one that cannot be looked for."""
        told = self._told_elsewhere() if any(map(self._is_untold, self.receipt.inputs)) else {}
        return {
            name: told.get(name) if self._is_untold(name) else self.project.absolute(name)
            for name in self.receipt.inputs
        }

    @property
    def _is_published(self) -> bool:
        return self.receipt.paper.is_published

    def _is_untold(self, name: str) -> bool:
        return self._is_published and PurePosixPath(name).parts[:1] == (ELSEWHERE,)

    def _told_elsewhere(self) -> dict[str, Path]:
        """Name the files again in the order in which they were named, as far as they can be found."""
        from attendance_lib.intake.settings.loading import load_settings
        from attendance_lib.intake.settings.sources import export_files

        records = [pack if is_record(pack.name) else pack / TABLES / RECORD for pack in self.previous_packs]
        try:
            school = self.needed_school()
            settings = load_settings(school)
            own = settings.own_folder and settings.own_folder / f"{self.receipt.report}.ipynb"
            files = [school, self.cohorts, *export_files(settings), *records, *([own] if own else [])]
        except (RequestError, SettingsError):
            files = records
        return named_files(files, self.project, is_published=True)
