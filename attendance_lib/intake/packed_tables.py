"""Tables as raw arrays and a description of them, each column of the very type it was, and back. Nothing in them is run."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

# Booleans, whole numbers, fractions and dates: what an array may hold whose bytes come from a file.
ARRAY_KINDS = "biufM"
MASKED = (
    "boolean",
    "Int8",
    "Int16",
    "Int32",
    "Int64",
    "UInt8",
    "UInt16",
    "UInt32",
    "UInt64",
    "Float32",
    "Float64",
)


class UnpackableError(ValueError):
    """A table that cannot be packed so that the very same one comes back."""


class Form(StrEnum):
    """How a column is packed: as it is; values and which are missing; or numbers of its distinct texts, -1 if missing."""

    PLAIN = "plain"
    MASKED = "masked"
    TEXT = "text"
    OBJECT = "object"
    CATEGORY = "category"


@dataclass(frozen=True)
class PackedColumn:
    """The description of a column: its masked type's name, or its distinct texts."""

    name: str
    form: Form
    masked: str = ""
    texts: tuple[str, ...] = ()
    is_ordered: bool = False


@dataclass(frozen=True)
class PackedTable:
    """The description of a table; its arrays follow one another in the order of the columns."""

    rows: int
    columns: tuple[PackedColumn, ...]


def pack_table(table: pd.DataFrame, arrays: list[np.ndarray]) -> PackedTable:
    """Return the description of a table, its arrays added to a list.

    Parameters
    ----------
    table : pandas.DataFrame
        Numbered rows, columns named by text.
    arrays : list of numpy.ndarray
        Gets one array or two for each column.

    Raises
    ------
    UnpackableError
        If a column is of a type that this knows nothing of, or the rows or columns have other names.

    Examples
    --------
    >>> arrays = []
    >>> packed = pack_table(pd.DataFrame({"form": ["7A", "7B", "7A"]}), arrays)
    >>> packed.columns[0].texts, arrays[0].tolist()
    (('7A', '7B'), [0, 1, 0])
    """
    is_numbered = isinstance(table.index, pd.RangeIndex) and table.index.equals(pd.RangeIndex(len(table)))
    if not is_numbered or table.columns.dtype != "str" or not table.columns.is_unique:
        names = f"{table.index.dtype} and {table.columns.dtype}"
        raise UnpackableError(f"its rows or columns have names of another kind ({names})")
    return PackedTable(len(table), tuple(_packed(name, table[name], arrays) for name in table.columns))


def unpack_table(packed: PackedTable, arrays: Iterator[np.ndarray]) -> pd.DataFrame:
    """Return the table of a description, each column of the type it was, taking its arrays from those that follow.

    Raises
    ------
    ValueError, TypeError, LookupError
        If the arrays are not those of the description.

    Examples
    --------
    >>> packed = PackedTable(3, (PackedColumn("form", Form.TEXT, texts=("7A", "7B")),))
    >>> unpack_table(packed, iter([np.array([0, 1, -1])]))["form"].tolist()
    ['7A', '7B', nan]
    """
    columns = {column.name: _unpacked(column, arrays) for column in packed.columns}
    if any(len(values) != packed.rows for values in columns.values()):
        raise UnpackableError(f"its columns are not of one length, that of its {packed.rows} rows")
    return pd.DataFrame(columns, index=pd.RangeIndex(packed.rows), copy=False)


def readable_array(content: memoryview, dtype: str) -> np.ndarray:
    """Return bytes as an array, shape (values,), of no type that could hold anything but values.

    Raises
    ------
    ValueError, TypeError
        If it is another type, or the bytes do not come out even.

    Examples
    --------
    >>> readable_array(memoryview(bytes([1, 0, 2, 0])), "<i2")
    array([1, 2], dtype=int16)
    """
    kind = np.dtype(dtype)
    if kind.kind not in ARRAY_KINDS:
        raise UnpackableError(f"no array of {dtype} is kept")
    return np.frombuffer(content, dtype=kind)


def _packed(name: str, column: pd.Series, arrays: list[np.ndarray]) -> PackedColumn:
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in ARRAY_KINDS:
        arrays.append(column.to_numpy())
        return PackedColumn(name, Form.PLAIN)
    if column.dtype.name in MASKED:
        arrays += [column.array.to_numpy(column.dtype.numpy_dtype, na_value=0), column.isna().to_numpy()]
        return PackedColumn(name, Form.MASKED, masked=column.dtype.name)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _packed_category(name, column, arrays)
    if column.dtype not in ("str", object):
        raise UnpackableError(f"{name} is of a type that cannot be packed")
    codes, texts = pd.factorize(column)
    if not all(isinstance(value, str) for value in texts) or not _is_missing_as_nan(column, codes):
        raise UnpackableError(f"{name} holds more than text")
    arrays.append(codes.astype(_smallest(len(texts))))
    return PackedColumn(name, Form.TEXT if column.dtype == "str" else Form.OBJECT, texts=tuple(texts))


def _packed_category(name: str, column: pd.Series, arrays: list[np.ndarray]) -> PackedColumn:
    """Pack a column of categories, which must be text: those that no row has are kept too."""
    if column.cat.categories.dtype != "str":
        raise UnpackableError(f"{name} has categories that are not text")
    arrays.append(column.cat.codes.to_numpy())
    return PackedColumn(
        name, Form.CATEGORY, texts=tuple(column.cat.categories), is_ordered=bool(column.cat.ordered)
    )


def _unpacked(
    column: PackedColumn, arrays: Iterator[np.ndarray]
) -> np.ndarray | pd.api.extensions.ExtensionArray | pd.Series:
    values = next(arrays)
    if column.form is Form.PLAIN:
        return values
    if column.form is Form.MASKED:
        return _masked_type(column.masked).construct_array_type()(values, next(arrays))
    if column.form is Form.CATEGORY:
        categories = pd.Index(column.texts, dtype="str")
        return pd.Categorical.from_codes(values, categories=categories, ordered=column.is_ordered)
    if len(values) and values.min() < -1:
        raise UnpackableError(f"{column.name} counts on from the wrong end")
    # The number -1 means the last, and so the missing one.
    texts = np.array([*column.texts, np.nan], dtype=object).take(values)
    # As a series, or pandas would take an object of texts for text.
    return pd.array(texts, dtype="str") if column.form is Form.TEXT else pd.Series(texts, dtype=object)


def _masked_type(name: str) -> pd.api.extensions.ExtensionDtype:
    if name not in MASKED:
        raise UnpackableError(f"no column of {name} is kept")
    return pd.api.types.pandas_dtype(name)


def _is_missing_as_nan(column: pd.Series, codes: np.ndarray) -> bool:
    """Whether what is missing is what a float calls no number, the one missing value that is given back."""
    return column.dtype == "str" or all(isinstance(value, float) for value in column[codes < 0])


def _smallest(count: int) -> np.dtype:
    """Return the smallest type that numbers so many texts, and -1."""
    return np.min_scalar_type(-max(count, 1))
