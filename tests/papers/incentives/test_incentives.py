"""Raffle and prize pot on a small school whose marks are written down here, and whose tickets are counted by hand."""

import json
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.display.kinds import DRAW_MIME
from attendance_lib.errors import InputError, SettingsError
from attendance_lib.intake.checked_school import no_doubt
from attendance_lib.intake.settings.benchmarks import Targets
from attendance_lib.intake.settings.incentives import IncentiveSettings
from attendance_lib.intake.settings.school_file import Cohort, NoticeSettings
from attendance_lib.pack.pack import pack_of
from attendance_lib.papers.incentives import fairness, poster, sections
from attendance_lib.papers.incentives.opening import open_draw
from attendance_lib.reports.drawn import check_poster, poster_notebook, write_poster
from attendance_lib.rules.calendar import HalfTerm, SchoolCalendar, Term
from attendance_lib.rules.draw import TicketList
from attendance_lib.rules.occasions import Occasions, Rhythm

CALENDAR = SchoolCalendar((Term("202627", "autumn", (HalfTerm(date(2026, 9, 7), date(2026, 12, 18)),)),))
DAYS = [day.date() for day in pd.bdate_range("2026-09-07", "2026-11-27")]
# Twelve school weeks: six before the prize pot's second block, and that block; the raffle's week is the last of them.
WEEK, BLOCK = DAYS[55:60], DAYS[30:60]
PUPILS = [f"{number:02d}" for number in range(24)]
RULES = IncentiveSettings.model_validate(
    {
        "public_value": "the lottery",
        "raffle": [
            {"from": date(2026, 9, 1), "prizes": 2, "reserves": 2, "most_tickets": 10},
            {"from": date(2026, 12, 1), "prizes": 9, "reserves": 2, "most_tickets": 10},
        ],
        "prize_pot": [{"from": date(2026, 9, 1), "prizes": 2, "reserves": 1, "missed": 1, "out_of": 10}],
    }
)
OVERRIDES = pd.DataFrame(
    {
        "pupil_id": ["05", "06", "15"],
        "date_from": pd.to_datetime([WEEK[0], WEEK[0], BLOCK[0]]),
        "date_to": pd.to_datetime([None, WEEK[1], BLOCK[2]]),
        "excuse": ["young carer", "transport", "medical"],
    }
)


def held(pupil, days, am, pm=None):
    """The codes of some days of a pupil."""
    return {(pupil, day, half): code for day in days for half, code in (("AM", am), ("PM", pm or am))}


RAFFLE_MARKS = (
    held("01", WEEK[:1], "L", "\\")  # late once of ten
    | held("02", WEEK, "I") | held("02", DAYS[25:26], "L", "\\")  # ill all week; late once in the six weeks before
    | held("03", WEEK[:4], "G") | held("03", WEEK[4:], "L", "\\")  # away four days, late one of two sessions
    | held("05", WEEK, "L", "\\")  # excused all week
    | held("06", WEEK[:3], "L", "\\")  # excused on two of three
    | held("07", DAYS, "I")  # never there
    | held("08", WEEK[:2], "R")  # a religious festival
    | held("09", WEEK[:1], "U", "\\")  # after the register closed
)  # fmt: skip
POT_MARKS = (
    held("10", BLOCK[:3], "G")  # 6 of 60: exactly one in ten
    | held("11", BLOCK[:3], "G") | held("11", BLOCK[3:4], "O", "\\")  # 7 of 60
    | held("12", BLOCK, "I")  # ill all the time
    | held("13", BLOCK[:4], "R") | held("13", BLOCK[4:5], "M")  # festival and hospital
    | held("14", BLOCK[:4], "G") | held("14", DAYS[:5], "G")  # 8 of 60, after 10 of 60
    | held("15", BLOCK[:4], "G")  # 8 of 60, of which 6 excused
    | held("16", BLOCK[:10], "C2")  # a part-time timetable
)  # fmt: skip
UNKNOWN = {"no_publicity": pd.array([None] * 24, dtype="boolean")}


def school_of(marked, joined=None, overrides=OVERRIDES, redraws=None, **columns):
    sessions = CALENDAR.sessions()[["date", "session"]].query("date <= '2026-11-27'")
    marks = sessions.merge(pd.DataFrame({"pupil_id": PUPILS}), how="cross")
    keys = zip(marks["pupil_id"], marks["date"].dt.date, marks["session"], strict=True)
    marks = marks.assign(code=[marked.get(key, "/" if key[2] == "AM" else "\\") for key in keys])
    first = {pupil: (joined or {}).get(pupil, date(2025, 9, 3)) for pupil in PUPILS}
    marks = marks[marks["date"].dt.date >= marks["pupil_id"].map(first)].reset_index(drop=True)
    roll = pd.DataFrame(
        {
            "pupil_id": PUPILS,
            "surname": [f"Sur{pupil}" for pupil in PUPILS],
            "forename": [f"Fore{pupil}" for pupil in PUPILS],
            "year_group": 9,
            "form": ["9A"] * 20 + ["9S"] * 4,
            "date_of_birth": pd.Timestamp("2013-01-15"),
            "admission_date": pd.to_datetime([first[pupil] for pupil in PUPILS]),
            "leaving_date": pd.Series([pd.NaT] * 24, dtype="datetime64[s]"),
            "sex": ["F", "M"] * 12,
            "sen_status": ["K"] * 6 + ["E"] * 3 + ["N"] * 15,
            "no_publicity": pd.array([False] * 24, dtype="boolean"),
        }
    ).assign(**columns)
    settings = SimpleNamespace(
        file="school.yml",
        school=SimpleNamespace(phase="secondary", name="Tiny School", urn="990003"),
        rules=SimpleNamespace(notices=NoticeSettings(), short_enrolment_sessions=20, suppression_level=5),
        benchmarks=SimpleNamespace(targets=Targets()),
        incentives=RULES,
        occasions=lambda: Occasions(CALENDAR, Rhythm()),
    )
    return SimpleNamespace(
        settings=settings, calendar=CALENDAR, pupils=roll, marks=marks, benchmarks=(), doubtful_marks=no_doubt(),
        interventions=None, actions=None, contacts=None, notices=None, lessons=None, planned_marks=pd.DataFrame(),
        log=SimpleNamespace(files=(), repairs=()), overrides=overrides, redraws=redraws, last_register_day=DAYS[-1],
    )  # fmt: skip


def opened(marked, days=WEEK, cohort="all", **more):
    return pack_of(school_of(marked, **more), (days[0], days[-1]), Cohort(name=cohort, title="Whole school"))


@pytest.fixture(scope="module")
def raffle_pack():
    return opened(RAFFLE_MARKS, joined={"04": WEEK[2]})


@pytest.fixture(scope="module")
def raffle(raffle_pack):
    return open_draw(raffle_pack, "raffle")


@pytest.fixture(scope="module")
def pot():
    return open_draw(opened(POT_MARKS, BLOCK), "prize_pot")


@pytest.fixture(scope="module")
def drawn(raffle_pack, raffle):
    return open_draw(raffle_pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)


# Tickets


@pytest.mark.parametrize(
    ("pupil", "tickets", "why"),
    [
        ("00", 10, ""),
        ("01", 9, "late"),  # 9 of 10 on time
        ("02", 9, "came to no session: by the six weeks before"),  # 59 of 60, of ten tickets: 9.8
        ("03", 5, "late"),  # came to 2, on time to 1
        ("04", 6, "joined within the period"),  # on time always, on roll for 6 of 10
        ("05", 10, ""),
        ("06", 9, "late"),
        ("07", 0, "came to no session in seven weeks"),
        ("08", 10, ""),
        ("09", 9, "late"),
    ],
)
def test_raffle_tickets_are_those_counted_by_hand(raffle, pupil, tickets, why):
    row = raffle.people.set_index("pupil_id").loc[pupil]
    assert (row["tickets"], row["why"]) == (tickets, why)


def test_the_list_holds_each_ticket_in_the_order_of_the_pupils(raffle):
    assert len(raffle.tickets.holders) == 9 + 9 + 5 + 6 + 9 + 0 + 9 + 17 * 10
    row = raffle.people.set_index("pupil_id").loc["02"]
    # Ten of 00 and nine of 01 come before.
    assert (row["first_ticket"], row["last_ticket"]) == (20, 28)
    assert raffle.tickets.draw == "raffle 2026-11-23 2026-11-27"
    assert raffle.tickets.prizes == 2


@pytest.mark.parametrize(
    ("pupil", "meets", "improved"),
    [
        ("00", True, False),
        ("10", True, False),  # exactly 6 of 60
        ("11", False, False),
        ("12", True, False),  # nothing to judge by
        ("13", True, False),
        ("14", False, True),  # 8 of 60 after 10 of 60
        ("15", True, False),  # 2 of 54
        ("16", True, False),
    ],
)
def test_prize_pot_tickets_are_those_counted_by_hand(pot, pupil, meets, improved):
    row = pot.people.set_index("pupil_id").loc[pupil]
    assert (row["meets_rule"], row["is_improved"], row["tickets"]) == (meets, improved, meets + improved)


@pytest.mark.parametrize("code", ["I", "M", "R", "C2", "T"])
def test_each_of_these_codes_alone_costs_no_ticket(code):
    """Eight of sixty sessions: counted, they would be over one in ten."""
    draw = open_draw(opened(held("17", BLOCK[:4], code), BLOCK), "prize_pot")
    row = draw.people.set_index("pupil_id").loc["17"]
    assert (row["missed_sessions"], row["countable_sessions"], row["tickets"]) == (0, 52, 1)


@pytest.mark.parametrize("code", ["C", "E", "S", "G", "N", "O", "U"])
def test_any_other_absence_counts(code):
    draw = open_draw(opened(held("17", BLOCK[:4], code), BLOCK), "prize_pot")
    row = draw.people.set_index("pupil_id").loc["17"]
    assert (row["missed_sessions"], row["countable_sessions"], row["tickets"]) == (8, 60, 0)


def test_who_joined_and_was_late_has_the_part_rounded_up():
    """On time to 4 of 6 sessions is 6 whole tickets of ten; on roll for 6 of 10 sessions they are 3.6, so 4."""
    late = held("04", WEEK[2:4], "L", "\\")
    draw = open_draw(opened(late, joined={"04": WEEK[2]}), "raffle")
    assert draw.people.set_index("pupil_id")["tickets"]["04"] == 4


def test_who_was_nowhere_before_has_nothing_to_improve_on():
    draw = open_draw(opened({}, BLOCK, joined={"17": BLOCK[0]}), "prize_pot")
    row = draw.people.set_index("pupil_id").loc["17"]
    assert (row["earlier_countable_sessions"], row["is_improved"], row["tickets"]) == (0, False, 1)


def test_who_meets_the_rule_and_improves_has_two_tickets():
    better = open_draw(opened(held("17", DAYS[:5], "G"), BLOCK), "prize_pot")
    assert better.people.set_index("pupil_id")["tickets"].loc["17"] == 2


def test_without_a_table_of_overrides_nothing_is_excused_and_the_paper_says_so():
    draw = open_draw(opened(RAFFLE_MARKS, overrides=None), "raffle")
    assert draw.people.set_index("pupil_id")["tickets"].loc["05"] == 5
    assert "overrides" in sections.left_out_words(draw).items[0]


def test_a_ticket_hangs_on_nobody_else(raffle):
    """All of the others late: nobody's own tickets move."""
    others = {key: code for pupil in PUPILS[10:] for key, code in held(pupil, WEEK, "L", "\\").items()}
    after = open_draw(opened(RAFFLE_MARKS | others, joined={"04": WEEK[2]}), "raffle").people.set_index(
        "pupil_id"
    )
    before = raffle.people.set_index("pupil_id")
    assert after["tickets"].loc[PUPILS[:10]].tolist() == before["tickets"].loc[PUPILS[:10]].tolist()


# What is refused


def test_a_draw_without_a_list_written_first_is_refused(raffle_pack):
    with pytest.raises(SettingsError, match="a list must be written before the public value is known"):
        open_draw(raffle_pack, "raffle", "4 8 15")


def test_a_list_that_is_not_the_one_written_first_is_refused(raffle_pack):
    with pytest.raises(InputError, match="is not the list .* that was written first"):
        open_draw(raffle_pack, "raffle", "4 8 15", list_hash="0" * 64)


def test_a_rigged_list_is_refused_with_what_changed(raffle_pack, raffle, tmp_path):
    rigged = TicketList(raffle.tickets.draw, raffle.tickets.rule, 2, 2, (*raffle.tickets.holders, "07", "07"))
    (tmp_path / "list.txt").write_text(rigged.text, encoding="utf-8", newline="\n")
    with pytest.raises(
        InputError, match="It has 219 tickets of 24 pupils, and the registers give 217 of 23"
    ) as said:
        open_draw(
            raffle_pack, "raffle", "4", list_file=str(tmp_path / "list.txt"), list_hash=raffle.tickets.hash
        )
    assert "Sur07" not in str(said.value)


def test_a_list_that_is_none_is_refused(raffle_pack, tmp_path):
    (tmp_path / "list.txt").write_bytes(b"\xff\x00 no list")
    with pytest.raises(InputError, match="is no list of tickets"):
        open_draw(raffle_pack, "raffle", "4", list_file=str(tmp_path / "list.txt"), list_hash="0" * 64)


def test_marks_amended_after_the_list_change_no_ticket_and_are_told(raffle, tmp_path):
    (tmp_path / "list.txt").write_text(raffle.tickets.text, encoding="utf-8", newline="\n")
    amended = opened(RAFFLE_MARKS | held("10", WEEK, "L", "\\"), joined={"04": WEEK[2]})
    draw = open_draw(
        amended, "raffle", "4 8 15", list_file=str(tmp_path / "list.txt"), list_hash=raffle.tickets.hash
    )
    assert draw.tickets == raffle.tickets
    row = draw.people.set_index("pupil_id").loc["10"]
    assert (row["tickets"], row["tickets_today"]) == (10, 5)
    assert "1 pupil would have other tickets" in sections.what_to_know(draw).items[-1]


@pytest.mark.parametrize("days", [DAYS[54:59], DAYS[55:59], DAYS[50:60]])
def test_days_that_are_no_period_of_the_draw_are_refused(days):
    with pytest.raises(SettingsError, match="is not a period of the raffle"):
        open_draw(opened({}, days), "raffle")


def test_the_days_around_a_week_make_no_other_draw(raffle):
    pack = pack_of(
        school_of(RAFFLE_MARKS, joined={"04": WEEK[2]}),
        (date(2026, 11, 21), date(2026, 11, 29)),
        Cohort(name="all", title="W"),
    )
    assert open_draw(pack, "raffle").tickets == raffle.tickets


def test_no_list_is_written_before_its_last_day_is_over():
    pack = opened({}, [*DAYS[55:59], date(2026, 11, 27)])
    pack.school.last_register_day = DAYS[58]
    with pytest.raises(InputError, match="the last register taken is of 2026-11-26"):
        open_draw(pack, "raffle")


def test_another_draw_and_a_school_without_a_rule_are_refused(raffle_pack):
    with pytest.raises(SettingsError, match="there is no draw 'rafle'"):
        open_draw(raffle_pack, "rafle")
    bare = opened({})
    bare.school.settings.incentives = IncentiveSettings()
    with pytest.raises(SettingsError, match="there is no rule of the raffle"):
        open_draw(bare, "raffle")


# What a family is told


def test_each_family_is_told_its_own_tickets_and_how_the_draw_is_made(raffle):
    frame = sections.every_ticket(raffle).frame.set_index("pupil_id")["for_family"]
    # By number: 00 has ten tickets, 01 nine of ten (late once), and 07 was never there.
    days = "23 November 2026 to 27 November 2026"
    assert frame["00"] == f"Your child has tickets 1 to 10 of the 217 in the raffle of {days}."
    assert frame["01"] == f"Your child has tickets 11 to 19 of the 217 in the raffle of {days}."
    assert frame["07"] == f"Your child has no ticket in the raffle of {days}."
    assert not [words for words in frame for name in raffle.people["forename"] if name in words]
    own, how = sections.for_families(raffle).items
    assert "sheet 'tickets'" in own
    assert sections.in_groups(raffle.tickets.hash) in how
    assert "from the lottery" in how


def test_one_ticket_is_told_as_one(pot):
    frame = sections.every_ticket(pot).frame.set_index("pupil_id")
    one = frame[frame["tickets"] == 1].iloc[0]
    assert f"has ticket {one['first_ticket']} of the" in one["for_family"]


# The draw and its poster


def test_the_paper_shows_who_was_drawn_and_the_record_is_kept(drawn):
    frame = sections.winners(drawn).frame
    assert frame["stands"].tolist() == ["prize", "prize", "reserve", "reserve"]
    bundle = sections.how_it_is_drawn(drawn)._repr_mimebundle_()
    record = json.loads(json.dumps(bundle[DRAW_MIME]))
    assert [each["pupil_id"] for each in record["draw"]["winners"]] == frame["pupil_id"].tolist()[:2]
    assert record["list"] == drawn.tickets.text


def test_a_prize_given_up_goes_to_the_first_reserve_with_the_reason(raffle_pack, raffle):
    logged = pd.DataFrame(
        {"draw": [raffle.tickets.draw, "raffle 2026-11-16 2026-11-20"], "place": [1, 2],
         "given_up_because": ["moved away", "other"], "date": pd.to_datetime(["2026-11-30"] * 2)}
    )  # fmt: skip
    pack = opened(RAFFLE_MARKS, joined={"04": WEEK[2]}, redraws=logged)
    draw = open_draw(pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)
    assert sections.winners(draw).frame["stands"].tolist() == [
        "given up: moved away", "prize", "prize, moved up", "reserve",
    ]  # fmt: skip
    assert len(poster.poster_lines(draw)) == 2


def test_a_redraw_of_a_place_that_was_not_drawn_is_told(raffle):
    logged = pd.DataFrame(
        {
            "draw": [raffle.tickets.draw],
            "place": [9],
            "given_up_because": ["x"],
            "date": pd.to_datetime(["2026-11-30"]),
        }
    )
    pack = opened(RAFFLE_MARKS, joined={"04": WEEK[2]}, redraws=logged)
    draw = open_draw(pack, "raffle", "4 8 15", list_hash=raffle.tickets.hash)
    assert any("names place 9, and 4 places were drawn" in item for item in sections.what_to_know(draw).items)


def names_on_poster(draw):
    return poster.poster_lines(draw)


def with_winners(pupils, **columns):
    """A raffle in which only these pupils hold tickets: everybody else was never there."""
    away = {
        key: code for pupil in PUPILS if pupil not in pupils for key, code in held(pupil, DAYS, "I").items()
    }
    pack = opened(away, overrides=None, **columns)
    first = open_draw(pack, "raffle")
    return open_draw(pack, "raffle", "7", list_hash=first.tickets.hash)


def test_the_poster_says_first_names_and_forms():
    assert sorted(names_on_poster(with_winners(["03", "04"]))) == ["Fore03, 9A", "Fore04, 9A"]


def test_a_form_of_fewer_than_ten_is_named_by_school_alone():
    assert sorted(names_on_poster(with_winners(["03", "21"]))) == ["A pupil of Tiny School", "Fore03, 9A"]


def test_of_a_form_of_exactly_ten_the_winner_is_named():
    for in_form, named in ((10, "Fore03, 9A"), (9, "A pupil of Tiny School")):
        draw = with_winners(["03", "20"], form=["9A"] * in_form + ["9S"] * (24 - in_form))
        assert named in names_on_poster(draw)


def test_a_poster_is_checked_when_it_is_written(monkeypatch, tmp_path):
    """Whatever made the page say more, the pack is refused."""
    from attendance_lib.errors import DisclosureError
    from attendance_lib.reports import drawn

    write = drawn.write_html

    def with_a_surname(notebook, page):
        warnings = write(notebook, page)
        said = page.read_text(encoding="utf-8")
        page.write_text(said.replace("</main>", "<p>Sur07</p></main>"), encoding="utf-8")
        return warnings

    monkeypatch.setattr(drawn, "write_html", with_a_surname)
    with pytest.raises(DisclosureError):
        drawn.write_poster(poster.poster_of(with_winners(["03", "04"])), tmp_path)


def test_who_is_not_to_be_named_is_not_and_not_known_is_not_yes():
    flags = pd.array([False] * 3 + [True, None] + [False] * 19, dtype="boolean")
    assert names_on_poster(with_winners(["03", "04"], no_publicity=flags)) == ["A pupil of Tiny School"] * 2
    unknown = with_winners(["03", "04"], **UNKNOWN)
    assert names_on_poster(unknown) == ["A pupil of Tiny School"] * 2
    assert "has no column no_publicity" in poster.poster(unknown).items[-1]


def test_nothing_else_of_the_roll_can_be_read_from_the_poster(tmp_path):
    from pypdf import PdfReader

    draw = with_winners(["03", "21"])
    assert write_poster(poster.poster_of(draw), tmp_path) == []
    page = (tmp_path / "poster.html").read_text(encoding="utf-8")
    pdf = PdfReader(tmp_path / "poster.pdf")
    printed = (
        "".join(each.extract_text() for each in pdf.pages)
        + str(pdf.metadata)
        + str(pdf.xmp_metadata and pdf.xmp_metadata.dc_title)
    )
    for text in (page, printed):
        assert "Fore03, 9A" in text
        for pupil in draw.pack.school.pupils.itertuples():
            assert pupil.surname not in text
            assert pupil.pupil_id == "03" or pupil.forename not in text
        assert "9S" not in text
        assert "990003" not in text


@pytest.mark.parametrize(
    ("put", "beside"),
    [
        ("<p>Sur07</p>", "</main>"),
        ("<!-- Sur07 -->", "</main>"),
        ('<img alt="Sur07" src="data:,">', "</main>"),
        ("<script>let it = 'Sur07'</script>", "</main>"),
        ("<title>Sur07</title>", "</head>"),
        (" and Sur07", "</li>"),
    ],
)
def test_a_poster_that_says_anything_else_is_refused(put, beside):
    from attendance_lib.display.exporters import AttendanceHTMLExporter
    from attendance_lib.errors import DisclosureError

    said = poster.poster_of(with_winners(["03", "21"]))
    page, _ = AttendanceHTMLExporter().from_notebook_node(poster_notebook(said))
    check_poster(page, said)
    assert beside in page
    with pytest.raises(DisclosureError, match="besides its own lines"):
        check_poster(page.replace(beside, put + beside, 1), said)


def test_before_the_draw_there_is_no_poster(raffle, tmp_path):
    assert write_poster(poster.poster_of(raffle), tmp_path) == []
    assert list(tmp_path.iterdir()) == []


# Fairness


def test_fairness_counts_tickets_a_pupil_and_withholds_few(raffle):
    frame = fairness.fairness(raffle).frame.set_index("group")
    support = frame.loc["SEN support"]
    # 00 to 05: 10, 9, 9, 5, 6 and 10 tickets; the other 18 have 9 + 0 + 10 + 9 + 140 = 168 and 06 to 09 among them.
    assert (support["pupils"], support["tickets"]) == (6, 49)
    assert support["others_per_100"] == pytest.approx(100 * (217 - 49) / 18)
    assert support["finding"] == ""
    plan = frame.loc["Education, health and care plan"]
    assert plan["finding"] == "withheld: few pupils"
    assert plan[["pupils", "tickets", "tickets_per_100", "others_per_100", "ratio_rate"]].isna().all()


def test_a_chance_under_four_fifths_is_flagged_with_its_cause():
    # SEN support late on two of ten sessions: 8 beside 10 is exactly four fifths, and stands; a third is under it.
    late = {key: code for pupil in PUPILS[:6] for key, code in held(pupil, WEEK[:2], "L", "\\").items()}
    assert finding_of(late) == ""
    assert finding_of(late | held("00", WEEK[:3], "L", "\\")) == "under 80%: lateness"


@pytest.mark.parametrize(("least", "is_withheld"), [(5, False), (4, True)])
def test_a_group_beside_few_others_is_withheld_as_a_small_one_is(least, is_withheld):
    """All but so many girls: whoever knows the school's tickets would have those few boys' by taking away."""
    for few in ("F", "M"):
        others = "M" if few == "F" else "F"
        sexes = [few] * least + [others] * (24 - least)
        frame = fairness.fairness(open_draw(opened({}, sex=sexes), "raffle")).frame.set_index("group")
        for name in ("Girls", "Boys"):
            assert (frame["finding"].loc[name] == "withheld: few pupils") is is_withheld, (few, name)
            assert bool(pd.isna(frame["tickets"].loc[name])) is is_withheld


def test_of_whom_a_group_is_not_known_is_counted_on_neither_side():
    # Twelve girls, six boys and six of whom nothing is known, who were late on every session.
    late = {key: code for pupil in PUPILS[18:] for key, code in held(pupil, WEEK, "L").items()}
    sexes = ["F"] * 12 + ["M"] * 6 + [None] * 6
    frame = fairness.fairness(open_draw(opened(late, sex=sexes), "raffle")).frame.set_index("group")
    assert frame.loc["Girls", ["pupils", "tickets", "others_per_100"]].tolist() == [12, 120, 1000]
    assert frame.loc["Boys", ["pupils", "tickets", "others_per_100"]].tolist() == [6, 60, 1000]


def finding_of(marked):
    draw = open_draw(opened(marked, overrides=None), "raffle")
    return fairness.fairness(draw).frame.set_index("group")["finding"].loc["SEN support"]


def test_the_notes_say_what_the_largest_trial_found(raffle):
    said = " ".join(fairness.what_is_known(raffle).items)
    assert "15,329 pupils" in said
    assert "Robinson" in said
