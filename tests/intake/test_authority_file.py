"""The profile file of a local authority: what it says is typed and sourced, what it does not say is not known."""

from pathlib import Path

import pytest

from attendance_lib.errors import SettingsError
from attendance_lib.intake.settings.authority_file import NOT_NAMED, load_authority
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.rules.authorities import Evidence, Unit
from tests.school_file import autumn, details

PROFILES = Path(__file__).resolve().parents[2] / "params" / "authorities"


def profile(folder, text):
    path = folder / "authority.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_of_the_empty_one_nothing_is_known():
    found = load_authority(PROFILES / "empty.yml")
    assert found.model_dump() == {**NOT_NAMED.model_dump(), "name": "Your local authority"}


def test_what_the_empty_one_shows_in_comments_can_be_read(tmp_path):
    """Every example of the file, its mark of comment taken away."""
    text = (PROFILES / "empty.yml").read_text(encoding="utf-8")
    shown = text[text.index('name: "Your') : text.index("# The kinds:")]
    lines = [*shown.splitlines(), text.splitlines()[-1]]
    found = load_authority(profile(tmp_path, "\n".join(line.removeprefix("# ") for line in lines)))
    assert found.reply.within == 10
    assert found.notice_to_improve.unauthorised_allowed.sessions == 0
    assert [each.absences.value for each in found.deadlines] == ["holiday", "other"]


def test_southwark_asks_other_things_of_a_holiday():
    found = load_authority(PROFILES / "southwark.yml")
    assert Evidence.LEAVE_REFUSAL in found.evidence_for(holiday=True)
    assert Evidence.LEAVE_REFUSAL not in found.evidence_for(holiday=False)
    assert Evidence.AUTHORITY_CONSULTED in found.evidence_for(holiday=False)
    assert (found.deadline_for(holiday=True).within, found.deadline_for(holiday=False)) == (10, None)
    assert (found.notice_to_improve.length.count, found.notice_to_improve.length.unit) == (
        6,
        Unit.SCHOOL_WEEKS,
    )


@pytest.mark.parametrize("path", sorted(PROFILES.glob("*.yml")), ids=lambda path: path.stem)
def test_each_figure_of_each_profile_has_its_source(path):
    def sources(part):
        if isinstance(part, dict):
            if len(part) > 1 and "name" not in part and "issuer" not in part:
                yield part.get("source")
            for each in part.values():
                yield from sources(each)
        elif isinstance(part, (list, tuple)):
            for each in part:
                yield from sources(each)

    found = list(sources(load_authority(path).model_dump()))
    assert all(found)
    assert found or path.stem == "empty"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('name: "A"\nreplies: 3\n', "there is no such setting. Did you mean 'reply'?"),
        ('name: "A"\nreply: {within: 0, unit: "school days", source: "s"}\n', "0 must be at least 1"),
        (
            'name: "A"\nreply: {within: 5, unit: "days", source: "s"}\n',
            "'days' must be 'school days' or 'working days'",
        ),
        (
            'name: "A"\nreply: {within: 5, unit: "school days"}\n',
            "key 'reply.source': it is missing. Add it.",
        ),
        ('name: "A"\nevidence: [{kind: plans, source: "s"}]\n', "'plans' must be 'registration_certificate'"),
        (
            'name: "A"\nnotice_to_improve: {length: {count: 6, unit: weeks, source: "s"}}\n',
            "'weeks' must be 'sessions'",
        ),
        ('reply: {within: 5, unit: "school days", source: "s"}\n', "key 'name': it is missing"),
    ],
)
def test_what_it_cannot_say_is_refused_with_line_key_and_remedy(tmp_path, text, told):
    with pytest.raises(SettingsError) as refused:
        load_authority(profile(tmp_path, text))
    assert told in str(refused.value)
    assert "authority.yml, line " in str(refused.value)


SCHOOL = details() + autumn()


def test_the_school_file_names_its_authority_s_profile(tmp_path):
    profile(tmp_path, 'name: "Somewhere"\n')
    path = tmp_path / "school.yml"
    path.write_text(SCHOOL + 'rules: {notices: {authority: "authority.yml"}}\n', encoding="utf-8")
    assert load_settings(path).authority.name == "Somewhere"
    path.write_text(SCHOOL, encoding="utf-8")
    assert load_settings(path).authority == NOT_NAMED


def test_a_profile_that_is_not_there_is_told_by_its_name(tmp_path):
    path = tmp_path / "school.yml"
    path.write_text(SCHOOL + 'rules: {notices: {authority: "gone.yml"}}\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=r"gone\.yml: there is no such file"):
        load_settings(path)
