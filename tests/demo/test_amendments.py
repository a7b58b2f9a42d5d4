"""Marks amended and minutes late agree with the marks as they stand."""


def test_minutes_are_listed_for_every_late_arrival_and_fit_its_code(demo):
    listed = {(row["pupil_id"], row["date"], row["session"]): row for row in demo.late}
    assert {key: row["code"] for key, row in listed.items()} == {
        key: c for key, c in demo.held.items() if c in ("L", "U")
    }
    assert len(demo.late) == len(listed) + 2  # one arrival twice, one also as U
    edited = {(edit["pupil_id"], edit["date"], edit["session"]) for edit in demo.truth["late_edits"]}
    for key, row in listed.items():
        if row["minutes_late"] and key not in edited | {demo.defect("late_before_close")}:
            low, high = (1, 29) if row["code"] == "L" else (31, 150)
            assert low <= int(row["minutes_late"]) <= high
    assert 0 < sum(not row["minutes_late"] for row in demo.late) < 0.05 * len(demo.late)


def test_amended_marks_agree_with_the_marks_as_they_stand(demo):
    for row in demo.amended:
        assert demo.marks[row["pupil_id"], row["date"], row["session"]] == row["code"] != row["amended_from"]
        assert row["recorded_at"][:10] == row["date"] <= row["amended_on"] <= "2026-11-20"
    keys = [(row["pupil_id"], row["date"], row["session"]) for row in demo.amended]
    assert len(keys) == len(set(keys)) == demo.truth["amended_marks"]
