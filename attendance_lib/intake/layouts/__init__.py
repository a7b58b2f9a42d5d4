"""The layouts in which marks arrive, one module each, tried in this order; the content decides, not the file's name.

A layout is a module with ``recognises(sheet, export) -> bool`` and ``read(reading) -> RawMarks``.
"""

from types import ModuleType

from attendance_lib.intake.layouts import grid_xlsx, tidy, weekly_wide

LAYOUTS: dict[str, ModuleType] = {"tidy": tidy, "weekly_wide": weekly_wide, "grid_xlsx": grid_xlsx}
