"""A table says of each count whom it counts, or is refused."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.disclosure import Count, PublicTable, characteristic, protect
from attendance_lib.disclosure.tables import check_tied
from attendance_lib.errors import DisclosureError
from tests.disclosure.small_tables import ABSENCE, NOW, THEN, published, table, years


def test_columns_without_a_suppressed_value_keep_their_type():
    frame = published([table([None], [100], [50])], (ABSENCE,))["year_groups"]
    assert [str(kind) for kind in frame.dtypes[1:]] == ["int64", "int64", "float64"]


@pytest.mark.parametrize("column", ["surname", "pupil_id", "upn", "form", "date_of_birth"])
def test_a_personal_column_stops_the_report(column):
    frame = pd.DataFrame({column: ["x"], "enrolments": [20]})
    with pytest.raises(DisclosureError, match=f"table 'people': column '{column}' is about one person"):
        protect([PublicTable("people", "", frame, ({},), (Count("enrolments"),))], 5, ())


def test_a_characteristic_that_groups_the_rows_is_no_personal_column():
    frame = pd.DataFrame({"ethnicity": ["group 1"], "enrolments": [20]})
    given = PublicTable("groups", "", frame, ({"ethnicity": "group 1"},), (Count("enrolments"),))
    assert published([given], ())["groups"]["enrolments"].tolist() == [20]


def test_numbers_of_which_nothing_is_said_stop_the_report():
    frame = pd.DataFrame({"enrolments": [20], "boys": [3], "england_rate": [0.93], "remark": ["as counted"]})
    given = PublicTable(
        "t",
        "",
        frame,
        ({},),
        (Count("enrolments"),),
        plain={"england_rate": "because England is counted in it"},
    )
    with pytest.raises(DisclosureError, match="table 't': column 'boys' holds numbers, and nothing says"):
        protect([given], 5, ())
    safe = protect([given.with_frame(frame.drop(columns="boys"))], 5, ())
    assert safe.tables[0].frame.loc[0].tolist() == [20, 0.93, "as counted"]


def test_a_count_of_which_nobody_says_what_it_adds_up_with_stops_the_report():
    clubs = table(["yes"], [40], [20], name="clubs", coordinate="club")
    only_size = PublicTable("clubs", "", clubs.frame, clubs.rows, clubs.counts[:1])
    with pytest.raises(
        DisclosureError, match="table 'clubs': nothing says what column 'enrolments' adds up with"
    ):
        check_tied(only_size, years(["7", "8"]))
    check_tied(only_size, (characteristic("club", ["yes", "no"]),))
    alone = Count("enrolments", alone="because no other figure is of clubs")
    check_tied(PublicTable("clubs", "", clubs.frame, clubs.rows, (alone,)), ())


def test_two_figures_for_the_same_count_stop_the_report():
    one, other = (table([None], [100], [absent], name=name) for name, absent in (("one", 10), ("other", 11)))
    with pytest.raises(
        DisclosureError, match="tables 'one' and 'other': the count of as_at 2026-12-18, measure"
    ):
        protect([one, other], 5, (ABSENCE,))


@pytest.mark.parametrize("value", [-1, 2.5, "three"])
def test_a_value_that_is_no_count_stops_the_report(value):
    frame = pd.DataFrame({"enrolments": pd.Series([value], dtype=object)})
    with pytest.raises(DisclosureError, match="table 't', column 'enrolments': a value is no count"):
        protect([PublicTable("t", "", frame, ({},), (Count("enrolments"),))], 5, ())


def test_rows_without_coordinates_stop_the_report():
    frame = pd.DataFrame({"enrolments": [10, 20]})
    with pytest.raises(DisclosureError, match="table 't': 2 rows but coordinates for 1"):
        protect([PublicTable("t", "", frame, ({},), (Count("enrolments"),))], 5, ())


def test_a_missing_count_is_no_count():
    frame = pd.DataFrame({"enrolments": [np.nan, 20]})
    given = PublicTable("t", "", frame, ({"as_at": THEN}, {"as_at": NOW}), (Count("enrolments"),))
    safe = protect([given], 5, ())
    assert safe.counts == 1
    assert safe.tables[0].frame["enrolments"].isna().tolist() == [True, False]
