"""The figures a school is compared with that come from outside the project: DfE's newer files, and those it entered."""

import re
from datetime import date
from pathlib import Path

from attendance_lib.errors import InputError
from attendance_lib.intake.benchmark_settings import DfeFile
from attendance_lib.intake.dfe_attendance import Release, read_release
from attendance_lib.intake.export import Export
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.settings import Settings
from attendance_lib.intake.sources import DFE_KEYS, dfe_files
from attendance_lib.rules.benchmarks import Benchmark

DATE_IN_NAME = re.compile(r"(?<![0-9])(20[0-9]{2})[-_]?([01][0-9])[-_]?([0-3][0-9])(?![0-9])")


def read_benchmarks(settings: Settings, ledger: Ledger) -> tuple[Benchmark, ...]:
    """Read the files of DfE's that lie where the school file says, and the figures that the school entered.

    Parameters
    ----------
    settings : Settings
        The school file.
    ledger : Ledger
        Where refusals are written.

    Returns
    -------
    tuple of Benchmark
        Those of the files by the name of the file, then the school's own in the order of the school file.
    """
    figures: list[Benchmark] = []
    for key in DFE_KEYS:
        for path in dfe_files(settings, key):
            try:
                figures += read_release(release_of(path, settings, key), settings.benchmarks.la_code)
            except InputError as error:
                ledger.refusals.extend(error.problems)
    return (*figures, *settings.benchmarks.entered())


def release_of(path: Path, settings: Settings, key: str) -> Release:
    """Return one of DfE's files with the day it was published: as its name says, or the school file.

    Raises
    ------
    InputError
        If neither says it, or the school file gives one date for several files.
    """
    place: DfeFile = getattr(settings.benchmarks, key)
    is_alone = len(dfe_files(settings, key)) == 1
    published = date_in(path.name) or (place.published if is_alone else None)
    if published is None:
        where = (
            f"or write benchmarks.{key}.published in the school file"
            if is_alone
            else "so that each file has its own"
        )
        raise InputError(
            f"{path.name}: nothing says on which day DfE published it. Put the day in its name, as in "
            f"{path.stem}_2026-11-05{path.suffix}, {where}."
        )
    known = (place.first_date, place.last_date) if is_alone else (None, None)
    return Release(Export(path), published, *known)


def date_in(name: str) -> date | None:
    """Return the day that a file's name holds, None where it holds none.

    Examples
    --------
    >>> date_in("EES_ytd_data_2026-11-05.csv"), date_in("ytd 20261105.csv"), date_in("EES_ytd_data.csv")
    (datetime.date(2026, 11, 5), datetime.date(2026, 11, 5), None)
    >>> date_in("week_2026_13_41.csv") is None
    True
    """
    found = DATE_IN_NAME.search(name)
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None
