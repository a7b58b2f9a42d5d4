"""The logs that staff keep (lessons, interventions, actions, contacts, notices), read where the school has them."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from attendance_lib.errors import counted
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.schema import INTERVENTIONS, TABLES
from attendance_lib.intake.settings import Settings
from attendance_lib.intake.sources import Source, find_sources
from attendance_lib.intake.tables import TableRead, read_table

LOGS = ("lessons", "interventions", "actions", "contacts", "notices")


def read_logs(settings: Settings, pupil_ids: pd.Series, ledger: Ledger) -> dict[str, pd.DataFrame | None]:
    """Read the optional tables.

    Parameters
    ----------
    settings : Settings
        The school file.
    pupil_ids : pandas.Series
        The identifiers of the roll.
    ledger : Ledger
        Where findings and refusals are written.

    Returns
    -------
    dict of str to pandas.DataFrame or None
        Each log by name, in the order of its file; None where the school file names none.
    """
    return {name: read_log(name, find_sources(settings, name), pupil_ids, ledger) for name in LOGS}


def read_log(
    name: str, sources: Iterable[Source], pupil_ids: pd.Series, ledger: Ledger
) -> pd.DataFrame | None:
    """Read one of the optional tables from its files (see ``read_logs``)."""
    table = TABLES[name]
    read = read_table(table, sources, ledger)
    if read is None:
        return None
    _report_unknown_pupils(name, read, pupil_ids, ledger)
    if len(table.key) == 1:
        _refuse_repeated_keys(read, table.key[0], ledger)
    return read.rows


def _report_unknown_pupils(name: str, read: TableRead, pupil_ids: pd.Series, ledger: Ledger) -> None:
    ids = read.rows["pupil_id"]
    unknown = (ids.notna() & ~ids.isin(pupil_ids)).to_numpy()
    if unknown.any():
        rows = counted(int(unknown.sum()), f"row of {name} names", f"rows of {name} name")
        message = f"{rows} a pupil_id that is not in the pupils file. Export leavers too, or correct it."
        ledger.find(read.finding("unknown_pupil", unknown, message))
    if name == INTERVENTIONS.name:
        bare = (ids.isna() & read.rows["tier"].isin(["2", "3"])).to_numpy()
        if bare.any():
            tiers = "of Tier 2 or 3"
            what = counted(int(bare.sum()), f"intervention {tiers} names", f"interventions {tiers} name")
            message = f"{what} no pupil. Give the pupil_id."
            ledger.find(read.finding("intervention_without_pupil", bare, message))


def _refuse_repeated_keys(read: TableRead, key: str, ledger: Ledger) -> None:
    repeated = read.rows[key].duplicated().to_numpy() & read.rows[key].notna().to_numpy(dtype=bool)
    if np.any(repeated):
        rows = counted(int(repeated.sum()), "row")
        message = f"the {key} stands in an earlier row too ({rows}). Give each row its own."
        ledger.refuse(read.finding("repeated_key", repeated, message))
