"""What defects are planted among: codes of unauthorised absence, and the school year."""

UNAUTHORISED = ("G", "N", "O", "U")
THIS_YEAR = "2026-09-01"
