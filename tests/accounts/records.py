"""Records as the database holds them, to compare before and after."""

from apps.accounts.models import Account, Contact


def fresh(*accounts):
    return [Account.objects.get(pk=each.pk) for each in accounts]


def facts(account):
    """What a person would miss if it changed."""
    row = Account.objects.filter(pk=account.pk).values().get()
    return {name: value for name, value in row.items() if name != "version"}


def contacts():
    rows = Contact.objects.order_by("pk").values()
    return [{name: value for name, value in row.items() if name != "version"} for row in rows]
