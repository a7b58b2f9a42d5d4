"""Could a referral for a penalty notice go today? One parent's case under one rule, decided on counts and dates alone.

It says what stands in the way, never that a notice should be issued: meeting a threshold means that the school must consider the
case. What is not known is something to do, never taken as in order.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from attendance_lib.errors import counted, in_number
from attendance_lib.rules.benchmarks import in_words
from attendance_lib.rules.notices import MOST_NOTICES
from attendance_lib.rules.sources import (
    CONSIDERING,
    EQUALITY_ACT,
    FRAMEWORK,
    NOTICE_LIMIT,
    NOTICE_TO_IMPROVE,
    REASON_FOR_N,
    SCHOOL_AGE,
    Source,
)


class Answer(StrEnum):
    """What the gate says; the first in this order that any check leads to."""

    NOT_MET = "Threshold not met now"
    NO_NOTICE = "No penalty notice: other measures"
    RESOLVE = "Resolve the marks first"
    WAIT = "Wait: a notice to improve is running"
    SUPPORT_FIRST = "Support comes first"
    TOO_LATE = "Past the deadline: ask the authority"
    MISSING = "Not yet: something is missing"
    COULD_GO = "A referral could go today"


@dataclass(frozen=True)
class Improvement:
    """A notice to improve that a parent got: when, to which day, and whether it was met (None while nobody has said).

    ``is_early`` is whether the authority's own rule for asking before the end is met (None where it has none in counts).
    """

    issued_on: date
    ends_on: date | None
    was_met: bool | None
    is_early: bool | None = None


@dataclass(frozen=True)
class Case:
    """One parent's case under one rule on the day a notice is proposed.

    Sessions are those of the window that ends on that day, by the date of the absence: ``counted`` by the rule, ``n`` still N
    (whether or not they count), ``missing`` without any mark, ``g`` of leave without permission. ``notices`` are this parent's
    penalty notices that count towards two in three years and ``loose_notices`` those of the child that name nobody on the list
    of parents (None where no log is exported); ``loose_improvements`` are the child's notices to improve of which the same is
    true and that did not end before the window. Of what is not known the value is None.
    """

    on: date
    counted: int
    needed: int
    counts_n: bool
    n: int
    missing: int
    g: int
    first_met: date | None
    window_start: date
    is_of_age: bool | None
    notices: int | None
    loose_notices: int | None
    parent_is_listed: bool
    addresses: int | None
    parent_doubt: str
    disability_related: bool | None
    has_need: bool
    support_appropriate: bool | None
    is_supported: bool | None
    improvement: Improvement | None
    notices_are_known: bool
    considered_on: date | None
    lacking: tuple[str, ...] = ()
    deadline: date | None = None
    deadline_doubt: str = ""
    improvement_issuer: str = ""
    loose_improvements: int = 0

    @property
    def is_holiday(self) -> bool:
        """Whether every session counted is leave without permission (G), for which support is not asked."""
        return self.counted > 0 and self.g == self.counted

    @property
    def needs_support(self) -> bool:
        """Whether support comes before a notice: not for a holiday, nor where it was recorded as not appropriate."""
        return not self.is_holiday and self.support_appropriate is not False


@dataclass(frozen=True)
class Check:
    """What one question of the gate found; ``leads_to`` is None where it stands in no way."""

    name: str
    words: str
    source: Source
    leads_to: Answer | None = None


@dataclass(frozen=True)
class Gate:
    """The answer and the checks behind it, in the order in which a reader at the authority asks."""

    answer: Answer
    checks: tuple[Check, ...]

    @property
    def to_do(self) -> tuple[Check, ...]:
        """The checks that stand in the way, those that decide the answer first.

        Examples
        --------
        >>> ways = {"threshold": None, "notice to improve": Answer.WAIT, "N": Answer.RESOLVE}
        >>> checks = tuple(Check(name, "", FRAMEWORK, way) for name, way in ways.items())
        >>> [check.name for check in Gate(Answer.RESOLVE, checks).to_do]
        ['N', 'notice to improve']
        """
        ways = list(Answer)
        return tuple(
            sorted(
                (each for each in self.checks if each.leads_to), key=lambda each: ways.index(each.leads_to)
            )
        )


def gate(case: Case) -> Gate:
    """Return whether a referral of a case could go on its day, with every check."""
    checks = tuple(check(case) for check in CHECKS)
    ways = {each.leads_to for each in checks}
    return Gate(next((answer for answer in Answer if answer in ways), Answer.COULD_GO), checks)


def _threshold(case: Case) -> Check:
    words = f"{case.counted} of {case.needed} sessions"
    met = case.counted >= case.needed
    if not met and case.first_met:
        words += f"; met on {in_words(case.first_met)} by a window that has moved on: ask the authority whether it still counts"
    return Check("threshold", words, FRAMEWORK, None if met else Answer.NOT_MET)


def _age(case: Case) -> Check:
    if case.is_of_age is None:
        return Check(
            "school age", "Enter the date of birth: school age is not known.", SCHOOL_AGE, Answer.MISSING
        )
    words = "of compulsory school age" if case.is_of_age else "Not of compulsory school age on the day."
    return Check("school age", words, SCHOOL_AGE, None if case.is_of_age else Answer.NO_NOTICE)


def _no_reason_yet(case: Case) -> Check:
    if not case.n:
        return Check("N", "no N in the window", REASON_FOR_N)
    without = case.counted - (case.n if case.counts_n else 0)
    depends = f"; without N it is {without} of {case.needed}" if case.counts_n else ""
    words = f"Find the reason of {counted(case.n, 'session')} still N: each by its fifth school day, else O{depends}."
    return Check("N", words, REASON_FOR_N, Answer.RESOLVE)


def _missing_marks(case: Case) -> Check:
    if not case.missing:
        return Check("missing marks", "no mark is missing in the window", REASON_FOR_N)
    words = f"Enter {counted(case.missing, 'missing mark')} of the window."
    return Check("missing marks", words, REASON_FOR_N, Answer.RESOLVE)


def _limit(case: Case) -> Check:
    check = partial(Check, "notices in three years", source=NOTICE_LIMIT)
    if case.notices is None or case.loose_notices is None:
        words = "Export the log of notices: which notice this would be is not known."
        return check(words, leads_to=Answer.MISSING)
    if case.notices >= MOST_NOTICES:
        words = f"This parent had {case.notices} in the three years up to the day: there is no third penalty notice."
        return check(words, leads_to=Answer.NO_NOTICE)
    if case.loose_notices:
        verb = in_number(case.loose_notices, "names", "name")
        words = (
            f"Find out who got {counted(case.loose_notices, 'penalty notice')} of this child that {verb} no parent on the list: "
            "if it was this parent, which notice this would be and which sessions count are other."
        )
        return check(words, leads_to=Answer.MISSING)
    left, which = MOST_NOTICES - case.notices, ("first", "second")[case.notices]
    return check(f"{case.notices} so far, {left} left; it would be the {which}")


def _parent(case: Case) -> Check:
    check = partial(Check, "parent", source=CONSIDERING)
    if not case.parent_is_listed:
        return check("Say which parent: none on the list of parents is meant.", leads_to=Answer.MISSING)
    if case.parent_doubt:
        return check(case.parent_doubt, leads_to=Answer.MISSING)
    if case.addresses is None:
        return check("Say whether an address is held.", leads_to=Answer.MISSING)
    if case.addresses < 1:
        return check("Find an address: none is held.", leads_to=Answer.MISSING)
    if case.addresses > 1:
        return check(f"Settle which of {case.addresses} addresses is right.", leads_to=Answer.MISSING)
    return check("named, with an address")


def _disability(case: Case) -> Check:
    name = "disability"
    if case.disability_related:
        words = (
            "Recorded as arising from a disability or a need not met: adjustments and support, not a notice."
        )
        return Check(name, words, EQUALITY_ACT, Answer.NO_NOTICE)
    if case.disability_related is None and case.has_need:
        words = "Decide and record whether the absence arises from the pupil's special or medical need."
        return Check(name, words, EQUALITY_ACT, Answer.MISSING)
    known = "recorded as not arising from one" if case.disability_related is False else "no need on file"
    return Check(name, known, EQUALITY_ACT)


def _support(case: Case) -> Check:
    check = partial(Check, "support", source=NOTICE_TO_IMPROVE)
    if not case.needs_support:
        why = "leave in term time alone" if case.is_holiday else "recorded as not appropriate"
        return check(f"not asked: {why}")
    if case.is_supported is None:
        return check("Export the log of interventions: support is not known.", leads_to=Answer.MISSING)
    if not case.is_supported:
        words = "Offer support and record it, or record why it is not appropriate."
        return check(words, leads_to=Answer.SUPPORT_FIRST)
    return check("on file this school year")


_OF_IMPROVEMENT = partial(Check, "notice to improve", source=NOTICE_TO_IMPROVE)


def _improvement(case: Case) -> Check:
    if not case.needs_support:
        return _OF_IMPROVEMENT("not asked")
    if not case.notices_are_known or not case.parent_is_listed:
        want = "Say which parent" if case.notices_are_known else "Export the log of notices"
        return _OF_IMPROVEMENT(f"{want}: it is not known.", leads_to=Answer.MISSING)
    given = case.improvement
    if given is None:
        return _none_for_this_window(case)
    if given.ends_on is not None and given.ends_on < case.window_start:
        return _none_for_this_window(
            case, f" (the last ended on {in_words(given.ends_on)}, before this window)"
        )
    return _running_or_ended(case, given)


def _none_for_this_window(case: Case, last: str = "") -> Check:
    if case.loose_improvements:
        verb = in_number(case.loose_improvements, "names", "name")
        words = (
            f"Find out who got {counted(case.loose_improvements, 'notice to improve', 'notices to improve')} of this child that "
            f"{verb} no one parent on the list: each parent gets one of their own."
        )
        return _OF_IMPROVEMENT(words, leads_to=Answer.MISSING)
    issuers = {"school": " (the school issues it)", "authority": " (the authority issues it)"}
    who = issuers.get(case.improvement_issuer, "")
    words = f"Consider a notice to improve{who}, or record why support is not appropriate{last}."
    return _OF_IMPROVEMENT(words, leads_to=Answer.SUPPORT_FIRST)


def _running_or_ended(case: Case, given: Improvement) -> Check:
    if given.was_met:
        words = "The last one was met: a new case begins with a new look at support."
        return _OF_IMPROVEMENT(words, leads_to=Answer.SUPPORT_FIRST)
    if given.ends_on is None:
        words = "Enter its last day (ends_on) in the log of notices."
        return _OF_IMPROVEMENT(words, leads_to=Answer.MISSING)
    end = in_words(given.ends_on)
    if given.was_met is not None:
        return _OF_IMPROVEMENT(f"not met, to {end}")
    if given.ends_on < case.on:
        return _OF_IMPROVEMENT(f"Ended on {end}: write down whether it was met.", leads_to=Answer.MISSING)
    if given.is_early:
        words = f"Runs to {end}; the authority's rule for asking early is met: ask it."
        return _OF_IMPROVEMENT(words, leads_to=Answer.MISSING)
    return _OF_IMPROVEMENT(f"Runs to {end}.", leads_to=Answer.WAIT)


def _considered(case: Case) -> Check:
    name = "considered"
    if case.considered_on is None:
        words = "Consider the case and record it: when, who, and whether support is appropriate."
        return Check(name, words, CONSIDERING, Answer.MISSING)
    if case.first_met and case.considered_on < case.first_met:
        words = (
            f"Consider it again: the record of {in_words(case.considered_on)} is from before the threshold was met on "
            f"{in_words(case.first_met)}."
        )
        return Check(name, words, CONSIDERING, Answer.MISSING)
    return Check(name, f"on {in_words(case.considered_on)}", CONSIDERING)


def _evidence(case: Case) -> Check:
    if case.lacking:
        return Check("evidence", f"Not on file: {'; '.join(case.lacking)}.", CONSIDERING, Answer.MISSING)
    return Check("evidence", "what the authority is known to ask for is on file", CONSIDERING)


def _deadline(case: Case) -> Check:
    name = "deadline"
    if case.deadline_doubt:
        return Check(name, case.deadline_doubt, CONSIDERING, Answer.MISSING)
    if case.deadline is None:
        return Check(name, "none is known of", CONSIDERING)
    if case.on > case.deadline:
        words = f"It was {in_words(case.deadline)}: ask the authority whether it still takes the referral."
        return Check(name, words, CONSIDERING, Answer.TOO_LATE)
    return Check(name, f"by {in_words(case.deadline)}", CONSIDERING)


CHECKS: tuple[Callable[[Case], Check], ...] = (
    _threshold, _age, _no_reason_yet, _missing_marks, _limit, _parent, _disability, _support, _improvement, _considered,
    _evidence, _deadline,
)  # fmt: skip
