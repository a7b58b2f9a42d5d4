"""Tables that charts are drawn of."""

import pandas as pd

WEEKS = pd.DataFrame(
    {
        "school_week": [1, 2, 3],
        "week_beginning": pd.to_datetime(["2026-11-02", "2026-11-09", "2026-11-16"]),
        "attendance_rate": [0.95, None, 0.912],
        "last_year_rate": [0.94, 0.93, 0.92],
    }
)
GROUPS = pd.DataFrame(
    {
        "characteristic": ["SEN", "SEN", "Looked after"],
        "group": ["EHC plan", "None", "Yes"],
        "enrolments": [34, 826, 4],
        "attendance_rate": [0.842, 0.925, None],
    }
)
CELLS = pd.DataFrame(
    {
        "year_group": [7, 8, 7, 8],
        "week_beginning": pd.to_datetime(["2026-11-09", "2026-11-09", "2026-11-16", "2026-11-16"]),
        "attendance_rate": [0.95, 0.93, 0.91, None],
    }
)
