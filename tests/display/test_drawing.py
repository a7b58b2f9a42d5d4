"""What all charts share: labels beside lines that do not overlap."""

from attendance_lib.display.charts.drawing import Label, spread


def test_labels_are_moved_apart_upwards():
    labels = spread([Label("high", 0, 1.0, "k"), Label("low", 0, 0.9, "k"), Label("far", 0, 5.0, "k")], 0.5)
    assert [(label.text, label.y) for label in labels] == [("low", 0.9), ("high", 1.4), ("far", 5.0)]
