"""Packages imported without a part of theirs that they can do without and that costs more than the rest."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial


@contextmanager
def imports_without(unneeded: str) -> Iterator[None]:
    """Let the imports of the block do without a module, which they only try to import; later imports of it work as ever."""
    if unneeded in sys.modules:
        yield
        return
    sys.modules[unneeded] = None
    try:
        yield
    finally:
        del sys.modules[unneeded]


# Import the notebook libraries without a format checker that costs more than the rest of them together: jsonschema tries it when it
# is first imported, and notebooks have no internationalised addresses to check. Building its grammar takes 0.7 to 1.9 CPU
# seconds, where all else that a run imports takes 1.
SLOW_CHECKER = "rfc3987_syntax"

imports_without_slow_checker = partial(imports_without, SLOW_CHECKER)
