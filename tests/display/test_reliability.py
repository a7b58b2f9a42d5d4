"""What was said beside what came, in words and as dots about the line."""

import pandas as pd

from attendance_lib.display.charts.reliability import describe, reliability_chart

BANDS = pd.DataFrame(
    {
        "said": ["0 to 4 in 100", "45 to 54 in 100"],
        "forecasts": [1200, 1],
        "said_rate": [0.02, 0.5],
        "came_rate": [0.025, 1.0],
    }
)


def test_each_band_is_said_with_how_often_and_what_came():
    assert describe(BANDS) == (
        "A dot for each of 2 bands of chances. Of 1,200 given 0 to 4 in 100, 3% crossed. Of 1 given 45 to 54 in 100, 100% crossed."
    )


def test_the_picture_has_the_words_and_the_table_beside_it():
    chart = reliability_chart(BANDS)
    assert chart.alt == describe(BANDS)
    assert chart.table.frame["forecasts"].tolist() == [1200, 1]
    assert [column.heading for column in chart.table.columns] == [
        "Chance said",
        "Times said",
        "On average",
        "Came",
    ]


def test_a_school_without_a_forecast_has_a_picture_without_a_dot():
    assert reliability_chart(BANDS.head(0)).alt == "A dot for each of 0 bands of chances."
