"""The admission register of the demo school: who is on roll, when, and with what characteristics."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.demo.timetable import Timetable
from attendance_lib.intake.schema import PUPILS
from attendance_lib.rules.groups import YES_OR_NO

# Invented names: pools of forenames and surnames that are put together at random

GIRLS = tuple(
    "Zoë Siân Amélie Renée Chloë Niamh Saoirse Aisling Freya Imogen Poppy Florence Matilda Harriet Beatrix Orla"
    " Esmé Maïa Anaïs Aïsha Fatima Zainab Maryam Khadija Amina Aaliyah Priya Ananya Kavya Meera Nisha Simran Jasleen"
    " Agnieszka Zuzanna Oliwia Katarzyna Małgorzata Elif Zeynep Şebnem Oluwaseun Adaeze Chiamaka Folasade Yewande"
    " Temitope Efua Akosua Thandiwe Nomvula Mei-Ling Xiu Linh Thảo Yuki Inès Léonie Lucía Sofía Íris Conceição"
    " Anne-Marie Ella-Mae Lily-Rose Gracie Ruby Maisie Daisy Evie Isla Phoebe Tabitha Georgina Rosalind Cerys Eleri"
    " Bronwen Ffion Morag Eilidh Kirsty D'Arcy Ta'Liyah Božena Jiřina Ágnes Zsófia Ştefania Ioana Ilinca".split()
)
BOYS = tuple(
    "N'Golo Łukasz Seán Oisín Cillian Eoghan Rhys Owain Iestyn Callum Hamish Ruaridh Alfie Archie Freddie Stanley"
    " Albert Reuben Jonah Silas Kit Barnaby Rupert Tobias Björn Jürgen Søren Mikkel Jakub Szymon Wojciech Paweł"
    " Žiga Matěj András Gergő Răzvan Ştefan Emre Yiğit Çağlar Mohammed Yusuf Ibrahim Hamza Bilal Tariq Zayn Rayyan"
    " Arjun Rohan Vihaan Kiran Harpreet Gurdeep Tenzin Minh Đức Haruto Jin-Woo Oluwatobi Chukwuemeka Kwabena Kofi"
    " Babajide Themba Sipho Mamadou Ousmane Jean-Luc René Étienne André Iñigo João Vasco D'Angelo Noah Finley"
    " Theo Jude Caleb Ezra Toby Dexter Kai Corey Ryan Connor Tyler Bailey Lewis Elliot Teddy-Ray Ioan Gethin".split()
)
SURNAMES = tuple(
    "O’Brien O'Shaughnessy O’Malley O'Dowd D’Souza D'Agostino N'Diaye M'Bappé-Kone Mc|Donald MacAllister St.|Clair"
    " Smith-Jones Okonkwo-Bell Hartley-Nwosu Fenwick-Patel Grieve-Osei Lloyd|Evans van|der|Merwe de|la|Croix"
    " Featherstone Ashworth Birtwhistle Cattermole Dunnock Elphick Farthingale Garside Hebblethwaite Inchbald"
    " Jellicoe Kettlewell Lumley Micklethwaite Nettleship Oldroyd Pettifer Quarmby Ramsbottom Sallow Tattersall"
    " Uttley Venables Wigglesworth Yarwood Brackenbury Cobbold Dewhirst Entwistle Fothergill Goldthorpe Hollingdrake"
    " Ibbotson Kershaw Lovelock Murgatroyd Normanton Ogden Postlethwaite Rowbottom Shufflebotham Threlfall Umpleby"
    " Wolstenholme True Null Brown Green Ali Begum Hussain Khan Ahmed Chaudhry Siddiqui Mirza Rahman Chowdhury"
    " Patel Desai Iyer Nair Subramaniam Dhaliwal Gill Sandhu Grewal Bhogal Nowakowski Wiśniewska Żuraw Kowalczyk"
    " Błaszczyk Dvořák Szabó Kovács-Nagy Popescu Ţurcanu Ionescu Yılmaz Öztürk Şahin Müller Jørgensen Åkesson"
    " Castaño Muñoz Gonçalves Araújo Etxeberria Lefèvre Böhm Nguyễn Trần Phạm Tanaka Pak Adeyemi Ogunbanjo Eze"
    " Nwachukwu Abubakar Boateng Mensah Asante Owusu-Ansah Kamara Sesay Diallo Traoré Moyo Ncube Dlamini Mwangi"
    " Wanjiru Tesfaye Hailemariam Abdi Farah Warsame Haji|Omar Petrov-Lane Marchetti Di|Bartolomeo Quinn-Harrow".split()
)
# Surname and forename written in the family's own script; sex of each forename beside it.
OTHER_SCRIPTS = (
    ("李", "明月", "F"), ("王", "小龙", "M"), ("陳", "嘉欣", "F"), ("الحسن", "محمد", "M"), ("المنصوري", "ليلى", "F"),
    ("Παπαδάκης", "Νικόλαος", "M"), ("Αλεξίου", "Σοφία", "F"), ("Коваленко", "Владислав", "M"),
    ("Шевчук", "Оксана", "F"), ("Петренко", "Дмитро", "M"), ("כהן־לוי", "נועה", "F"), ("ਸੰਧੂ", "ਗੁਰਪ੍ਰੀਤ", "M"),
    ("শিকদার", "অনন্যা", "F"), ("金", "민준", "M"), ("ქართველი", "ნინო", "F"),
)  # fmt: skip


def pick_names(sexes: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Put together one surname and one forename for each pupil (one per row).

    Parameters
    ----------
    sexes : numpy.ndarray
        ``"F"`` or ``"M"`` for each pupil.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    tuple of numpy.ndarray
        Surnames and forenames, text. A few are wholly in another script.
    """
    girls, boys = rng.choice(np.array(GIRLS), len(sexes)), rng.choice(np.array(BOYS), len(sexes))
    forenames = np.where(sexes == "F", girls, boys).astype(object)
    surnames = np.char.replace(rng.choice(np.array(SURNAMES), len(sexes)), "|", " ").astype(object)
    for surname, forename, sex in OTHER_SCRIPTS:
        place = rng.choice(np.flatnonzero(sexes == sex))
        surnames[place], forenames[place] = surname, forename
    return surnames, forenames


SCHOOL_YEARS = ("202526", "202627")
FORMS = tuple("ABCDEFG")
NEWEST, SMALLER_FROM, LEFT = 7, 10, 12
COHORT_SIZES = {12: 192, 11: 196, 10: 201, 9: 206, 8: 210, 7: 214}
"""Pupils by the year group they would be in during 2026/27; 12 are last year's Year 11."""
LEFT_YEAR_11 = date(2026, 7, 1)
JOINED_SHARE, LEFT_SHARE, LEFT_SOON_SHARE = 0.035, 0.025, 0.15
SHORT_ENROLMENTS = 6
RETURNED = ("2026-02-27", "2026-10-05")
"""The last day of a first enrolment and the first day of the second, for one pupil."""
# A local authority number that no authority has, and an invented establishment.
UPN_STEM = "9994001"
UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
ETHNICITIES = {
    "WBRI": 0.60, "WIRI": 0.005, "WIRT": 0.004, "WROM": 0.006, "WOTH": 0.065, "MWBC": 0.02, "MWBA": 0.012,
    "MWAS": 0.018, "MOTH": 0.025, "AIND": 0.04, "APKN": 0.05, "ABAN": 0.025, "AOTH": 0.022, "CHNE": 0.008,
    "BCRB": 0.015, "BAFR": 0.05, "BOTH": 0.01, "OOTH": 0.015, "REFU": 0.005, "NOBT": 0.005,
}  # fmt: skip
EAL_SHARES = {"WBRI": 0.01, "WIRI": 0.02, "WIRT": 0.05, "MWBC": 0.05, "BCRB": 0.08, "REFU": 0.2, "NOBT": 0.2}
OTHER_EAL_SHARE = 0.55
PROTECTED_SHARE = 0.25
NEEDS = ("SEMH", "SLCN", "MLD", "SPLD", "ASD", "PD", "HI", "VI", "OTH")
NEED_SHARES = (0.24, 0.15, 0.2, 0.18, 0.14, 0.03, 0.02, 0.01, 0.03)
# A group of which nothing else is invented is a rare one.
RARE_SHARE = 0.03
# How a pupil is registered is written with the habits, and what a day's briefing asks with the days.
WRITTEN_LATER = frozenset(
    "enrolment_status youth_justice previously_looked_after missing_history medical_risk travels_alone transport postcode_area"
    " contact_numbers family_id no_publicity".split()
)
SPELLED_OUT = [name for name in PUPILS.column_names if name not in WRITTEN_LATER]


@dataclass(frozen=True)
class Roll:
    """Everyone who was on roll in the two school years.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per enrolment, in order of ``pupil_id`` and ``admission_date``, with the columns of the export.
    year_groups : numpy.ndarray
        Year group of each enrolment on each open day; enrolments by days.
    is_on_roll : numpy.ndarray
        Whether each enrolment was on roll on each open day; enrolments by days.
    """

    table: pd.DataFrame
    year_groups: np.ndarray
    is_on_roll: np.ndarray

    def has(self, column: str, value: object = 1) -> np.ndarray:
        """Say for each enrolment, of either school year, whether a column holds a value (boolean, shape (enrolments,)).

        Examples
        --------
        >>> table = pd.DataFrame({"fsm": [1, 0], "sen_status": ["N", "E"]})
        >>> roll = Roll(table, np.array([[7], [8]]), np.array([[True], [True]]))
        >>> roll.has("fsm").tolist(), roll.has("sen_status", "E").tolist()
        ([True, False], [False, True])
        """
        return (self.table[column] == value).to_numpy()

    def whole_time(self) -> np.ndarray:
        """Say for each enrolment whether it ran through both school years (boolean, shape (enrolments,)).

        Examples
        --------
        >>> is_on_roll = np.array([[True, True], [False, True]])
        >>> Roll(pd.DataFrame({"pupil_id": ["1", "2"]}), np.full((2, 2), 7), is_on_roll).whole_time().tolist()
        [True, False]
        """
        return self.is_on_roll.all(axis=1)


def make_roll(timetable: Timetable, rng: np.random.Generator) -> Roll:
    """Invent the pupils of the demo school.

    Parameters
    ----------
    timetable : Timetable
        The open days; admissions and departures fall on them.
    rng : numpy.random.Generator
        Source of chance.

    Returns
    -------
    Roll
        About 1,000 pupils on roll in each school year, and last year's Year 11 as leavers.
    """
    cohorts = np.repeat(list(COHORT_SIZES), list(COHORT_SIZES.values()))
    pupils = pd.DataFrame({"cohort": cohorts, "pupil_id": _pupil_ids(len(cohorts), rng)})
    pupils = pupils.assign(**_people(cohorts, rng)).assign(**_needs(len(cohorts), rng))
    pupils = pupils.assign(**_rare_groups(pupils, rng), **_enrolment_dates(cohorts, timetable, rng))
    pupils = _with_return(pupils, rng).sort_values(["pupil_id", "admission_date"], ignore_index=True)
    return _roll(pupils, timetable)


def _roll(pupils: pd.DataFrame, timetable: Timetable) -> Roll:
    """Work out year groups and days on roll, and put the columns in the order of the export; habits and days add theirs."""
    days = timetable.days[None, :]
    admitted = pupils["admission_date"].to_numpy(dtype="datetime64[D]")[:, None]
    left = pupils["leaving_date"].fillna(pd.Timestamp("2099-12-31")).to_numpy(dtype="datetime64[D]")[:, None]
    is_last_year = timetable.school_years == SCHOOL_YEARS[0]
    year_groups = pupils["cohort"].to_numpy()[:, None] - is_last_year[None, :].astype(int)
    left_last_year = (left < timetable.days[~is_last_year][0])[:, 0]
    latest = pupils["cohort"] - left_last_year
    table = pupils.assign(year_group=latest, form=latest.astype(str) + pupils["letter"], key_adult="")
    return Roll(table[SPELLED_OUT], year_groups, (admitted <= days) & (days <= left))


def _pupil_ids(count: int, rng: np.random.Generator) -> np.ndarray:
    """Identifiers with leading zeros and gaps, in no order of age."""
    numbers = rng.choice(np.arange(2100, 2100 + 2 * count), count, replace=False)
    return np.char.zfill(numbers.astype(str), 6)


def _people(cohorts: np.ndarray, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Who the pupils are: names, forms, dates of birth and the like."""
    count = len(cohorts)
    sexes = rng.choice(np.array(["F", "M"]), count, p=[0.49, 0.51])
    surnames, forenames = pick_names(sexes, rng)
    ethnicities = rng.choice(np.array(list(ETHNICITIES)), count, p=_shares(ETHNICITIES))
    eal = np.array([EAL_SHARES.get(ethnicity, OTHER_EAL_SHARE) for ethnicity in ethnicities])
    # Pupils who are in Year 7 in 2026/27 were born from September 2014 to August 2015.
    first_birthdays = np.char.add((2021 - cohorts).astype(str), "-09-01").astype("datetime64[D]")
    return {
        "upn": _upns(cohorts), "surname": surnames, "forename": forenames, "sex": sexes,
        "letter": _letters(cohorts, rng), "date_of_birth": first_birthdays + rng.integers(0, 365, count),
        "ethnicity": ethnicities, "eal": (rng.random(count) < eal).astype(int),
    }  # fmt: skip


def _shares(shares: dict[str, float]) -> np.ndarray:
    """Shares scaled so that they add up to one."""
    values = np.array(list(shares.values()))
    return values / values.sum()


def _letters(cohorts: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Form letters: each year group dealt out evenly, seven forms below Year 10 and six from there."""
    letters = np.empty(len(cohorts), dtype=object)
    for cohort in COHORT_SIZES:
        places = np.flatnonzero(cohorts == cohort)
        forms = FORMS if cohort < SMALLER_FROM else FORMS[:-1]
        letters[rng.permutation(places)] = np.resize(np.array(forms), len(places))
    return letters


def _upns(cohorts: np.ndarray) -> np.ndarray:
    """Unique pupil numbers with the check letter that the DfE's rule gives."""
    serials = np.arange(len(cohorts)) % 1000
    numbers = [
        f"{UPN_STEM}{26 - cohort:02d}{serial:03d}" for cohort, serial in zip(cohorts, serials, strict=True)
    ]
    return np.array([_check_letter(number) + number for number in numbers])


def _check_letter(number: str) -> str:
    """The check letter of a UPN: weights 2, 3, 4, ... and the remainder on division by 23."""
    total = sum(weight * int(digit) for weight, digit in enumerate(number, start=2))
    return UPN_LETTERS[total % len(UPN_LETTERS)]


def _needs(count: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Disadvantage, special educational needs and social care, which go together more often than by chance."""
    hardship = rng.standard_normal(count)

    def flag(share: float, together: float) -> np.ndarray:
        score = together * hardship + np.sqrt(1 - together**2) * rng.standard_normal(count)
        return (score >= np.quantile(score, 1 - share)).astype(int)

    fsm, support, plan = flag(0.25, 0.8), flag(0.17, 0.35), flag(0.034, 0.3)
    looked_after, in_need = flag(0.009, 0.4), flag(0.032, 0.6)
    sen_status = np.where(plan == 1, "E", np.where(support == 1, "K", "N"))
    needs = rng.choice(np.array(NEEDS), count, p=NEED_SHARES)
    return {
        "fsm": fsm, "pupil_premium": np.maximum.reduce([fsm, looked_after, flag(0.12, 0.7)]),
        "sen_status": sen_status, "sen_need": np.where(sen_status == "N", "", needs),
        "looked_after": looked_after, "child_in_need": in_need,
        "child_protection": in_need * (rng.random(count) < PROTECTED_SHARE), "young_carer": flag(0.02, 0.4),
    }  # fmt: skip


def _rare_groups(pupils: pd.DataFrame, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """The groups declared of which nothing is said above: whoever is in them, all else stays as it would be without."""
    further = [column for column in YES_OR_NO if column not in pupils]
    streams = rng.spawn(len(further))
    return {
        column: (stream.random(len(pupils)) < RARE_SHARE).astype(int)
        for column, stream in zip(further, streams, strict=True)
    }


def _enrolment_dates(
    cohorts: np.ndarray, timetable: Timetable, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """First and last days on roll: most from Year 7 to the end of Year 11, some from or until the middle of a year."""
    count, last = len(cohorts), len(timetable.days) - 1
    start = timetable.day("2026-09-01")
    admitted = np.char.add((2033 - cohorts).astype(str), "-09-03").astype("datetime64[D]")
    left = np.where(cohorts == LEFT, np.datetime64(LEFT_YEAR_11), np.datetime64("NaT"))
    earliest = np.where(cohorts == NEWEST, start, 0)
    joined = rng.random(count) < JOINED_SHARE
    joins = rng.integers(earliest + 5, np.where(cohorts == LEFT, start - 60, last - 10))
    admitted = np.where(joined, timetable.days[joins], admitted)
    short = rng.choice(np.flatnonzero((cohorts < LEFT) & ~joined), SHORT_ENROLMENTS, replace=False)
    admitted[short] = timetable.days[last - rng.integers(1, 9, SHORT_ENROLMENTS)]
    first = np.where(joined, joins, earliest)
    leaves = np.minimum(first + 3 + rng.integers(0, last - first, count), last - 1)
    leaves = np.where(rng.random(count) < LEFT_SOON_SHARE, np.minimum(first + 6, last - 1), leaves)
    leaving = (rng.random(count) < LEFT_SHARE) & (cohorts < LEFT)
    leaving[short] = False
    return {"admission_date": admitted, "leaving_date": np.where(leaving, timetable.days[leaves], left)}


def _with_return(pupils: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Let one pupil leave and come back: two rows, one identifier, dates that do not overlap."""
    stayed = (
        pupils["cohort"].between(9, 10)
        & pupils["leaving_date"].isna()
        & (pupils["admission_date"] < "2025-09-01")
    )
    place = int(rng.choice(np.flatnonzero(stayed)))
    first, second = pupils.iloc[[place]], pupils.iloc[[place]]
    first = first.assign(leaving_date=pd.Timestamp(RETURNED[0]))
    second = second.assign(admission_date=pd.Timestamp(RETURNED[1]))
    return pd.concat([pupils.drop(index=place), first, second], ignore_index=True)
