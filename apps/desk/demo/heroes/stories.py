"""What happened to them, written by hand."""

from datetime import timedelta
from decimal import Decimal

from apps.desk.demo.heroes.cast import COBALT, KESTREL, LARKSPUR, PENNINE, TOLLGATE
from apps.desk.demo.lives import IMPORT
from apps.desk.demo.story import Life


def why(world, category, name=""):
    """Return a reason by its category, and by its name where it still has that name."""
    found = [each for each in world.reasons if each.category == category] or world.reasons
    return next((each for each in found if each.name == name), found[0])


def rival(world):
    """Return the competitor that everybody mentions first."""
    return world.competitors[0]


def larkspur(world):
    """Saved two weeks ago, and looked after since."""
    rhodri = world.sides["Northern"].agents[1]
    amara, helen = world.sides["Northern"].agents[0], world.sides["Northern"].manager
    life = Life(world, LARKSPUR, owner=amara, born=545, started=860)
    at = life.at
    life.arrive(helen, source=IMPORT)
    life.permit(0, "phone", at(544, 40_000), amara, "On a call")
    life.permit(0, "email", at(544, 40_060), amara, "On a call")
    life.permit(1, "email", at(430, 50_400), amara, "Sign-up form")
    life.permit(0, "sms", at(430, 50_500), amara, "Sign-up form")
    life.permit(0, "sms", at(120, 36_000), amara, "On a call", is_given=False)
    life.take_over(
        *(at(860, 43_200), amara, "Ben Ford, sales"),
        [
            ("value_driver", "The desk is one person. It has to look after itself.", "convenience"),
            ("problem", "Empty chairs on Fridays, and nobody free to ring round.", ""),
            ("expectation", "Reminders to patients of the second site, from the first day.", ""),
            ("expectation", "A call each quarter, with Nadia, never on a surgery morning.", ""),
            ("success", "Half as many missed appointments.", world.clock.date(-80)),
            ("decides", "Nadia alone; Colin is asked first.", ""),
            ("risk", "A chair that stays empty makes the price look high.", ""),
        ],
        recorded_at=at(543, 36_000),
    )
    life.annotate(
        *(at(610, 43_200), amara, "Reminders went out an hour late for a week.", "bad"),
        recorded_at=at(540, 39_000),
        prefers="phone",
    )
    life.annotate(
        *(at(402, 43_200), amara, "The first month without a missed appointment.", "good"),
        recorded_at=at(395, 39_000),
    )
    life.note(at(441, 41_000), amara, "Free set-up refresh offered. Nadia says not now.")
    life.note(at(300, 52_000), helen, "Visited the practice. Three chairs, two in use on Fridays.")
    life.note(
        *(at(90, 34_900), amara),
        "Colin runs the desk, Nadia decides. Never call on surgery mornings.",
        days_late=4,
        is_pinned=True,
    )
    life.learn(
        *(at(88, 41_000), amara, "wants", "A third chair that can rest without being given up."),
        "Dr Nadia Rahman",
    )
    life.learn(
        *(
            at(88, 41_300),
            amara,
            "values",
            "Patients first: no message after eight in the evening.",
        ),
        "Dr Nadia Rahman",
    )
    life.note(at(21, 71_280), amara, "Opened the cancel page twice in the evening.")
    life.move("wandering_eye", at(20, 34_500), amara, reason="Opened the cancel page twice")
    case = life.call(
        *(at(12, 54_240), amara, why(world, "Price", "Price rise at renewal"), "stayed"),
        "We are paying for three chairs and using two. When the renewal price came through,"
        " I had already booked the Rampart demo.",
        seconds=660,
        contact=0,
        competitor=rival(world),
        mood=2,
        also=[why(world, "Not using it")],
        stay_because="The old price for another year, and the third chair rests.",
    )
    day = world.clock.date
    life.commit(
        *(life.closed_at, amara, "Honour the old price on the next invoice", amara, day(8)),
        case=case,
        state="kept",
        settled_at=at(9, 57_000),
        settled_by=amara,
        evidence="Invoice 4471 says £249.",
    )
    life.commit(
        *(life.closed_at, amara, "Look at why Heaton Moor’s texts are late", rhodri, day(-4)),
        case=case,
    )
    life.note(
        *(at(5, 40_500), amara),
        "Week 1 check-in, 6 min. Nadia is happy with the new price. Wants the third chair"
        " paused, not removed, until a new hygienist starts.",
    )
    life.learn(
        *(at(5, 40_900), amara, "value_driver"),
        "No message may go out late: that is what they pay for now.",
        "Dr Nadia Rahman",
        driver="reliability",
    )
    life.note(
        *(at(5, 31_920), amara),
        "Second site: opening hours look right now. Patients at Heaton Moor get the reminder"
        " an hour late. Not urgent, but the phone rings more.",
    )
    life.note(
        *(at(1, 57_600), rhodri),
        "@Amara Okafor Colin rang while you were on another call. He asks from when the third"
        " chair is off the invoice.",
        mentions=[amara],
    )
    life.commit(
        *(at(5, 41_000), amara, "Write to Nadia how a chair can rest", amara, day(0)),
        is_visible=False,
    )
    life.commit(
        *(at(5, 41_400), amara, "Ring Colin with the date of the next invoice", amara, day(1)),
        state="broken",
        settled_at=world.clock.dawn(day(0), amara.zone),
    )
    life.note(
        *(at(1, 60_000), amara),
        "Colin says reception now uses the waitlist every morning. @Helen Adeyemi who could look"
        " at why the second site’s texts go out an hour late?",
        mentions=[helen],
    )
    life.close()


def cobalt(world):
    """Called this morning, will call back; was saved once before."""
    amara, helen = world.sides["Northern"].agents[0], world.sides["Northern"].manager
    tomorrow = world.clock.now + timedelta(days=1)
    life = Life(world, COBALT, owner=amara, born=546, started=1130)
    at = life.at
    life.arrive(helen, source=IMPORT)
    life.permit(0, "phone", at(540, 39_000), amara, "Contract")
    life.permit(0, "email", at(540, 39_100), amara, "Contract")
    life.note(at(400, 43_000), amara, "Loves the waiver forms. Said so in two surveys.")
    life.learn(
        *(at(398, 43_000), amara, "value_driver", "Being asked before the junior wall changes."),
        "Bea Lindqvist",
        driver="recognition",
    )
    life.call(
        *(at(300, 56_000), amara, why(world, "Not using it"), "stayed"),
        "Half of the wall still books by phone, so what are we paying for?",
        seconds=905,
        contact=0,
        mood=3,
        stay_because="Club Plus, with the second site at half the price.",
    )
    life.reprice(at(298, 36_500), amara, Decimal(310), "Club Plus")
    life.note(at(160, 48_000), amara, "Second site in Leeds opened. Bea sets up the junior wall.")
    life.note(at(30, 37_000), amara, "Logins down 34% since the last update.")
    life.move("wandering_eye", at(9, 35_000), amara, reason="Logins down by a third")
    life.note(at(6, 58_000), helen, "Renewal price rises from £310 to £372. Call before it lands.")
    life.note(
        *(at(1, 32_700), helen),
        "@Amara Okafor you may go as far as the old price until Leeds is full. Tell me how it went.",
        mentions=[amara],
    )
    life.call(
        *(at(1, 34_700), amara, why(world, "Price", "Price rise at renewal"), "undecided"),
        "The renewal came in £62 higher, and half of our bookings still come through the front"
        " desk.",
        seconds=540,
        date=world.clock.working(tomorrow.replace(hour=10, minute=30, second=0, microsecond=0)),
        contact=0,
        competitor=rival(world),
        mood=2,
        waits_for="His partner in Leeds, who sees the figures first.",
    )
    due_on = world.clock.working(tomorrow).date()
    life.commit(life.closed_at, amara, "Send what Club Plus costs for one site", amara, due_on)
    life.close()


def kestrel(world):
    """Left on a Monday, came back the same afternoon, stays."""
    amara, rhodri = world.sides["Northern"].agents[:2]
    helen = world.sides["Northern"].manager
    life = Life(world, KESTREL, owner=rhodri, born=547, started=590)
    at = life.at
    life.arrive(helen, source=IMPORT)
    life.hand_over(at(410, 36_000), helen, amara)
    life.permit(0, "phone", at(405, 45_000), amara, "On a call")
    life.note(
        *(at(405, 45_200), amara, "Imogen closes at one on Wednesdays. Best time to talk."),
        is_pinned=True,
    )
    life.annotate(
        *(at(18, 43_200), amara, "The card reader failed on a Saturday.", "bad"),
        recorded_at=at(4, 54_500),
        prefers="phone",
    )
    life.learn(
        *(at(4, 54_600), amara, "value_driver", "The reader works, and Amara picks up."),
        "Imogen Hart",
        driver="reliability",
    )
    life.note(at(70, 52_000), amara, "Workshop calendar full for three weeks. Good problem.")
    life.move("test_drive", at(14, 39_000), amara, reason="Tries another product")
    first = life.call(
        *(at(4, 36_600), amara, why(world, "Support"), "left"),
        "I wrote three times about the card reader. Please just end it.",
        seconds=310,
        date=world.clock.date(-26),
        contact=0,
        competitor=rival(world),
        mood=1,
        asked=15,
        back_if="the card reader works",
        export_help=True,
    )
    second = life.call(
        *(at(4, 54_000), amara, why(world, "Support"), "stayed"),
        "If the reader is here on Thursday and it is you who picks up, we stay.",
        seconds=780,
        contact=0,
        mood=3,
        continues=first,
        stay_because="A new reader by Thursday, and Amara picks up.",
    )
    said = world.clock.date
    life.commit(
        *(life.closed_at, amara, "A new card reader is in the post", rhodri, said(2)),
        case=second,
        state="kept",
        settled_at=at(2, 57_000),
        settled_by=rhodri,
        evidence="Parcel signed for by Imogen.",
    )
    life.commit(
        *(life.closed_at, amara, "Ring before the renewal", amara, said(-30)),
        case=second,
        state="waived",
        settled_at=at(2, 58_000),
        settled_by=amara,
        evidence="Imogen would rather have an e-mail.",
    )
    life.note(
        *(at(1, 37_800), amara),
        "The reader arrived. First card payment went through. @Helen Adeyemi @Rhodri Pugh thank"
        " you for the quick parcel.",
        mentions=[helen, rhodri],
    )
    life.close()


def pennine(world):
    """Left without a grudge; what was missing is there now, and today somebody may ask."""
    amara, helen = world.sides["Northern"].agents[0], world.sides["Northern"].manager
    clock = world.clock
    life = Life(world, PENNINE, owner=amara, born=544, started=1010)
    at = life.at
    life.arrive(helen, source=IMPORT)
    life.permit(0, "phone", at(530, 40_000), amara, "On a call")
    life.note(at(120, 43_000), amara, "Evening classes are full. Half of them pay on the night.")
    case = life.call(
        *(at(78, 39_600), amara, why(world, "Missing feature"), "left"),
        "Six no-shows on a Thursday and the clay is wet. Without deposits I can’t go on with it.",
        seconds=420,
        date=clock.date(48),
        contact=0,
        mood=3,
        asked=40,
        back_if="deposits can be taken for evening classes",
        export_help=True,
    )
    life.commit(
        *(life.closed_at, amara, "Send an export of all bookings", amara, clock.date(71)),
        case=case,
        state="kept",
        settled_at=at(74, 41_000),
        settled_by=amara,
        evidence="Hal downloaded it.",
    )
    life.note(at(60, 40_000), amara, "Hal wrote to say thanks for making it easy to go.")
    life.plan_win_back(
        *(at(12, 40_000), amara),
        what_changed="Deposits are there since last month, for single classes as well.",
        still_uncertain="Whether he signed for a year with Slotwise.",
        path_to_value="One Thursday class with deposits, set up together in twenty minutes.",
        next_on=clock.date(0),
    )
    life.close()


def tollgate(world):
    """Leaves in three weeks, and is left alone until well after."""
    amara, helen = world.sides["Northern"].agents[0], world.sides["Northern"].manager
    life = Life(world, TOLLGATE, owner=amara, born=543, started=690)
    at = life.at
    life.arrive(helen, source=IMPORT)
    life.call(
        *(at(9, 41_000), amara, why(world, "Business change"), "left"),
        "We close for the winter, and I can’t say yet what comes after.",
        seconds=360,
        date=world.clock.date(-21),
        contact=0,
        mood=4,
        asked=25,
        back_if="they open again in spring",
        export_help=True,
    )
    life.close()


WRITTEN = [larkspur, cobalt, kestrel, pennine, tollgate]
