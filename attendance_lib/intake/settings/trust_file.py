"""The trust file: what a trust or an authority is called, its schools, and what of them it may see."""

from pathlib import Path
from typing import Literal

from attendance_lib.intake.settings.yaml import Many, Name, Settled, Text, load_document, says, validated


class Trust(Settled):
    """A trust, or an authority. Paths of school files are relative to the trust file; patterns are allowed.

    ``sees`` is what its schools send: ``protected`` counts, of which few pupils' are withheld already in school, or beside them the
    ``counts`` as they are, for a trust that is itself the controller of its schools' data. Its paper is of the former alone.
    """

    name: Name = says("What the trust is called, as its paper prints it")
    schools: Many[Text] = says("Its schools' files, relative to this file; patterns are allowed", ())
    sees: Literal["protected", "counts"] = says(
        "What schools send: counts with few pupils' withheld, or besides them counts as they are", "protected"
    )


# Where there is no trust file.
UNNAMED = Trust(name="Schools together")


def load_trust(path: Path) -> Trust:
    """Read and check a trust file.

    Parameters
    ----------
    path : pathlib.Path
        Such as ``params/trust.yml``.

    Raises
    ------
    SettingsError
        One line for each problem: file, line, key, value and what to write instead.
    """
    return validated(Trust, load_document(path))
