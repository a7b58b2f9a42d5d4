"""What a project is laid out from: the notebooks and parameter files that come with this version of the library."""

from pathlib import Path

LIBRARY = Path(__file__).resolve().parent
# In a wheel they are data of the package (see setup.py), in a checkout folders beside it.
SHIPPED = LIBRARY / "starter"
# By name, so that no school file or notebook that somebody keeps beside them is ever shipped (tests/reports/test_laid_out.py).
REPORTS = (
    "authority",
    "caseloads",
    "daily",
    "fortnightly",
    "governors",
    "impact",
    "incentives",
    "inspection",
    "lessons",
    "notices",
    "outlook",
    "plan",
    "punctuality",
)
# What many schools send, for the paper of their trust as its notebook lies: ten of an invented trust, and their list.
TRUST = "trust"
DEMO_TRUST = ("trust", *(str(urn) for urn in range(200001, 200011)))
# Templates for papers of a school's own.
INDEX = "index"  # what each notebook is for
OWN_PAPERS = ("fridays", "published_weekdays")
AUTHORITIES = ("buckinghamshire", "empty", "rotherham", "southwark")
NAMES = (
    *(f"notebooks/{name}.ipynb" for name in (*REPORTS, TRUST, "explore", INDEX)),
    *(f"params/{name}.yml" for name in (*REPORTS, TRUST, "cohorts", "demo", "template")),
    *(f"params/authorities/{name}.yml" for name in AUTHORITIES),
    *(f"params/demo_trust/{name}.json" for name in DEMO_TRUST),
    "params/school.schema.json",
    *(f"notebooks/own_papers/{name}.ipynb" for name in OWN_PAPERS),
    # With it `pytest --nbval-lax notebooks` runs their cells in order.
    "notebooks/pytest.ini",
)


def starter_folder() -> Path:
    """Return the folder that holds ``notebooks`` and ``params`` as this version has them."""
    return SHIPPED if SHIPPED.is_dir() else LIBRARY.parent


def demo_school_file() -> Path:
    """Return the demo school's file as this version has it."""
    return starter_folder() / "params" / "demo.yml"


def starter_files() -> dict[str, Path]:
    """Return every file of a new project by its path within it."""
    return {name: starter_folder() / name for name in NAMES}
