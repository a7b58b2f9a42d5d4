"""The layouts in which marks arrive, tried in this order; the content decides, not the file's name."""

from attendance_lib.intake.layouts.census_counts import CENSUS_COUNTS
from attendance_lib.intake.layouts.grid_xlsx import GRID_XLSX
from attendance_lib.intake.layouts.reading import Layout
from attendance_lib.intake.layouts.sims_xml import SIMS_XML
from attendance_lib.intake.layouts.tidy import TIDY
from attendance_lib.intake.layouts.weekly_wide import WEEKLY_WIDE
from attendance_lib.intake.layouts.wonde_json import WONDE_JSON
from attendance_lib.intake.layouts.xporter import XPORTER

LAYOUTS: dict[str, Layout] = {
    layout.name: layout
    for layout in (SIMS_XML, XPORTER, WONDE_JSON, CENSUS_COUNTS, TIDY, WEEKLY_WIDE, GRID_XLSX)
}
