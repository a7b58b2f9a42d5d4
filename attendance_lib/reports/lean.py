"""Import the notebook libraries without a format checker that costs more than the rest of them together."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

# jsonschema tries these when it is first imported; notebooks have no internationalised addresses to check.
# Building the grammar takes 0.7 to 1.9 CPU seconds, where all else that a run imports takes 1.
UNNEEDED = "rfc3987_syntax"


@contextmanager
def lean_imports() -> Iterator[None]:
    """Let the imports of the block do without the slow checker; later imports of it work as ever."""
    if UNNEEDED in sys.modules:
        yield
        return
    sys.modules[UNNEEDED] = None
    try:
        yield
    finally:
        del sys.modules[UNNEEDED]
