"""A sheet of cells as it was found, and what may be asked of the file that it is from, whichever reader opened it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np

SAMPLE_ROWS = 40


@dataclass(frozen=True, eq=False)
class Sheet:
    """Cells of one sheet, delimited file or list of records, with no heading recognised yet; row 0 is row 1 of the file.

    ``day_zero`` is the day from which a workbook counts its dates, None outside workbooks.
    """

    label: str
    name: str
    cells: np.ndarray
    day_zero: date | None = None

    @property
    def sample(self) -> np.ndarray:
        """The first rows (at most 40) of all columns, from which a layout is recognised.

        Examples
        --------
        >>> Sheet("marks.csv", "", np.full((1000, 4), "/")).sample.shape
        (40, 4)
        """
        return self.cells[:SAMPLE_ROWS]


class OpenedFile(Protocol):
    """What a layout may know of an export: its sheets, and what the school file says of it.

    ``columns`` gives the file's heading for a column of ours, ``codes`` the register code for one of the system's own.
    """

    path: Path
    label: str
    columns: Mapping[str, str]
    codes: Mapping[str, str]
    date_order: str
    is_spreadsheet: bool
    sheets: tuple[Sheet, ...]
