"""What all charts share: labels beside lines that do not overlap, and pictures that are the same on every machine."""

from attendance_lib.display.charts import drawing
from attendance_lib.display.charts.drawing import Label, drawn, spread


def test_labels_are_moved_apart_upwards():
    labels = spread([Label("high", 0, 1.0, "k"), Label("low", 0, 0.9, "k"), Label("far", 0, 5.0, "k")], 0.5)
    assert [(label.text, label.y) for label in labels] == [("low", 0.9), ("high", 1.4), ("far", 5.0)]


def test_the_last_bit_of_a_place_changes_nothing_in_a_picture(monkeypatch):
    """As another processor's multiplication of matrices would: all is moved by a ten-thousandth of a thousandth of a point."""

    def draw(figure):
        axes = figure.subplots()
        axes.bar([1, 2], [3, 4])

    def moved(by):
        monkeypatch.setattr(drawing, "WIDTH", 9.0 + by)
        return drawn(draw, 2.0)

    assert "url(#clip1)" in moved(0.0)["svg"]
    assert moved(1e-9) == moved(0.0)
