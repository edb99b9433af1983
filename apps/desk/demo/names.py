"""Words that the demo's names are made of; all of them invented."""

from typing import NamedTuple


class Industry(NamedTuple):
    """What one kind of customer is called, does and buys."""

    name: str
    trades: list[tuple[str, str]]  # how a name ends, and what that means
    french: list[tuple[str, str]]  # how a French name begins
    plans: tuple[str, str, str]
    titles: tuple[str, ...]


INDUSTRIES = [
    Industry(
        "Health",
        [
            ("Dental", "Three-chair dental practice"),
            ("Clinic", "Walk-in clinic with evening hours"),
            ("Vets", "Small animal practice with two vets"),
            ("Physio", "Physiotherapy and sports injuries"),
            ("Opticians", "Opticians on the high street, second generation"),
            ("Podiatry", "Foot clinic with home visits"),
            ("Osteopaths", "Four osteopaths under one roof"),
            ("Family Practice", "Family practice with nine doctors"),
            ("Hearing", "Hearing tests and aids"),
            ("Orthodontics", "Braces for children and adults"),
            ("Skin Clinic", "Dermatology and laser rooms"),
            ("Chiropractic", "Chiropractors with Saturday hours"),
        ],
        [
            ("Clinique", "Clinic with four consulting rooms"),
            ("Cabinet dentaire", "Dental practice of two sisters"),
            ("Kinésithérapie", "Physiotherapy and rehabilitation"),
            ("Optique", "Opticians with their own workshop"),
        ],
        ("Practice Solo", "Practice Team", "Practice Plus"),
        ("Owner", "Practice manager", "Reception manager", "Bookkeeper", "Head nurse"),
    ),
    Industry(
        "Fitness",
        [
            ("Climbing", "Climbing wall and café"),
            ("Yoga", "Two studios and forty classes a week"),
            ("Swim School", "Swimming lessons for children"),
            ("Gym", "Independent gym, open from six"),
            ("Pilates", "Reformer studio with ten places"),
            ("Boxing", "Boxing club for all ages"),
            ("Dance", "Ballroom and street dance"),
            ("Tennis Club", "Six courts, two of them indoors"),
            ("Rowing", "Rowing club with a beginners’ squad"),
            ("Martial Arts", "Judo and karate for families"),
            ("Cycling Studio", "Spin classes before and after work"),
            ("Trampoline Park", "Trampolines and birthday parties"),
        ],
        [
            ("Escalade", "Climbing wall for clubs and schools"),
            ("Studio Yoga", "Yoga for beginners and seniors"),
            ("École de natation", "Swimming lessons in two pools"),
            ("Salle de sport", "Neighbourhood gym"),
        ],
        ("Club Solo", "Club", "Club Plus"),
        ("Owner", "General manager", "Head coach", "Front desk lead", "Bookkeeper"),
    ),
    Industry(
        "Retail",
        [
            ("Cycles", "Bicycle shop and workshop"),
            ("Florists", "Florist for weddings and offices"),
            ("Framing", "Picture framing while you wait"),
            ("Jewellers", "Rings made to measure, by appointment"),
            ("Tailors", "Suits and alterations"),
            ("Music", "Instruments, repairs and hire"),
            ("Cameras", "Cameras new and used, with courses"),
            ("Books", "Bookshop with readings every week"),
            ("Phone Repair", "Repairs while you wait, two counters"),
            ("Bridal", "Wedding dresses by appointment"),
            ("Pianos", "Piano sales, tuning and hire"),
            ("Garden Centre", "Garden centre with a workshop for children"),
        ],
        [
            ("Cycles", "Bicycle repairs and hire"),
            ("Fleurs", "Florist with a school for arranging"),
            ("Librairie", "Bookshop with a reading room"),
            ("Couture", "Dressmaker and alterations"),
        ],
        ("Shop Solo", "Shop Team", "Shop Plus"),
        ("Owner", "Shop manager", "Workshop lead", "Bookkeeper", "Buyer"),
    ),
    Industry(
        "Beauty",
        [
            ("Barbers", "Five chairs and a waiting list"),
            ("Hair", "Hair and colour salon"),
            ("Nails", "Nail bar, walk-ins and bookings"),
            ("Spa", "Day spa with eight rooms"),
            ("Brows", "Brow and lash studio"),
            ("Beauty Rooms", "Salon of two sisters"),
            ("Colour Bar", "Colour specialists"),
            ("Wellness", "Massage, sauna and float tanks"),
            ("Skin Studio", "Facials and peels"),
            ("Massage", "Massage at home and in the studio"),
            ("Lashes", "Lashes, open until late"),
            ("Tattoo", "Four artists and a guest chair"),
        ],
        [
            ("Coiffure", "Hair salon with six chairs"),
            ("Institut", "Beauty rooms above the market"),
            ("Barbier", "Old-fashioned shaves"),
            ("Spa", "Thermal spa with ten rooms"),
        ],
        ("Salon Solo", "Salon Team", "Salon Plus"),
        ("Owner", "Salon manager", "Senior stylist", "Front desk", "Bookkeeper"),
    ),
    Industry(
        "Hospitality",
        [
            ("Kitchens", "Cookery school"),
            ("Guesthouses", "Two guesthouses by the water"),
            ("Tea Rooms", "Tea rooms with a garden"),
            ("Supper Club", "Supper club, four nights a week"),
            ("Lodges", "Eleven lodges in the woods"),
            ("Bistro", "Neighbourhood bistro with forty covers"),
            ("Inn", "Inn with nine rooms"),
            ("Campsite", "Family campsite, April to October"),
            ("Bakery", "Bakery with baking courses"),
            ("Boat Hire", "Boat hire and tours"),
            ("Escape Rooms", "Five escape rooms"),
            ("Brewery Tours", "Brewery with tours and tastings"),
        ],
        [
            ("Auberge", "Inn with twelve rooms"),
            ("Bistrot", "Bistro with thirty covers"),
            ("Gîtes", "Six holiday cottages"),
            ("Brasserie", "Brewery and restaurant"),
        ],
        ("House Solo", "House Team", "House Plus"),
        ("Owner", "General manager", "Head chef", "Reservations", "Bookkeeper"),
    ),
    Industry(
        "Education",
        [
            ("Early Years", "Nursery for sixty children"),
            ("Music School", "Music lessons in homes and schools"),
            ("Driving School", "Driving school with nine cars"),
            ("Tutors", "Maths and science tuition"),
            ("Language School", "Language courses for adults"),
            ("Riding School", "Riding lessons and summer camps"),
            ("Art Classes", "Drawing and pottery"),
            ("Forest School", "Forest mornings for small groups"),
            ("Code Club", "After-school clubs at four schools"),
            ("Theatre School", "Drama classes with a summer show"),
            ("Sailing School", "Sailing courses, beginners to skippers"),
            ("Nursery", "Nursery with long opening hours"),
        ],
        [
            ("École de musique", "Music school with a choir"),
            ("Auto-école", "Driving school with six cars"),
            ("Crèche", "Nursery for thirty children"),
            ("École de langues", "Evening language courses"),
        ],
        ("School Solo", "School Team", "School Plus"),
        ("Owner", "Head", "Office manager", "Bookkeeper", "Lead tutor"),
    ),
]

FIRST = [
    *("Larch", "Cobble", "Kest", "Hal", "Ash", "Quay", "Otter", "Bram", "Salt", "Mer", "Fox"),
    *("Pip", "Tern", "Wren", "Hazel", "Thorn", "Elder", "Rowan", "Heron", "Marl", "Copper"),
    *("Amber", "Juniper", "Willow", "Silver", "Fern", "Harbour", "Mill", "Stone", "Brook"),
    *("Clover", "Finch", "Ivy", "Lark", "Moss", "North", "Pine", "Plum", "Raven", "River"),
    *("Sable", "Sorrel", "Swift", "Thistle", "Wick", "Winter", "Yarrow", "Briar", "Cedar"),
    *("Dove", "East", "Falcon", "Glen", "Holly", "Iron", "Jasper", "Linden", "Maple", "Orchard"),
]
SECOND = [
    *("spur", "stone", "rel", "den", "down", "side", "lane", "ley", "marsh", "row", "glove"),
    *("field", "tide", "wood", "gate", "bridge", "ford", "well", "bourne", "croft", "dale"),
    *("hurst", "mere", "mount", "point", "shaw", "stead", "vale", "wick", "wharf", "combe"),
]

PLACES = {
    "GB": [
        *("Stockport", "Otley", "Hebden Bridge", "Leith", "Whitby", "Ludlow", "Penarth", "Frome"),
        *("Totnes", "Alnwick", "Buxton", "Kelso", "Louth", "Malton", "Oban", "Ripon", "Skipton"),
        *("Tenby", "Wells", "Hexham", "Knutsford", "Llandeilo", "Margate", "Newquay", "Deal"),
    ],
    "US": [
        *("Beacon", "Hudson", "Ithaca", "Portsmouth", "Camden", "Asheville", "Savannah", "Galena"),
        *("Bend", "Taos", "Marfa", "Duluth", "Ojai", "Moab", "Essex", "Salem", "Burlington"),
        *("Kingston", "Northampton", "Lancaster", "Frederick", "Staunton", "Athens", "Decatur"),
    ],
    "IE": ["Kinsale", "Westport", "Dingle", "Sligo", "Ennis", "Howth", "Clonakilty", "Kilkenny"],
    "FR": ["Annecy", "Honfleur", "Bayonne", "Dijon", "Béziers", "Nîmes", "Orléans", "Saint-Malo"],
}

GIVEN = {
    "GB": [
        *("Nadia", "Rhys", "Imogen", "Piotr", "Marian", "Dev", "Saskia", "Joanna", "Ade", "Fiona"),
        *("Lena", "Grace", "Callum", "Colin", "Jude", "Thea", "Owain", "Farah", "Gareth", "Meera"),
        *("Siân", "Tariq", "Bronwen", "Yusuf", "Isla", "Kofi", "Poppy", "Zoë", "Hamish", "Anjali"),
    ],
    "US": [
        *("Ines", "Caleb", "Renée", "Dwayne", "Mei", "Jorge", "Hannah", "Tyrell", "Sofía", "Wyatt"),
        *("Aaliyah", "Ethan", "Xiomara", "Noah", "Keisha", "Brandon", "Linh", "Rosa", "Dale"),
    ],
    "IE": ["Aoife", "Ciarán", "Niamh", "Seán", "Gráinne", "Declan", "Orla", "Tadhg", "Róisín"],
    "FR": ["Chloé", "Étienne", "Maëlle", "François", "Inès", "Jérôme", "Noémie", "Rémi", "Agnès"],
}
FAMILY = {
    "GB": [
        *("Rahman", "Penhallow", "Hart", "Zielinski", "Locke", "Malhotra", "Brandt", "Peverell"),
        *("Bankole", "Galbraith", "Marsh", "Tamakloe", "Reid", "Frayne", "Abara", "Whitlock"),
        *("Cadwallader", "O’Hare", "Sethi", "Threlfall", "Mensah", "Ogilvy", "Pryce", "Quigley"),
        *(
            "Farooq",
            "Haldane",
            "Iqbal",
            "Jessop",
            "Kershaw",
            "Nwosu",
            "Varley",
            "Yates",
            "Birdsall",
        ),
    ],
    "US": [
        *("Duarte", "Lyle", "Castellano", "Nguyen", "Whitaker", "Baptiste", "Kowalski", "Ramírez"),
        *("Sorensen", "Tran", "Underwood", "Vance", "Washington", "Yamada", "Abernathy", "Boone"),
        *("Delgado", "Ellery", "Fontaine", "Greenleaf", "Hollis", "Jefferson", "Keller", "Muñoz"),
    ],
    "IE": ["Ó Briain", "Fitzgerald", "Kavanagh", "Ní Mháille", "Doherty", "Keane", "Tierney"],
    "FR": ["Lemoine", "Dupré", "Béranger", "Hervé", "Marchand", "Lefèvre", "Garnier", "Rousseau"],
}
