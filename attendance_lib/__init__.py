"""The attendance workbook: an English school's registers turned into the papers its people meet over."""

__version__ = "0.1.0"

import os

# openpyxl writes other bytes where lxml is installed, as it is with python-docx; a pack is the same on every machine.
os.environ["OPENPYXL_LXML"] = "False"
