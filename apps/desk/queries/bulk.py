"""Which customers a change to many is about."""

from apps.accounts.models import Account
from apps.desk.queries import customers as list_queries


def asked_for(form, *, user, at):
    """Return (id, name) pairs of the customers that a valid Start form means, by name.

    Args:
        form: a bound, valid Start.
        user: who asks.
        at: now.
    """
    if form.cleaned_data["all"]:
        found = list_queries.matching(form.listed, user=user, at=at)
    else:
        found = Account.objects.visible_to(user).filter(pk__in=form.picked)
    return found.order_by("name_key", "pk").values_list("pk", "name")
