"""Could a referral go? Invented cases, each worked by hand from the law and guidance beside it, asked of the whole chain.

The pupil is Ada Abara (0001, Year 9, no special need), her mother A. Abara, the day Friday 20 November 2026. The ten school weeks
up to it begin on 7 September: seven up to half term (26 to 30 October) and three after it. A case is READY but for what it says.

READY: ten sessions of O in the week of 5 to 9 October, so that the threshold was met on Friday the 9th; a mentor, and a plan, since
14 September, reviewed on 30 October; a letter and a visit; a notice to improve to the mother, 12 October to 13 November, not met;
considered on 16 November, support appropriate and no disability; one address.

SI 2024/210 is the Education (Penalty Notices) (England) (Amendment) Regulations 2024; SI 2024/208 the School Attendance (Pupil
Registration) (England) Regulations 2024; WTISA is "Working together to improve school attendance", whose paragraph numbers were not
read except where one is given; "LA" is an authority's own code of conduct.
"""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from attendance_lib.analysis.notice_cases import cases_of
from attendance_lib.intake.schema import CONSIDERED, CONTACTS, INTERVENTIONS, NOTICES, PARENTS, PLANS
from attendance_lib.intake.settings.authority_file import NOT_NAMED, load_authority
from attendance_lib.intake.settings.school_file import LocalNotice, NationalFramework, NoticeSettings
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.notice_gate import Answer, Case, gate
from tests.papers.conftest import AUTUMN, NATIONAL, PERIOD

GO, MISSING, RESOLVE = Answer.COULD_GO, Answer.MISSING, Answer.RESOLVE
NO_NOTICE, SUPPORT, WAIT, LATE, NOT_MET = (
    Answer.NO_NOTICE, Answer.SUPPORT_FIRST, Answer.WAIT, Answer.TOO_LATE, Answer.NOT_MET,
)  # fmt: skip
NO_CASE = None

FRAMEWORK = "SI 2024/210, national threshold, as Manchester's code quotes it; WTISA, paragraph not read"
SCHOOL_WEEK = "SI 2024/210, school week: any week in which there is at least one school session"
FROM = "SI 2024/210, in force 19 August 2024: the date of the absence decides"
CODES = "SI 2024/210: any of G, N, O, U"
OF_N = "SI 2024/208 regulation 10(7) to (9); WTISA July 2026 paragraphs 407 to 409"
PACK_OF_N = "LA: no N left in the period, no missing mark (list of five authorities)"
LIMIT = "SI 2024/210: two to a parent for a child in the three years ending on the day proposed (West Northants' code)"
WITHDRAWN = "Manchester's code, paragraph 4.3: withdrawn notices do not count; unpaid and prosecuted ones do"
PARENTS_APART = "SI 2024/210: each parent and each child separately"
AGE = "Education Act 1996 section 8: compulsory school age"
HOLIDAY = "WTISA, notice to improve: not needed for a holiday in term time, paragraph not read"
IMPROVE = "WTISA, notice to improve: before a notice where support is appropriate, paragraph not read"
CONSIDER = "WTISA, national framework: the school must consider, case by case, paragraph not read"
EQUALITY = "Equality Act 2010 sections 15 and 20 (not read for this); WTISA, paragraph not read"
SOUTHWARK_10 = "Southwark's code, chapters 5, 7, 8 and 10: holiday forms within 10 school days of return"
ROTHERHAM_10 = "Rotherham's code, chapters 7 and 8: within 10 working days of the final warning"
EARLY = "Buckinghamshire, notices to improve: considered after 3 weeks = 30 sessions"
ADDRESS = "LA: parents' names and addresses (list of five authorities)"

WEEK = [f"2026-10-{day:02d}" for day in range(5, 10)]
READY = {
    "absent": {"O": WEEK},
    "parents": ["P1 0001 'A. Abara' mother 1"],
    "notices": ["NTI 'A. Abara' 2026-10-12 2026-11-13 'not met'"],
    "considered": ["2026-11-16 yes no"],
    "interventions": ["Mentor 2026-09-14"],
    "plans": ["2026-09-14 2026-10-30"],
    "contacts": ["2026-10-06 letter", "2026-10-08 'home visit'"],
}
PROFILES = Path(__file__).resolve().parents[2] / "params" / "authorities"
YEARS = SchoolCalendar(
    (
        Term("202526", "summer", (HalfTerm(date(2026, 6, 1), date(2026, 7, 17)),)),
        Term("202627", "autumn", AUTUMN),
    )
)
EARLIER = SchoolCalendar(
    (Term("202627", "autumn", (HalfTerm(date(2026, 8, 31), date(2026, 10, 23)), AUTUMN[1])),)
)
INSET_WEEK = SchoolCalendar(EARLIER.terms, inset=tuple(date(2026, 11, day) for day in range(9, 14)))
BEFORE_LAW = SchoolCalendar(
    (
        Term("202324", "summer", (HalfTerm(date(2024, 6, 3), date(2024, 7, 19)),)),
        Term("202425", "autumn", (HalfTerm(date(2024, 9, 2), date(2024, 10, 25)),)),
    )
)
HERE_BEFORE = {"0001": {"admission_date": pd.Timestamp("2023-09-01")}}
WITHOUT_N = NoticeSettings(
    national_framework=NationalFramework(**{"from": date(2024, 8, 19), "count_n": False})
)
TERM_RULE = LocalNotice(**{"name": "10 in a term", "sessions": 10, "terms": 1, "from": date(2025, 9, 1)})
SUPPORT_NOT_APPROPRIATE = {"considered": ["2026-11-16 no no"], "notices": []}
G_WEEK = {"absent": {"G": WEEK}, "notices": [], "interventions": [], "plans": []}
LATE_G = {
    "absent": {"G": [f"2026-11-{day:02d}" for day in range(9, 14)]},
    "notices": [],
    "interventions": [],
    "plans": [],
}
NTI = READY["notices"]
NOVEMBER = [f"2026-11-{day:02d}" for day in range(2, 7)]
REFUSED = "2026-11-16 no no leave_asked_on=2026-10-20 leave_refused_on=2026-10-21"
EARLY_HELP = ["2026-09-14 2026-10-30 early_help_offered_on=2026-09-21 agencies=CAMHS"]
PN = "PN 'A. Abara' 2025-11-10 - paid 2025-10-31"
PN_2 = "PN 'A. Abara' 2026-03-09 - unpaid 2026-02-27"

CASES = [
    # What is in the case, what it changes of READY, the answer, the checks that stand in the way, and where the rule is
    # The threshold
    ("ten sessions in one week", {}, GO, "", FRAMEWORK),
    ("nine sessions: four days and a morning", {"absent": {"O": [*WEEK[:4], "2026-10-09 AM"]}}, NO_CASE, "", FRAMEWORK),
    ("a day in each of five weeks: not consecutive",
     {"absent": {"O": ["2026-09-07", "2026-09-14", "2026-09-21", "2026-09-28", "2026-10-05"]}}, GO, "", FRAMEWORK),
    ("six in a week and one a week for four weeks",
     {"absent": {"O": [*WEEK[:3], "2026-09-07 AM", "2026-09-14 AM", "2026-09-21 PM", "2026-09-28 AM"]}}, GO, "", FRAMEWORK),
    ("G, O and U together", {"absent": {"G": WEEK[:1], "O": WEEK[1:3], "U": WEEK[3:]}}, GO, "", CODES),
    ("eight O and two L: late before closing is present", {"absent": {"O": WEEK[:4], "L": WEEK[4:]}}, NO_CASE, "", CODES),
    ("eight O and two I: illness is authorised", {"absent": {"O": WEEK[:4], "I": WEEK[4:]}}, NO_CASE, "", CODES),
    ("two in summer and eight in autumn",
     {"absent": {"O": ["2026-07-13", "2026-09-07", "2026-09-08", "2026-09-09", "2026-09-10"]}, "calendar": YEARS,
     "period": (date(2026, 9, 14), date(2026, 9, 18)), "considered": ["2026-09-15 no no"], "notices": []}, GO, "", FRAMEWORK),
    ("7 September is in the window, for half term is no school week",
     {"absent": {"O": ["2026-09-07", "2026-09-08", "2026-11-04", "2026-11-05", "2026-11-06"]}}, GO, "", SCHOOL_WEEK),
    ("1 September is out of the ten weeks: met in October, no longer",
     {"absent": {"O": ["2026-09-01", *WEEK[:4]]}, "calendar": EARLIER}, NOT_MET, "threshold", FRAMEWORK),
    ("1 September is out of the ten weeks, and eight were never enough",
     {"absent": {"O": ["2026-09-01", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"]}, "calendar": EARLIER}, NO_CASE,
     "", FRAMEWORK),
    ("a week of INSET alone is no school week, so 1 September is in",
     {"absent": {"O": ["2026-09-01", "2026-11-03", "2026-11-04", "2026-11-05", "2026-11-06"]}, "calendar": INSET_WEEK}, GO, "",
     SCHOOL_WEEK),
    ("six of July 2024 and eight of September 2024",
     {"absent": {"O": ["2024-07-15", "2024-07-16", "2024-07-17", "2024-09-02", "2024-09-03", "2024-09-04", "2024-09-05"]},
     "calendar": BEFORE_LAW, "people": HERE_BEFORE, "period": (date(2024, 9, 9), date(2024, 9, 20))}, NO_CASE, "", FROM),
    ("ten of September 2024",
     {"absent": {"O": [f"2024-09-{day:02d}" for day in range(2, 7)]}, "calendar": BEFORE_LAW, "people": HERE_BEFORE,
     "period": (date(2024, 9, 9), date(2024, 9, 20)), "considered": ["2024-09-10 no no"], "notices": []}, GO, "", FROM),
    ("a local rule alone: ten in a term",
     {"rules": NoticeSettings(local=(TERM_RULE,))}, GO, "", "LA: a local trigger, inclusive; the school's own settings"),
    # N and missing marks
    ("ten, of which four are N", {"absent": {"O": WEEK[:3], "N": WEEK[3:]}}, RESOLVE, "N", OF_N),
    ("ten O and a day of N elsewhere in the window", {"absent": {"O": WEEK, "N": ["2026-11-18"]}}, RESOLVE, "N", PACK_OF_N),
    ("ten O and a morning without a mark", {"absent": {"O": WEEK, "": ["2026-11-10 AM"]}}, RESOLVE, "missing marks", PACK_OF_N),
    ("a mark missing before the window", {"absent": {"O": WEEK, "": ["2026-09-01"]}, "calendar": EARLIER}, GO, "", PACK_OF_N),
    ("eight O and two N where N does not count",
     {"absent": {"O": WEEK[:4], "N": WEEK[4:]}, "rules": WITHOUT_N}, NO_CASE, "", CODES),
    ("ten O and two N where N does not count: still in the pack",
     {"absent": {"O": WEEK, "N": ["2026-11-18"]}, "rules": WITHOUT_N}, RESOLVE, "N", PACK_OF_N),
    # Two in three years
    ("one a year ago: this would be the second", {"notices": [*NTI, PN]}, GO, "", LIMIT),
    ("two in the three years", {"notices": [*NTI, PN, PN_2]}, NO_NOTICE, "notices in three years", LIMIT),
    ("two, of which one was withdrawn", {"notices": [*NTI, PN, PN_2.replace("unpaid", "withdrawn")]}, GO, "", WITHDRAWN),
    ("two, of which one is a draft", {"notices": [*NTI, PN, PN_2.replace("unpaid", "draft")]}, GO, "", LIMIT),
    ("two, of which one came before 19 August 2024",
     {"notices": [*NTI, PN_2, "PN 'A. Abara' 2024-06-10 - paid 2024-05-24"]}, GO, "", FROM),
    ("two, of which one was for absence of July 2024",
     {"notices": [*NTI, PN_2, "PN 'A. Abara' 2024-09-10 - paid 2024-07-12"]}, GO, "", FROM),
    ("two to another parent",
     {"notices": [*NTI, PN.replace("A. Abara", "B. Abara"), PN_2.replace("A. Abara", "B. Abara")],
     "parents": [*READY["parents"], "P2 0001 'B. Abara' father 1"]}, GO, "", PARENTS_APART),
    ("two for her brother",
     {"notices": [*NTI, f"0002 {PN}", f"0002 {PN_2}"], "parents": [*READY["parents"], "P1 0002 'A. Abara' mother 1"]}, GO, "",
     PARENTS_APART),
    ("one that names no parent",
     {"notices": [*NTI, PN.replace("'A. Abara'", "''")]}, MISSING, "notices in three years", PARENTS_APART),
    ("one to somebody who is not on the list",
     {"notices": [*NTI, PN.replace("A. Abara", "C. Other")]}, MISSING, "notices in three years", PARENTS_APART),
    ("the same parent in capitals and by her number",
     {"notices": [*NTI, PN.replace("A. Abara", "a.  ABARA"), PN_2.replace("A. Abara", "p1")]}, NO_NOTICE,
     "notices in three years", LIMIT),
    ("a notice for these very sessions",
     {"notices": [*NTI, "PN 'A. Abara' 2026-11-16 - issued 2026-10-09"]}, NO_CASE, "",
     "One notice uses its sessions up (DOMAIN's algorithm; WTISA paragraph not read)"),
    ("no log of notices", {"notices": None}, MISSING, "notices in three years, notice to improve", LIMIT),
    # The parent
    ("two addresses", {"parents": ["P1 0001 'A. Abara' mother 2"]}, MISSING, "parent", ADDRESS),
    ("no address", {"parents": ["P1 0001 'A. Abara' mother 0"]}, MISSING, "parent", ADDRESS),
    ("nobody says how many addresses", {"parents": ["P1 0001 'A. Abara' mother -"]}, MISSING, "parent", ADDRESS),
    ("no parent on file", {"parents": None}, MISSING, "parent, notice to improve", PARENTS_APART),
    ("two rows that agree are one parent", {"parents": READY["parents"] * 2}, GO, "", PARENTS_APART),
    ("two rows that differ", {"parents": [*READY["parents"], "P1 0001 'A. Abara' aunt 1"]}, MISSING, "parent", PARENTS_APART),
    ("two parents of one name: which one got the notice to improve?",
     {"parents": [*READY["parents"], "P2 0001 'A. Abara' father 1"]}, MISSING, "notice to improve, parent", PARENTS_APART),
    ("a notice to improve that names no parent",
     {"notices": ["NTI '' 2026-10-12 2026-11-13 'not met'"]}, MISSING, "notice to improve", PARENTS_APART),
    ("a notice to improve to somebody who is not on the list",
     {"notices": ["NTI 'C. Other' 2026-10-12 2026-11-13 'not met'"]}, MISSING, "notice to improve", PARENTS_APART),
    ("hers, and another that names no parent",
     {"notices": [*NTI, "NTI '' 2026-10-12 2026-11-13 'not met'"]}, GO, "", PARENTS_APART),
    ("a notice to improve that names no parent and ended before this window",
     {"notices": ["NTI '' 2026-07-20 2026-09-04 'not met'"]}, SUPPORT, "notice to improve", PARENTS_APART),
    # Age
    ("no date of birth", {"people": {"0001": {"date_of_birth": pd.NaT}}}, MISSING, "school age", AGE),
    ("seventeen, in Year 12",
     {"people": {"0001": {"date_of_birth": pd.Timestamp("2009-01-15"), "year_group": 12}}}, NO_CASE, "", AGE),
    # Holidays
    ("ten G: no support and no notice to improve are asked", G_WEEK, GO, "", HOLIDAY),
    ("ten G and nobody considered it", G_WEEK | {"considered": []}, MISSING, "considered", CONSIDER),
    ("eight G and two O: support is asked",
     {"absent": {"G": WEEK[:4], "O": WEEK[4:]}, "notices": []}, SUPPORT, "notice to improve", HOLIDAY),
    ("ten G, back on 16 November, leave asked for and refused: by 30 November",
     LATE_G | {"authority": "southwark",
     "considered": ["2026-11-16 no no leave_asked_on=2026-10-20 leave_refused_on=2026-10-22"]}, GO, "", SOUTHWARK_10),
    ("ten G, back on 16 November, no refusal on file",
     LATE_G | {"authority": "southwark", "considered": ["2026-11-16 no no leave_asked_on=2026-10-20"]}, MISSING, "evidence",
     SOUTHWARK_10),
    ("ten G, back on 12 October: it was due on 2 November",
     G_WEEK | {"authority": "southwark",
     "considered": ["2026-10-13 no no leave_asked_on=2026-09-20 leave_refused_on=2026-09-22"]}, LATE, "deadline",
     SOUTHWARK_10),
    # Support
    ("no notice to improve", {"notices": []}, SUPPORT, "notice to improve", IMPROVE),
    ("one that runs to 4 December",
     {"notices": ["NTI 'A. Abara' 2026-10-12 2026-12-04 active"]}, WAIT, "notice to improve", IMPROVE),
    ("one that ends today", {"notices": ["NTI 'A. Abara' 2026-10-12 2026-11-20 active"]}, WAIT, "notice to improve", IMPROVE),
    ("one that ended yesterday, and nobody wrote how",
     {"notices": ["NTI 'A. Abara' 2026-10-12 2026-11-19 active"]}, MISSING, "notice to improve", IMPROVE),
    ("one that was met", {"notices": ["NTI 'A. Abara' 2026-10-12 2026-11-13 met"]}, SUPPORT, "notice to improve", IMPROVE),
    ("one of which the log has no last day",
     {"notices": ["NTI 'A. Abara' 2026-10-12 - active"]}, MISSING, "notice to improve", IMPROVE),
    ("one that was withdrawn",
     {"notices": ["NTI 'A. Abara' 2026-10-12 2026-11-13 withdrawn"]}, SUPPORT, "notice to improve", IMPROVE),
    ("one that ended before this window",
     {"notices": ["NTI 'A. Abara' 2026-08-03 2026-09-04 'not met'"]}, SUPPORT, "notice to improve", IMPROVE),
    ("neither support nor a notice to improve",
     {"notices": [], "interventions": [], "plans": []}, SUPPORT, "support, notice to improve", IMPROVE),
    ("no log of support, no notice to improve asked of it",
     {"notices": [], "interventions": None, "plans": None}, SUPPORT, "support, notice to improve", IMPROVE),
    ("support was recorded as not appropriate", SUPPORT_NOT_APPROPRIATE, GO, "", IMPROVE),
    ("half of the period is over where the authority may be asked early",
     {"notices": ["NTI 'A. Abara' 2026-10-12 2026-12-04 active"], "authority": "buckinghamshire"}, MISSING,
     "notice to improve", EARLY),
    ("less than half of it",
     {"notices": ["NTI 'A. Abara' 2026-11-02 2026-12-11 active"], "authority": "buckinghamshire"}, WAIT, "notice to improve",
     EARLY),
    # Disability
    ("recorded as arising from a disability", {"considered": ["2026-11-16 yes yes"]}, NO_NOTICE, "disability", EQUALITY),
    ("SEN support, and nobody said whether it arises from that",
     {"considered": ["2026-11-16 yes -"], "people": {"0001": {"sen_status": "K"}}}, MISSING, "disability", EQUALITY),
    ("SEN support, recorded as not arising from it", {"people": {"0001": {"sen_status": "K"}}}, GO, "", EQUALITY),
    # Considering
    ("considered before the threshold was met", {"considered": ["2026-10-01 yes no"]}, MISSING, "considered", CONSIDER),
    ("considered of another parent", {"considered": ["2026-11-16 yes no parent=B.Abara"]}, MISSING, "considered", CONSIDER),
    ("considered tomorrow is not yet", {"considered": ["2026-11-21 yes no"]}, MISSING, "considered", CONSIDER),
    # Deadlines of other cases
    ("Rotherham, ended on 30 October: it was due on 13 November",
     {"notices": ["NTI 'A. Abara' 2026-10-12 2026-10-30 'not met'"], "authority": "rotherham", "plans": EARLY_HELP,
     "people": {"0001": {"family_id": "F1"}}}, LATE, "deadline", ROTHERHAM_10),
    ("Rotherham, ended on 13 November: due on 27 November",
     {"authority": "rotherham", "plans": EARLY_HELP, "people": {"0001": {"family_id": "F1"}}}, GO, "", ROTHERHAM_10),
    ("Rotherham, ended on 6 November: the tenth working day is today",
     {"authority": "rotherham", "notices": ["NTI 'A. Abara' 2026-10-05 2026-11-06 'not met'"], "plans": EARLY_HELP,
     "people": {"0001": {"family_id": "F1"}}}, GO, "", ROTHERHAM_10),
    ("Rotherham, ended on 5 November: the tenth was yesterday",
     {"authority": "rotherham", "notices": ["NTI 'A. Abara' 2026-10-05 2026-11-05 'not met'"], "plans": EARLY_HELP,
     "people": {"0001": {"family_id": "F1"}}}, LATE, "deadline", ROTHERHAM_10),
    ("Southwark, ten G over half term, back on 6 November: the tenth school day is today",
     G_WEEK | {"absent": {"G": ["2026-10-23", *NOVEMBER[:4]]}, "authority": "southwark", "considered": [REFUSED]}, GO, "",
     SOUTHWARK_10),
    ("Southwark, ten G over half term, back on 5 November: the tenth was yesterday",
     G_WEEK | {"absent": {"G": ["2026-10-22", "2026-10-23", *NOVEMBER[:3]]}, "authority": "southwark", "considered": [REFUSED]},
     LATE, "deadline", SOUTHWARK_10),
    ("Rotherham, no other agency and no family on file", {"authority": "rotherham"}, MISSING, "evidence", ADDRESS),
]  # fmt: skip


def words_of(text):
    """A row's cells: words, those in quotes together; "-" is nothing."""
    import shlex

    return [None if word == "-" else word for word in shlex.split(text)]


def notices_of(rows):
    for number, text in enumerate(rows):
        words = words_of(text)
        pupil = words.pop(0) if words[0][0] == "0" else "0001"
        kind = {"NTI": "notice to improve", "PN": "penalty notice"}[words[0]]
        told = dict(
            zip(
                ("parent", "issued_on", "ends_on", "status", "acted_on_through_date"), words[1:], strict=False
            )
        )
        yield {"notice_id": f"N{number}", "pupil_id": pupil, "kind": kind, **told}


def parents_of(rows):
    for text in rows:
        parent, pupil, name, relation, addresses = words_of(text)
        yield {
            "parent_id": parent,
            "pupil_id": pupil,
            "name": name,
            "relation": relation,
            "addresses": addresses and int(addresses),
        }


FLAGS = {"yes": True, "no": False, None: None}


def considered_of(rows):
    for text in rows:
        day, appropriate, related, *more = words_of(text)
        told = dict(each.split("=") for each in more)
        yield {
            "pupil_id": "0001",
            "considered_on": day,
            "support_appropriate": FLAGS[appropriate],
            "disability_related": FLAGS[related],
            **told,
        }


def plans_of(rows):
    for number, text in enumerate(rows):
        opened, reviewed, *more = words_of(text)
        told = dict(each.split("=") for each in more)
        yield {
            "plan_id": f"SP{number}",
            "pupil_id": "0001",
            "opened_on": opened,
            "reviewed_on": reviewed,
            **told,
        }


def interventions_of(rows):
    for text in rows:
        name, start = words_of(text)
        yield {"pupil_id": "0001", "intervention": name, "tier": "2", "start_date": start}


def contacts_of(rows):
    for text in rows:
        day, mode = words_of(text)
        yield {"contact_id": day, "pupil_id": "0001", "date": day, "mode": mode}


LOGS = {
    "parents": (parents_of, PARENTS), "notices": (notices_of, NOTICES), "considered": (considered_of, CONSIDERED),
    "interventions": (interventions_of, INTERVENTIONS), "plans": (plans_of, PLANS), "contacts": (contacts_of, CONTACTS),
}  # fmt: skip


@pytest.fixture
def case_in(make_pack, make_log):
    """The case of the mother in a pack of READY with some of it changed; None if there is none."""

    def find(changes):
        facts = READY | changes
        logs = {
            name: None if facts[name] is None else make_log(*rows_of(facts[name]), columns=table.column_names)
            for name, (rows_of, table) in LOGS.items()
        }
        authority = facts.get("authority")
        pack = make_pack(
            {"0001": facts["absent"]},
            rules=facts.get("rules", NoticeSettings(national_framework=NATIONAL)),
            period=facts.get("period", PERIOD),
            calendar=facts.get("calendar", SchoolCalendar((Term("202627", "autumn", AUTUMN),))),
            people={"0001": {"sen_status": "N"}} | facts.get("people", {}),
            authority=load_authority(PROFILES / f"{authority}.yml") if authority else NOT_NAMED,
            **logs,
        )
        found = [
            each for each in cases_of(pack) if each.pupil_id == "0001" and not each.parent.startswith("B.")
        ]
        return found[0] if found else None

    return find


@pytest.mark.parametrize(
    ("said", "changes", "answer", "in_the_way", "paragraph"), CASES, ids=[case[0] for case in CASES]
)
def test_the_answer_of_a_case_worked_by_hand(case_in, said, changes, answer, in_the_way, paragraph):
    found = case_in(changes)
    assert (found and found.gate.answer) == answer, paragraph
    if found:
        assert {each.name for each in found.gate.to_do} == set(filter(None, in_the_way.split(", ")))


NOBODY_KNOWS = Case(
    on=PERIOD[1], counted=10, needed=10, counts_n=True, n=0, missing=0, g=0, first_met=None, window_start=PERIOD[0], is_of_age=None,
    notices=None, loose_notices=None, parent_is_listed=False, addresses=None, parent_doubt="", disability_related=None,
    has_need=False, support_appropriate=None, is_supported=None, improvement=None, notices_are_known=False, considered_on=None,
)  # fmt: skip


def test_there_are_fifty_cases_and_more_and_each_answer_is_among_them():
    assert len(CASES) >= 50
    assert len({case[0] for case in CASES}) == len(CASES)
    assert {case[2] for case in CASES} == {NO_CASE, *Answer}
    # Each check stands in the way of some case, and of another it does not: were it left out, a case would fail.
    of_some = [set(filter(None, case[3].split(", "))) for case in CASES]
    names = {check.name for check in gate(NOBODY_KNOWS).checks}
    assert set().union(*of_some) == names
    assert all(any(name not in each for each in of_some) for name in names)


def test_the_other_parent_of_a_child_has_an_answer_of_his_own(make_pack, make_log, case_in):
    """The father got two penalty notices; no notice to improve either. The mother's case is ready."""
    notices = [*NTI, PN.replace("A. Abara", "B. Abara"), PN_2.replace("A. Abara", "B. Abara")]
    mother = case_in({"notices": notices, "parents": [*READY["parents"], "P2 0001 'B. Abara' father 1"]})
    assert mother.gate.answer is GO


def test_days_left_are_counted_in_the_authority_s_own_days(case_in):
    """Back on Monday 16 November, day 0: the tenth school day is Monday 30 November, six after Friday the 20th."""
    refused = {"considered": ["2026-11-16 no no leave_asked_on=2026-10-20 leave_refused_on=2026-10-22"]}
    found = case_in(LATE_G | refused | {"authority": "southwark"})
    assert (found.case.deadline, found.days_left, found.deadline_unit) == (
        date(2026, 11, 30),
        6,
        "school days",
    )
