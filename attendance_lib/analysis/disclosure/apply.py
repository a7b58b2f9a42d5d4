"""Put ``c`` in place of what is left out."""

import pandas as pd

from attendance_lib.analysis.disclosure.model import Key, PublicTable, Rate
from attendance_lib.rules.disclosure import SMALLEST_RATE_BASE, SUPPRESSED


def suppress(table: PublicTable, suppressed: set[Key]) -> PublicTable:
    """Return a table with ``c`` in place of its suppressed counts and of the rates made from them.

    Parameters
    ----------
    table : PublicTable
        As it would be without suppression.
    suppressed : set of Key
        Coordinates of the counts to leave out.

    Returns
    -------
    PublicTable
        The columns that are shown, in their order. A column that holds a ``c`` has dtype ``object``; all
        others keep theirs. A rate is also ``c`` where fewer than ten enrolments are behind it.
    """
    left_out = {
        count.column: _where(
            pd.notna(value) and table.key(row, count) in suppressed
            for row, value in enumerate(table.frame[count.column])
        )
        for count in table.counts
    }
    rates = {rate.column: _rate_left_out(table, rate, left_out) for rate in table.rates}
    shown = table.as_shown()
    marked = {
        column: _marked(table.frame[column], where)
        for column, where in {**left_out, **rates}.items()
        if column in shown.frame
    }
    return shown.with_frame(shown.frame.assign(**marked))


def _where(flags: object) -> pd.Series:
    return pd.Series(list(flags), dtype=bool)


def _rate_left_out(table: PublicTable, rate: Rate, left_out: dict[str, pd.Series]) -> pd.Series:
    base = pd.to_numeric(table.frame[rate.out_of], errors="coerce").reset_index(drop=True)
    few = (base > 0) & (base < SMALLEST_RATE_BASE)
    return few | pd.concat([left_out[column] for column in (*rate.counts, rate.out_of)], axis=1).any(axis=1)


def _marked(values: pd.Series, where: pd.Series) -> pd.Series:
    mask = where.to_numpy() & values.notna().any()
    return values.astype(object).mask(mask, SUPPRESSED) if mask.any() else values
