"""Who they are: their records and the people there."""

from decimal import Decimal

from apps.desk.demo.customers import Customer, Somebody

LONG = (
    "The Royal Wharfedale and Upper Nidderdale Community Swimming, Lifesaving and Water Polo"
    " Association (Ilkley, Otley and District Branch)"
)


def _gb(name, reference, about, industry, plan, mrr, contacts):
    """A British customer of Amara's, from one line."""
    slug = "".join(c for c in name.lower() if c.isascii() and c.isalnum())[:40]
    people = [
        Somebody(who, title, f"{who.removeprefix('Dr ').split()[0].lower()}@{slug}.example", phone)
        for who, title, phone in contacts
    ]
    money = Decimal(mrr)
    return Customer(
        *(name, reference, about, industry, plan, money, "GB", "Europe/London"),
        domain=f"{slug}.example",
        contacts=people,
    )


LARKSPUR = _gb(
    *("Larkspur Dental", "LD-20418", "Three-chair dental practice in Stockport."),
    *("Health", "Practice Plus", 249),
    [
        ("Dr Nadia Rahman", "Owner, decides", "+441614960942"),
        ("Colin Frayne", "Reception manager", "+441614960943"),
        ("Jude Abara", "Bookkeeper, invoices only", ""),
    ],
)

COBALT = _gb(
    *("Cobalt Climbing", "CC-20377", "Climbing wall with two sites, Sheffield and Leeds."),
    *("Fitness", "Club Plus", 310),
    [
        ("Rhys Penhallow", "General manager", "+441614960977"),
        ("Bea Lindqvist", "Head coach", "+441144960921"),
    ],
)

KESTREL = _gb(
    *("Kestrel Cycles", "KC-20391", "Bicycle shop and workshop in Hebden Bridge."),
    *("Retail", "Shop Team", 139),
    [("Imogen Hart", "Owner", "+441614960951")],
)

PENNINE = _gb(
    *("Pennine Pottery", "PP-20335", "Pottery studio with evening classes in Todmorden."),
    *("Education", "School Team", 118),
    [("Hal Brennan", "Owner", "+441614960954")],
)

TOLLGATE = _gb(
    *("Tollgate Kitchen", "TK-20410", "Supper club in an old toll house near Ledbury."),
    *("Hospitality", "House", 129),
    [("Esme Rowntree", "Owner", "+441614960955")],
)

# Amara's other customers that pictures show; their lives are left to chance.
OTHERS = [
    _gb(*line, [person])
    for *line, person in [
        (
            *("Halden Row Clinic", "HC-20402", "Family practice with evening hours in Leith."),
            *("Health", "Practice Plus", 420, ("Piotr Zielinski", "Practice manager", "")),
        ),
        (
            *("Ashdown Vets", "AV-20355", "Small animal practice with two vets in Frome."),
            *("Health", "Practice Plus", 385, ("Marian Locke", "Owner", "+441174960931")),
        ),
        (
            *("Quayside Barbers", "QB-20440", "Five chairs and a waiting list in Whitby."),
            *("Beauty", "Salon Team", 89, ("Dev Malhotra", "Owner", "+441914980914")),
        ),
        (
            *("Otter Lane Yoga", "OY-20431", "Two studios and forty classes a week in Totnes."),
            *("Fitness", "Club", 119, ("Saskia Brandt", "Owner", "+441174960932")),
        ),
        (
            *("Bramley & Vine", "BV-20312", "Restaurant and supper club in Ludlow."),
            *("Hospitality", "House Plus", 505, ("Joanna Peverell", "Owner", "+441214960905")),
        ),
        (
            *("Saltmarsh Kitchens", "SK-20366", "Cookery school in Whitby."),
            *("Hospitality", "House Team", 180, ("Ade Bankole", "Head chef", "+441914980915")),
        ),
        (
            *("Merrow Swim School", "MS-20389", "Swimming lessons for children, three pools."),
            *("Fitness", "Club", 160, ("Fiona Galbraith", "Office manager", "+441214960906")),
        ),
        (
            *("Foxglove Florists", "FF-20428", "Florist for weddings and offices in Buxton."),
            *("Retail", "Shop Team", 132, ("Lena Marsh", "Owner", "+441144960922")),
        ),
        (
            *("Pippin Early Years", "PE-20451", "Nursery for sixty children in Knutsford."),
            *("Education", "School Team", 94, ("Grace Tamakloe", "Head", "+441614960952")),
        ),
        (
            *("Tern & Tide Guesthouses", "TT-20347", "Two guesthouses by the water near Tenby."),
            *("Hospitality", "House Plus", 275, ("Callum Reid", "Owner", "+442920180907")),
        ),
        (
            *(LONG, "RW-20303", "Lessons, lifesaving and a lot of committees."),
            *("Fitness", "Club Plus", 365, ("Siân Cadwallader-Threlfall", "Secretary", "")),
        ),
    ]
]

ALL = [LARKSPUR, COBALT, KESTREL, PENNINE, TOLLGATE, *OTHERS]
