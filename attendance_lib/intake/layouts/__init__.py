"""The layouts in which marks arrive, one module each, tried in this order; the content decides, not the file's name.

A layout is a module with ``recognises(sheet, export) -> bool`` and ``read(reading) -> RawMarks``.
"""

from types import ModuleType

from attendance_lib.intake.layouts import (
    census_counts,
    grid_xlsx,
    sims_xml,
    tidy,
    weekly_wide,
    wonde_json,
    xporter,
)

LAYOUTS: dict[str, ModuleType] = {
    "sims_xml": sims_xml,
    "xporter": xporter,
    "wonde_json": wonde_json,
    "census_counts": census_counts,
    "tidy": tidy,
    "weekly_wide": weekly_wide,
    "grid_xlsx": grid_xlsx,
}
