"""Codes of a system's own, and what the school file says that each stands for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from attendance_lib.intake.letters import as_letter
from attendance_lib.intake.values import as_text

# The rule under which the ledger has what was read so.
OWN_CODES = "own_codes"


@dataclass(frozen=True)
class OwnCodes:
    """``codes`` of the school file: each a code of the system's own and the register code that it stands for."""

    codes: Mapping[str, str] = field(default_factory=dict)

    def standard(self, cell: object) -> object:
        """Return the register code that a cell stands for, the cell itself where the school file does not say.

        Examples
        --------
        >>> OwnCodes({"I01": "I"}).standard(" i01 "), OwnCodes({"I01": "I"}).standard("/")
        ('I', '/')
        """
        return self._known.get(as_text(cell).upper(), cell) if self.codes else cell

    def names(self, cell: object) -> bool:
        """Whether the school file says what a cell stands for."""
        return bool(self.codes) and as_text(cell).upper() in self._known

    @cached_property
    def _known(self) -> dict[str, str]:
        return {name.strip().upper(): as_letter(code).letter for name, code in self.codes.items()}
