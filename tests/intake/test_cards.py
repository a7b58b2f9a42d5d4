"""Impact cards from what is known of each."""

import pandas as pd

from attendance_lib.intake.staff.cards import CARD_COLUMNS, card_table, no_cards

CARD = {
    "card_id": "c1",
    "intervention": "Mentor",
    "aim": "=4 points more",
    "comparison": "by lot",
    "start_date": "2027-01-11",
}


def test_a_card_has_its_words_and_its_days():
    (card,) = card_table([CARD]).to_dict("records")
    texts = [card[name] for name in ("card_id", "intervention", "aim", "comparison")]
    assert texts == ["c1", "Mentor", "=4 points more", "by lot"]
    assert card["start_date"] == pd.Timestamp("2027-01-11")
    assert pd.isna(card["review_date"])
    assert pd.isna(card["for_whom"])


def test_a_day_that_cannot_be_read_is_missing():
    assert card_table([CARD | {"start_date": "after Easter"}])["start_date"].isna().all()


def test_a_card_that_names_no_intervention_is_there():
    assert card_table([CARD | {"intervention": ""}])["intervention"].tolist() == [""]


def test_no_cards_have_the_same_columns_and_types():
    assert list(no_cards().columns) == list(CARD_COLUMNS)
    assert no_cards().dtypes.to_dict() == card_table([CARD]).dtypes.to_dict()
