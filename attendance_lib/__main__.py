"""``python -m attendance_lib`` is the command ``attendance``."""

import sys

from attendance_lib.cli import main

if __name__ == "__main__":
    sys.exit(main())
