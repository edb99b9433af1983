"""Who hears what happens to a customer, and who must not."""

from django.db.models import Q
from django.db.models.functions import Coalesce

from apps.accounts.models import Account


def owner(event):
    """Return the id of whoever looks after the customer now, in a list; empty for nobody.

    What follows from something else, such as a call that is told itself, says its source, and an
    owner is not told of it once more.
    """
    if "source" in event.payload:
        return []
    owners = Account.objects.filter(timeline=event.timeline_id, owner__isnull=False)
    return list(owners.values_list("owner", flat=True))


def new_owner(event):
    """Return the id of whoever was given many customers at once, in a list."""
    return [event.subject_id]


def hidden_timelines(user):
    """Return the ids of the timelines of private teams' customers, or None for none."""
    if not user.hidden_teams:
        return None
    return Account.objects.filter(team__in=user.hidden_teams).values("timeline")


def timelines_of(account_id):
    """Return the ids of the timelines of a customer and of the records merged into it."""
    records = Account.objects.filter(Q(pk=account_id) | Q(merged_into=account_id))
    return records.values_list("timeline", flat=True)


def joined_timelines(timeline_id):
    """Return the ids of the timelines that are shown as one with a customer's."""
    record = Account.objects.filter(timeline=timeline_id)
    kept = record.values_list(Coalesce("merged_into", "pk"), flat=True).first()
    return timelines_of(kept) if kept else []


def names(timeline_ids):
    """Return the names of the customers whose timelines these are, by timeline."""
    rows = Account.objects.filter(timeline__in=timeline_ids)
    return dict(rows.values_list("timeline", "name"))
