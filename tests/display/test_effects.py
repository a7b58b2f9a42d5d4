"""The impact paper's charts: each verdict has its own shape, gaps stay gaps, and a name is never read as mathematics."""

from attendance_lib.analysis.impact.verdicts import Verdict
from attendance_lib.display.charts import effects_chart
from attendance_lib.display.charts.effects import LOOKS
from tests.display.effects_table import EFFECTS


def test_every_verdict_has_a_look_and_no_two_share_shape_and_filling():
    assert LOOKS.keys() == {str(verdict) for verdict in Verdict}
    assert len({(look.marker, look.is_filled) for look in LOOKS.values()}) == len(LOOKS)


def test_what_has_no_range_is_said_to_have_none():
    alt = effects_chart(EFFECTS).alt
    assert "Mentor: likely helped, +4.0 points, range +1.0 to +7.0." in alt
    assert "Prize of $5_ & ^$: likely worse, −3.0 points, range −5.0 to −1.0." in alt
    assert alt.endswith("Not begun: too few to tell, no range.")
