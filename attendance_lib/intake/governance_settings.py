"""The part of the school file about what a governing board must know besides figures."""

from datetime import date

from attendance_lib.intake.validation import Count, Many, Settled, Text


class Training(Settled):
    """Training of staff about attendance: when, and of whom or in what."""

    date: date
    about: Text


class LeftTo(Settled):
    """Where pupils went who left the school this year, and how many; ``destination`` may be "not known"."""

    destination: Text
    pupils: Count


class GovernanceSettings(Settled):
    """What the board asks after: who leads on attendance, the policy, training, data sharing, meetings and leavers.

    ``data_shared_since`` is the day since when the school shares its registers with DfE every day;
    ``authority_meetings`` are the days of targeting support meetings with the local authority.
    """

    attendance_champion: Text | None = None
    policy_reviewed: date | None = None
    policy_next_review: date | None = None
    training: Many[Training] = ()
    data_shared_since: date | None = None
    authority_meetings: Many[date] = ()
    pupils_who_left: Many[LeftTo] = ()
