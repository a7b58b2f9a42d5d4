"""Members of staff: whom a name or a role in a log means, what each of them leads, and about which pupils each may be told what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.intervention_log import Span
from attendance_lib.analysis.logs import is_filled, is_review_due, own_interventions
from attendance_lib.analysis.plans import plans_of
from attendance_lib.casebook.reviews import review_numbers
from attendance_lib.intake.settings.school_file import StaffMember
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.rules.readers import Fact, Reader, Scope, Seen, reader_of

# Whom a text in a log means: a person by name, or by a role and the pupil


@dataclass(frozen=True)
class Member:
    """One person of the school file, with every role that he or she holds."""

    name: str
    roles: tuple[StaffMember, ...]

    @property
    def readers(self) -> tuple[Reader, ...]:
        """The kinds of these roles, each once.

        Examples
        --------
        >>> roles = [StaffMember(name="Ms Okafor", role=role) for role in ("Head of Year 8", "SENCo", "Head of Year 9")]
        >>> [reader.name for reader in Member("Ms Okafor", tuple(roles)).readers]
        ['Head of year', 'SENCo']
        """
        return tuple(dict.fromkeys(reader_of(role.role) for role in self.roles))

    @property
    def role_names(self) -> str:
        """The roles as the school file has them.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> Member("Ms Okafor", (SimpleNamespace(role="Head of Year 8"), SimpleNamespace(role="DSL"))).role_names
        'Head of Year 8, DSL'
        """
        return ", ".join(dict.fromkeys(role.role for role in self.roles))


def plain(words: object) -> str:
    """Return a name or a role as it is compared: without case and further blanks; empty where it is missing.

    Examples
    --------
    >>> plain(" Head of  Year 7"), plain(None), plain(float("nan"))
    ('head of year 7', '', '')
    """
    return " ".join(str(words).casefold().split()) if words is not None and words == words else ""  # noqa: PLR0124


def members_of(staff: Iterable[StaffMember]) -> tuple[Member, ...]:
    """Return the people of a school file in its order: rows of one name are one person with several roles.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> staff = [SimpleNamespace(name=name, role=role) for name, role in (("Ms Okafor", "DSL"), ("ms  okafor", "Head"))]
    >>> [(member.name, member.role_names) for member in members_of(staff)]
    [('Ms Okafor', 'DSL, Head')]
    """
    held: dict[str, list[StaffMember]] = {}
    for role in staff:
        held.setdefault(plain(role.name), []).append(role)
    return tuple(Member(roles[0].name, tuple(roles)) for roles in held.values())


@dataclass(frozen=True)
class Staff:
    """The members of a school's staff, and the years and forms (by pupil identifier) by which a role is somebody's."""

    members: tuple[Member, ...]
    years: dict[str, object]
    forms: dict[str, str]

    @cached_property
    def by_name(self) -> dict[str, tuple[Member, ...]]:
        """The members by name.

        Examples
        --------
        >>> list(Staff((Member("Ms Okafor", ()),), {}, {}).by_name)
        ['ms okafor']
        """
        return {plain(member.name): (member,) for member in self.members}

    @cached_property
    def by_role(self) -> dict[str, tuple[tuple[Member, StaffMember], ...]]:
        """Who holds each role, for whom.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> lead = Member("Ms Okafor", (SimpleNamespace(role="Attendance Lead"),))
        >>> [(role, [member.name for member, _ in pairs]) for role, pairs in Staff((lead,), {}, {}).by_role.items()]
        [('attendance lead', ['Ms Okafor'])]
        """
        held: dict[str, list[tuple[Member, StaffMember]]] = {}
        for member in self.members:
            for role in member.roles:
                held.setdefault(plain(role.role), []).append((member, role))
        return {role: tuple(pairs) for role, pairs in held.items()}

    def meant_by(self, words: object, pupil_id: object) -> tuple[Member, ...]:
        """Return whom a name or a role means where it is next to a pupil; nobody where the school file has neither.

        A role that several hold is, of each pupil, theirs whose years or forms the pupil is in; else theirs who hold it for
        everyone; else of all of them.

        Examples
        --------
        >>> heads = (("Ms Okafor", 8), ("Mr Lund", 9))
        >>> roles = [StaffMember(name=name, role="Head of Year", year_groups=[year]) for name, year in heads]
        >>> staff = Staff(members_of(roles), {"1": 9}, {})
        >>> [member.name for member in staff.meant_by("head of year", "1")], staff.meant_by("The caretaker", "1")
        (['Mr Lund'], ())
        """
        said = plain(words)
        if said in self.by_name:
            return self.by_name[said]
        holders = self.by_role.get(said, ())
        near = [member for member, role in holders if is_narrow(role) and self.holds(role, pupil_id)]
        general = [member for member, role in holders if not is_narrow(role)]
        return tuple(dict.fromkeys(near or general or [member for member, _ in holders]))

    def holds(self, role: StaffMember, pupil_id: object) -> bool:
        """Whether a pupil is in the years or forms for which a role is held.

        Examples
        --------
        >>> from types import SimpleNamespace
        >>> head = SimpleNamespace(year_groups=[8], forms=[])
        >>> staff = Staff((), {"1": 8, "2": 7}, {})
        >>> staff.holds(head, "1"), staff.holds(head, "2")
        (True, False)
        """
        year, form = self.years.get(str(pupil_id)), plain(self.forms.get(str(pupil_id)))
        return year in role.year_groups or (form != "" and form in map(plain, role.forms))


def is_narrow(role: StaffMember) -> bool:
    """Whether a role is held for some years or forms only.

    Examples
    --------
    >>> head, lead = (StaffMember.model_construct(role="Head", year_groups=years, forms=()) for years in ((8,), ()))
    >>> is_narrow(head), is_narrow(lead)
    (True, False)
    """
    return bool(role.year_groups or role.forms)


@derived
def staff_of(pack: Pack) -> Staff:
    """Return the staff of a pack's school; a pupil's year and form are those of the last enrolment.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "1"], "year_group": [7, 8], "form": ["7A", None]})
    >>> school = SimpleNamespace(pupils=pupils, settings=SimpleNamespace(staff=[]))
    >>> found = staff_of(SimpleNamespace(results={}, school=school))
    >>> found.years, found.forms
    ({'1': 8}, {'1': ''})
    """
    pupils = pack.school.pupils.drop_duplicates("pupil_id", keep="last")
    ids = pupils["pupil_id"].astype(str)
    years = dict(zip(ids, pupils["year_group"].astype(object), strict=True))
    forms = dict(zip(ids, pupils["form"].astype(object).fillna(""), strict=True))
    return Staff(members_of(pack.school.settings.staff), years, forms)


def is_meant(member: Member, words: Sequence[object], pupils: Sequence[object], pack: Pack) -> np.ndarray:
    """Return whether each text (a name or a role) beside a pupil means a member of staff (boolean, one per row)."""
    staff = staff_of(pack)
    return np.array([member in staff.meant_by(*pair) for pair in zip(words, pupils, strict=True)], dtype=bool)


# What is led: interventions of single pupils and support plans that run, or whose review fell due in the school year

PLAN, PLAN_TIER = "Support plan", 3


@derived
def courses_of(pack: Pack) -> pd.DataFrame:
    """Return what was begun for single pupils by a pack's last day, with who leads it.

    Returns
    -------
    pandas.DataFrame
        One row per intervention and per support plan: ``number`` (of the plan, or of the intervention's review), ``pupil_id``,
        ``what``, ``lead`` (as written), ``tier`` (1 to 3; a
        plan, which is for one pupil with the family, counts as 3), ``start_date``, ``end_date``, ``review_date``,
        ``next_step``, ``is_running``, ``is_written`` (an outcome or a next step of the review stands on file),
        ``is_review_overdue`` and ``is_review_due`` (by the end of the second school week after the period).
    """
    day = pd.Timestamp(pack.date_to)
    ahead = Span(pack.school.calendar, pack.date_from, pack.date_to).ahead
    logged = own_interventions(pack.school.interventions, pack.date_to)
    waits = is_review_due(logged, day) & (logged["review_date"] <= ahead)
    courses = logged.assign(
        number=review_numbers(logged),
        what=logged["intervention"],
        is_written=is_filled(logged["outcome"]) | is_filled(logged["next_step"]),
        is_review_overdue=waits & (logged["review_date"] < day),
        is_review_due=waits & (logged["review_date"] >= day),
    )
    plans = plans_of(pack)
    agreed = plans.assign(
        number=plans["plan_id"], what=PLAN, tier=PLAN_TIER, start_date=plans["opened_on"], end_date=plans["closed_on"],
        review_date=plans["review_day"], is_written=plans["reviewed_on"].notna() | is_filled(plans["outcome"]),
    )  # fmt: skip
    found = pd.concat([courses[list(COURSES)], agreed[list(COURSES)]], ignore_index=True)
    return found.astype({name: kind for name, kind in COURSES.items() if kind})


COURSES = {
    "number": None,
    "pupil_id": None, "what": None, "lead": None, "tier": "Int64", "start_date": "datetime64[s]", "end_date": "datetime64[s]",
    "review_date": "datetime64[s]", "next_step": None, "is_running": bool, "is_written": bool, "is_review_overdue": bool,
    "is_review_due": bool,
}  # fmt: skip


def courses_led(member: Member, pack: Pack) -> pd.DataFrame:
    """Return what a member of staff leads of ``courses_of`` on the day: the same columns, one row each."""
    courses = courses_of(pack)
    return courses[is_meant(member, courses["lead"], courses["pupil_id"], pack)].reset_index(drop=True)


# About whom a member may be told what: the pupils of the roles, and of those the kinds of fact of each role


def pupils_of(role: StaffMember, pack: Pack) -> frozenset[str]:
    """Return the pupils on roll about whom a role is told (identifiers), as ``rules/readers.py`` has it."""
    totals, scope = totals_of(pack), reader_of(role.role).scope
    ids = totals["pupil_id"].astype(str)
    staff = staff_of(pack)
    given = np.array([not is_narrow(role) or staff.holds(role, pupil) for pupil in ids], dtype=bool)
    kept = {
        Scope.GIVEN: given & is_narrow(role),
        Scope.GIVEN_OR_ALL: given,
        Scope.SEVERE: given & totals["is_severely_absent"].to_numpy(dtype=bool),
        Scope.NEEDS: given & totals["sen_status"].isin(WITH_NEEDS).to_numpy(dtype=bool),
        Scope.NOBODY: np.zeros(len(ids), dtype=bool),
    }
    return frozenset(ids[kept[scope]])


WITH_NEEDS = ("K", "E")


def seen_by(member: Member, own: Iterable[str], pack: Pack) -> Seen:
    """Return the pupils about whom a member may be told each kind of fact.

    Parameters
    ----------
    member : Member
        The reader.
    own : iterable of str
        The pupils of whom something is the member's own to do (identifiers): of these every role is told its kinds of fact.
    pack : Pack
        Of which the sheet is made.
    """
    theirs = frozenset(own)
    about = {role: pupils_of(role, pack) for role in member.roles}
    told = {
        fact: frozenset().union(
            *(about[role] | theirs for role in member.roles if fact in reader_of(role.role).facts)
        )
        for fact in Fact
    }
    return told | {Fact.OWN: theirs, Fact.WHO: told[Fact.WHO] | theirs}


# Who leads a case: of each pupil the nearest to him or her who is named anywhere


def case_leads(pupil_ids: Iterable[str], pack: Pack) -> list[str]:
    """Return who leads the case of each pupil, as it is written down: name or role; empty where nothing says.

    The lead practitioner of the plan that runs; else of the running intervention of the highest tier, the newest first; else the
    key adult.
    """
    running = courses_of(pack)[courses_of(pack)["is_running"]].copy()
    running = running[is_filled(running["lead"])].assign(is_plan=lambda rows: rows["what"] == PLAN)
    order = ["is_plan", "tier", "start_date"]
    nearest = running.sort_values(
        [*order, "what"], ascending=[False] * len(order) + [True], na_position="last"
    )
    leads = nearest.drop_duplicates("pupil_id").set_index("pupil_id")["lead"].to_dict()
    people = pack.school.pupils.drop_duplicates("pupil_id", keep="last")
    adults = dict(zip(people["pupil_id"].astype(str), people["key_adult"].astype(object), strict=True))
    return [
        leads.get(pupil) or (adults.get(pupil) if plain(adults.get(pupil)) else "") for pupil in pupil_ids
    ]
