"""What adds up does add up: every declared sum holds among the counts of a real school's report before anything is withheld."""

import pandas as pd
import pytest

from attendance_lib.analysis.disclosure.cells import gather_cells
from attendance_lib.analysis.disclosure.relations import relations_among
from attendance_lib.sections.governors.public.partitions import partitions_of
from attendance_lib.sections.governors.published import BUILDERS, rounded
from attendance_lib.sections.governors.workings import Workings
from attendance_lib.sections.pack import open_pack
from tests.made_once import made_once
