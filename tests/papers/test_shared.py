"""How pupils are named and flagged in lists."""

import pandas as pd
import pytest

from attendance_lib.papers.shared import FLAGS, pupil_flags, pupil_names


@pytest.mark.parametrize(
    ("surname", "forename", "name"),
    [
        ("Ó Briain", "Zoë", "Ó Briain, Zoë"),
        ("李", None, "李"),
        (None, "Ada", "Ada"),
        ("", "", "007"),
        (None, None, "007"),
        ("O'Neill", "Null", "O'Neill, Null"),
        ("<script>", "=1+1", "<script>, =1+1"),
    ],
)
def test_a_name_is_surname_and_forename_or_else_the_identifier(surname, forename, name):
    pupils = pd.DataFrame({"pupil_id": ["007"], "surname": [surname], "forename": [forename]})
    assert pupil_names(pupils).tolist() == [name]


def test_no_pupil_has_no_name():
    assert pupil_names(pd.DataFrame({"pupil_id": [], "surname": [], "forename": []})).tolist() == []


def flags(**held):
    row = dict.fromkeys(FLAGS) | {"sen_status": None} | held
    return pupil_flags(
        pd.DataFrame(
            {
                name: pd.array([value], dtype="object" if name == "sen_status" else "boolean")
                for name, value in row.items()
            }
        )
    )


@pytest.mark.parametrize(
    ("held", "text"),
    [
        ({}, ""),
        ({"fsm": False, "sen_status": "N"}, ""),
        ({"fsm": True, "pupil_premium": True, "sen_status": "K"}, "FSM, PP, SEN K"),
        ({"sen_status": "E", "looked_after": True}, "Looked after, SEN E"),
        (
            {"child_in_need": True, "child_protection": True, "young_carer": True, "eal": True},
            "EAL, CIN, CP, Young carer",
        ),
    ],
)
def test_flags_are_told_in_few_words_and_unknown_ones_not_at_all(held, text):
    assert flags(**held) == [text]
