"""The attendance workbook: an English school's registers turned into the papers its people meet over."""

__version__ = "0.1.0"
