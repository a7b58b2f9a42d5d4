"""Interventions of the invented school help by what was planted."""


def test_true_effects_hold_one_that_helps_one_without_effect_one_that_harms_and_one_for_all(demo):
    effects = demo.truth["interventions"]
    targeted = [each["effect_points"] for each in effects if each["tier"] > 1]
    assert max(targeted) > 0 > min(targeted)
    assert 0 in targeted
    assert any(each["tier"] == 1 and each["effect_points"] > 0 for each in effects)
    assert all(each["realised_points"] == 0 for each in effects if each["effect_points"] == 0)


def test_pupils_named_in_the_truth_are_in_the_log_from_that_day(demo):
    logged = {
        (row["pupil_id"], row["intervention"], str(row["start_date"])[:10])
        for row in demo.sheet("Interventions")
    }
    for each in demo.truth["interventions"]:
        for pupil in each["pupil_ids"] or [None]:
            assert (pupil, each["intervention"], each["start_date"]) in logged


def test_interventions_help_by_about_what_was_planted(demo):
    mentors = [each for each in demo.truth["interventions"] if each["intervention"] == "Mentor"]
    pupils = sum(len(each["pupil_ids"]) for each in mentors)
    realised = sum(each["realised_points"] * len(each["pupil_ids"]) for each in mentors) / pupils
    assert 2.5 <= realised <= 7
