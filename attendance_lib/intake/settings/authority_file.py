"""The profile file of a local authority: what it asks for, each figure with where it was read; what is left out is not known."""

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from attendance_lib.intake.settings.yaml import (
    AtLeastOne,
    Count,
    Many,
    Name,
    Settled,
    Text,
    load_document,
    validated,
)
from attendance_lib.rules.authorities import Absences, Evidence, Unit

# A profile writes them as words.
AsWritten = Field(strict=False)
UnitName = Annotated[Unit, AsWritten]
EvidenceName = Annotated[Evidence, AsWritten]
AbsencesName = Annotated[Absences, AsWritten]
SINCE = {
    "return_to_school": "the day on which the pupil came back",
    "end_of_notice_to_improve": "the last day of the notice to improve",
    "threshold_met": "the day on which the threshold was met",
}


class Issuer(Settled):
    """Who issues a notice, and where that was read."""

    by: Literal["school", "authority", "either"]
    source: Text


class Length(Settled):
    """A length of time or a number of sessions, and where it was read."""

    count: AtLeastOne
    unit: UnitName
    source: Text


class Allowed(Settled):
    """How many unauthorised sessions a notice to improve allows, and where that was read."""

    sessions: Count
    source: Text


class Early(Settled):
    """When a notice may be asked for before the period ends: after so many sessions, or as ``how`` says; and where it was read."""

    after_sessions: AtLeastOne | None = None
    how: Text
    source: Text


class NoticeToImprove(Settled):
    """What the authority says of the notice to improve."""

    issuer: Issuer | None = None
    length: Length | None = None
    longest: Length | None = None
    unauthorised_allowed: Allowed | None = None
    early: Early | None = None


class Deadline(Settled):
    """By when a referral must be there: so many days since something, for some cases; and where that was read."""

    absences: AbsencesName = Field(alias="for")
    within: AtLeastOne
    unit: Literal["school days", "working days"]
    since: Literal["return_to_school", "end_of_notice_to_improve", "threshold_met"]
    source: Text


class Reply(Settled):
    """Within how many days the authority acts on a referral, and where that was read."""

    within: AtLeastOne
    unit: Literal["school days", "working days"]
    source: Text


class Asked(Settled):
    """A kind of evidence that the authority asks for, in some cases or all, and where that was read."""

    kind: EvidenceName
    absences: AbsencesName = Field(default=Absences.ALL, alias="for")
    source: Text


class Authority(Settled):
    """One local authority's profile. Of what is left out the papers say that it is not known."""

    name: Name
    read_on: date | None = None
    penalty_notice_issuer: Issuer | None = None
    notice_to_improve: NoticeToImprove = NoticeToImprove()
    deadlines: Many[Deadline] = ()
    reply: Reply | None = None
    evidence: Many[Asked] = ()
    notes: Many[Text] = ()

    def evidence_for(self, *, holiday: bool) -> tuple[Evidence, ...]:
        """Return what it asks for of a case of holiday alone, or of any other, each kind once.

        Examples
        --------
        >>> asked = [{"kind": "letters", "source": "code"}, {"kind": "plan", "for": "other", "source": "code"}]
        >>> authority = Authority.model_validate({"name": "Southmere", "evidence": asked})
        >>> [[kind.value for kind in authority.evidence_for(holiday=each)] for each in (True, False)]
        [['letters'], ['letters', 'plan']]
        """
        wanted = (Absences.ALL, Absences.HOLIDAY if holiday else Absences.OTHER)
        return tuple(dict.fromkeys(each.kind for each in self.evidence if each.absences in wanted))

    def deadline_for(self, *, holiday: bool) -> Deadline | None:
        """Return the deadline of a case of holiday alone, or of any other; None where none is known.

        Examples
        --------
        >>> early = {"for": "holiday", "within": 5, "unit": "school days", "since": "return_to_school", "source": "code"}
        >>> authority = Authority.model_validate({"name": "Southmere", "deadlines": [early]})
        >>> authority.deadline_for(holiday=True).within, authority.deadline_for(holiday=False)
        (5, None)
        """
        wanted = (Absences.ALL, Absences.HOLIDAY if holiday else Absences.OTHER)
        return next((each for each in self.deadlines if each.absences in wanted), None)


NOT_NAMED = Authority(name="Local authority not named")


def load_authority(path: Path) -> Authority:
    """Read and check the profile of a local authority.

    Parameters
    ----------
    path : pathlib.Path
        Such as ``params/authorities/southwark.yml``.

    Raises
    ------
    SettingsError
        One line for each problem: file, line, key, value and what to write instead.
    """
    return validated(Authority, load_document(path))
