"""The attendance workbook: an English school's registers turned into the papers its people meet over."""

__version__ = "0.1.0"
__all__ = ["open_school"]


def __getattr__(name: str) -> object:
    """Import what an analyst asks for once it is asked for: no command needs it, and pandas takes a second."""
    if name == "open_school":
        from attendance_lib.analyst import open_school

        return open_school
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
