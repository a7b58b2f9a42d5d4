"""A table packed as arrays comes back the very same, type for type; what could not is refused before it is kept."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.intake.packed_tables import (
    Form,
    PackedColumn,
    PackedTable,
    UnpackableError,
    pack_table,
    readable_array,
    unpack_table,
)


def there_and_back(table):
    arrays = []
    packed = pack_table(table, arrays)
    read = [readable_array(memoryview(each.tobytes()), each.dtype.str) for each in arrays]
    return packed, unpack_table(packed, iter(read))


@pytest.mark.parametrize(
    ("column", "form"),
    [
        (pd.Series([1, 2], dtype="int8"), Form.PLAIN),
        (pd.Series([0.5, np.nan]), Form.PLAIN),
        (pd.Series(pd.to_datetime(["2026-11-02", None])).astype("datetime64[s]"), Form.PLAIN),
        (pd.Series([True, None], dtype="boolean"), Form.MASKED),
        (pd.Series([380, None], dtype="Int16"), Form.MASKED),
        (pd.Series(["", None, "é", ""], dtype="str"), Form.TEXT),
        (pd.Series(["a", np.nan], dtype=object), Form.OBJECT),
        (
            pd.Series(["b", None, "a"], dtype=pd.CategoricalDtype(["b", "a", "unused"], ordered=True)),
            Form.CATEGORY,
        ),
        (pd.Series([], dtype="str"), Form.TEXT),
    ],
    ids=lambda each: each.value if isinstance(each, Form) else str(each.dtype),
)
def test_a_column_comes_back_value_for_value_and_of_its_own_type(column, form):
    table = pd.DataFrame({"a": column})
    packed, back = there_and_back(table)
    assert packed.columns[0].form is form
    pd.testing.assert_frame_equal(back, table, check_exact=True)


def test_more_texts_than_a_byte_can_number_come_back():
    table = pd.DataFrame({"a": pd.Series([f"pupil {number}" for number in range(300)] + [None], dtype="str")})
    pd.testing.assert_frame_equal(there_and_back(table)[1], table)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pd.DataFrame({"a": [1]}, index=[5]), "its rows or columns"),
        (pd.DataFrame({0: [1]}), "its rows or columns"),
        (pd.DataFrame([[1, 2]], columns=pd.Index(["a", "a"], dtype="str")), "its rows or columns"),
        (pd.DataFrame({"a": pd.Series(["x", 1], dtype=object)}), "a holds more than text"),
        (pd.DataFrame({"a": pd.Series(["x", None], dtype=object)}), "a holds more than text"),
        (pd.DataFrame({"a": pd.Categorical([1, 2])}), "categories that are not text"),
        (pd.DataFrame({"a": pd.to_timedelta(["1D"])}), "a type that cannot be packed"),
    ],
)
def test_what_would_not_come_back_as_it_is_is_not_packed(table, message):
    with pytest.raises(UnpackableError, match=message):
        pack_table(table, [])


@pytest.mark.parametrize("dtype", ["O", "V8", "U4", "m8[s]"])
def test_bytes_are_read_as_values_alone(dtype):
    with pytest.raises((UnpackableError, ValueError)):
        readable_array(memoryview(bytes(8)), dtype)


def test_bytes_that_do_not_come_out_even_are_no_array():
    with pytest.raises(ValueError, match="multiple"):
        readable_array(memoryview(bytes(3)), "<i2")


def test_arrays_that_do_not_fit_their_description_are_refused():
    short = PackedTable(3, (PackedColumn("a", Form.PLAIN),))
    with pytest.raises(UnpackableError, match="one length"):
        unpack_table(short, iter([np.array([1, 2])]))
    wrong = PackedTable(1, (PackedColumn("a", Form.TEXT, texts=("x",)),))
    with pytest.raises(UnpackableError, match="from the wrong end"):
        unpack_table(wrong, iter([np.array([-2], dtype="int8")]))
    with pytest.raises(IndexError):
        unpack_table(wrong, iter([np.array([2], dtype="int8")]))
