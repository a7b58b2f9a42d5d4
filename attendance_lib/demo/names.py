"""Invented names: pools of forenames and surnames that are put together at random."""

import numpy as np

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
