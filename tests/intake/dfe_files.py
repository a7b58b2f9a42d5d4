"""Files in the layout of DfE's, written from the national figures quoted in ``tests/rules/data``."""

import csv
from pathlib import Path

QUOTED = Path(__file__).parents[1] / "rules" / "data" / "dfe_national_2025_26.csv"
KEYS = {
    "time_period": "202627", "geographic_level": "National", "country_code": "E92000001", "country_name": "England",
    "region_code": "", "region_name": "", "new_la_code": "", "la_name": "", "old_la_code": "",
}  # fmt: skip
LEEDS = {
    "geographic_level": "Local authority",
    "new_la_code": "E08000035",
    "la_name": "Leeds",
    "old_la_code": "383",
}


def quoted_rows():
    """One dictionary per phase: the keys of a row for England and DfE's own counts and percentages."""
    with QUOTED.open(encoding="utf-8", newline="") as stream:
        figures = list(csv.DictReader(stream))
    phases = [name for name in figures[0] if name != "figure"]
    return [
        KEYS
        | {"education_phase": phase}
        | {each["figure"]: each[phase] for each in figures}
        | {"time_identifier": "Academic year"}
        for phase in phases
    ]


def write_dfe_file(path, rows):
    """Write rows as DfE does, with a byte order mark and every cell in quotation marks."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0], quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    return path
