"""The layouts in which exports arrive, one module each."""

LAYOUTS = ("tidy", "weekly_wide", "grid_xlsx")
