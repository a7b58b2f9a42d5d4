"""Packages imported without a part of theirs that they can do without and that costs more than the rest."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
