"""Decisions about a customer that need no database."""

import datetime
import re
from datetime import timedelta
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import phonenumbers

from apps.core.text import digits, fold

# For so long an admin can bring back what was removed, and whoever removed it.
RESTORE_FOR, UNDO_FOR = timedelta(days=30), timedelta(minutes=10)


def status(started_on, churned_on, today):
    """Return what an account's dates say on a day: prospect, customer, leaving or churned.

    Args:
        started_on: first day as a customer, or None.
        churned_on: first day after the contract, or None.
        today: the day in the account's zone.
    """
    if churned_on is not None and churned_on <= today:
        return "churned"
    if started_on is None or started_on > today:
        return "prospect"
    return "customer" if churned_on is None else "leaving"


def tier(mrr, threshold):
    """Return the tier that an MRR earns.

    Args:
        mrr: monthly recurring revenue in the threshold's currency.
        threshold: an object with `mid_from` and `high_from`, or None when the currency has
            none, which leaves everybody standard.
    """
    if threshold is None or mrr < threshold.mid_from:
        return "standard"
    return "high" if mrr >= threshold.high_from else "mid"


def chosen_tier(account):
    """Return the tier that somebody chose by hand; nothing while it follows the MRR."""
    return account.tier if account.is_tier_set_by_hand else ""


def normalise(kind, value):
    """Return the form in which two spellings of one identity are equal.

    Args:
        kind: email, phone, domain or external.
        value: as typed; phone numbers should be in E.164 already.
    """
    if kind == "phone":
        return "+" + digits(value)
    return value.strip() if kind == "external" else fold(value)


# Which country's numbers people leave the country code out of, by zone and then by currency.
REGIONS = {
    "Europe/London": "GB",
    "Europe/Dublin": "IE",
    "Europe/Paris": "FR",
    "Europe/Berlin": "DE",
    "Europe/Madrid": "ES",
    "Europe/Rome": "IT",
    "Europe/Amsterdam": "NL",
    "Europe/Brussels": "BE",
    "Europe/Lisbon": "PT",
    "Europe/Vienna": "AT",
    "Europe/Zurich": "CH",
    "Europe/Stockholm": "SE",
    "Europe/Oslo": "NO",
    "Europe/Copenhagen": "DK",
    "Europe/Warsaw": "PL",
    "America/New_York": "US",
    "America/Chicago": "US",
    "America/Denver": "US",
    "America/Los_Angeles": "US",
    "America/Toronto": "CA",
    "Asia/Tokyo": "JP",
    "Australia/Sydney": "AU",
    "USD": "US",
    "CAD": "CA",
    "CHF": "CH",
    "SEK": "SE",
    "NOK": "NO",
    "DKK": "DK",
    "PLN": "PL",
    "JPY": "JP",
    "AUD": "AU",
}


def region(time_zone, currency):
    """Return the country whose numbers are written without a country code, Britain by default.

    Args:
        time_zone: of the customer.
        currency: of the customer.
    """
    return REGIONS.get(time_zone) or REGIONS.get(currency, "GB")


def e164(text, home):
    """Return a phone number as typed in international form: +441614960142.

    Args:
        text: a number in any spelling.
        home: country of numbers without a country code, such as GB.

    Raises:
        ValueError: when it can't be a number.
    """
    try:
        number = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException as error:
        raise ValueError(str(error)) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError("The number has too few or too many digits.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


# Around the number of a caller: a name, a scheme, and what follows the number in an address.
_CALLER = re.compile(
    r"(?:.*<)?\s*?(?:sips?|tel|callto):(?://)?|[@;>?].*", re.IGNORECASE | re.DOTALL
)
# Fewer digits are an extension in the house.
_FEWEST = 7


def dialled(text, home):
    """Return the numbers that a phone system may mean by a caller, the likeliest first.

    Systems send +44161…, 44161…, 0044161… or 0161…, often as a sip: or tel: address, and a
    plus that nobody escaped arrives as a space.

    Args:
        text: as it came.
        home: country of numbers without a country code, such as GB.

    Returns:
        Numbers in international form; none for a withheld number or an extension.
    """
    text = _CALLER.sub("", unquote(text))
    number = text.strip()
    abroad = "+" + digits(number).removeprefix("00")
    spellings = [abroad, number] if re.match(r"\s+[1-9]", text) else [number, abroad]
    found = []
    for spelling in spellings if re.search(r"\d", number) else ():
        try:
            found.append(e164(spelling, home))
        except ValueError:
            continue
    return [each for each in dict.fromkeys(found) if len(digits(each)) >= _FEWEST]


def moment_of(day, *, zone, at):
    """Return when something happened of which people know the day: now, or at an earlier noon.

    Args:
        day: today or before, where the customer is.
        zone: of the customer.
        at: now.
    """
    place = ZoneInfo(zone)
    if day >= at.astimezone(place).date():
        return at
    return datetime.datetime.combine(day, datetime.time(12), place)
