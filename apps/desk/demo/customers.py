"""Who the demo's customers are: names, worth, people and numbers."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from apps.accounts.models import TierThreshold
from apps.core.text import fold
from apps.desk.demo import names
from apps.desk.demo.people import ATLANTIC, NORTHERN
from apps.desk.demo.phones import Phones

THRESHOLDS = {
    "GBP": TierThreshold("GBP", Decimal(100), Decimal(240)),
    "USD": TierThreshold("USD", Decimal(120), Decimal(300)),
    "EUR": TierThreshold("EUR", Decimal(115), Decimal(280)),
}
CURRENCIES = {"GB": "GBP", "US": "USD", "IE": "EUR", "FR": "EUR"}
ZONES = {
    "GB": ("Europe/London",),
    "US": ("America/New_York", "America/New_York", "America/Chicago", "America/Los_Angeles"),
    "IE": ("Europe/Dublin",),
    "FR": ("Europe/Paris",),
}
# Weights of the countries, and of standard, mid and high tier.
COUNTRIES = (("GB", "US", "IE", "FR"), (48, 36, 8, 8))
TIERS = ((0, 1, 2), (55, 30, 15))
LOWEST, HIGHEST = (19, 105, 245), (95, 235, 620)


@dataclass(slots=True)
class Somebody:
    """A contact before it has a row."""

    name: str
    title: str = ""
    email: str = ""
    phone: str = ""
    channel: str = "phone"
    language: str = "en"


@dataclass(slots=True)
class Customer:
    """A customer before it has a row."""

    name: str
    reference: str
    about: str
    industry: str
    plan: str
    mrr: Decimal
    country: str
    zone: str
    domain: str
    contacts: list[Somebody] = field(default_factory=list)

    @property
    def currency(self):
        """What they pay in."""
        return CURRENCIES[self.country]

    @property
    def team(self):
        """Whose customer it is."""
        return ATLANTIC if self.country == "US" else NORTHERN


class Maker:
    """Makes one customer after the other, no two alike.

    Args:
        rng: the source of chance.
        known: customers that are there already.
    """

    def __init__(self, rng, known=()):
        self.rng = rng
        self.phones = Phones(person.phone for each in known for person in each.contacts)
        self._names = {each.name for each in known}
        self._domains = {each.domain for each in known}
        self._number = 30_000

    def make(self):
        """Return the next customer."""
        rng = self.rng
        self._number += 1
        country = rng.choices(*COUNTRIES)[0]
        industry = rng.choice(names.INDUSTRIES)
        town = rng.choice(names.PLACES[country])
        tier = rng.choices(*TIERS)[0]
        trade = rng.choice(industry.french if country == "FR" else industry.trades)
        name = self.name(country, trade[0], town)
        customer = Customer(
            name=name,
            reference=f"{initials(name)}-{self._number}",
            about=f"{trade[1]} in {town}.",
            industry=industry.name,
            plan=industry.plans[tier],
            mrr=Decimal(rng.randrange(LOWEST[tier], HIGHEST[tier])),
            country=country,
            zone=rng.choice(ZONES[country]),
            domain=self.domain(name),
        )
        for number in range(rng.choices((1, 2, 3), (30, 45, 25))[0]):
            title = industry.titles[0] if number == 0 else rng.choice(industry.titles[1:])
            customer.contacts.append(self.somebody(customer, title))
        return customer

    def name(self, country, trade, town):
        """Return a name that no customer has yet."""
        rng = self.rng
        if country == "FR":
            name = f"{trade} {rng.choice(names.FAMILY['FR'])}"
        elif rng.random() < 0.15:
            name = f"{rng.choice(names.FAMILY[country])} & {rng.choice(names.FAMILY[country])}"
        else:
            name = f"{rng.choice(names.FIRST)}{rng.choice(names.SECOND)} {trade}"
        base, tries = name, 1
        while name in self._names:
            tries += 1
            name = f"{base} {town}" if tries == 2 else f"{base} {town} {tries - 1}"
        self._names.add(name)
        return name

    def domain(self, name):
        """Return a web domain that no customer has yet."""
        slug = re.sub("[^a-z0-9]", "", fold(name))
        domain, tries = f"{slug}.example", 1
        while domain in self._domains:
            tries += 1
            domain = f"{slug}{tries}.example"
        self._domains.add(domain)
        return domain

    def somebody(self, customer, title):
        """Return a new contact of a customer, with numbers and addresses that are theirs."""
        rng = self.rng
        given = rng.choice(names.GIVEN[customer.country])
        family = rng.choice(names.FAMILY[customer.country])
        local = re.sub("[^a-z0-9]", "", fold(given))
        taken = {each.email for each in customer.contacts}
        email = f"{local}@{customer.domain}"
        if email in taken:
            email = f"{local}{len(taken) + 1}@{customer.domain}"
        return Somebody(
            name=f"Dr {given} {family}" if rng.random() < 0.04 else f"{given} {family}",
            title=title,
            email=email if rng.random() < 0.92 else "",
            phone=self.phones.take(customer.country) if rng.random() < 0.85 else "",
            channel=rng.choices(("phone", "email", "sms", "chat"), (55, 35, 7, 3))[0],
            language="fr" if customer.country == "FR" else "en",
        )


def initials(name):
    """Return two letters for a reference: LD for Larkspur Dental."""
    words = [word for word in fold(name).replace("&", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in words[:2]).upper().ljust(2, "X")
