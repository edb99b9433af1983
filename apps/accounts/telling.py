"""Who hears what happens to a customer, and who must not."""

from apps.accounts.models import Account


def owner(event):
    """Return the id of whoever looks after the customer now, in a list; empty for nobody.

    What follows from something else (a file, a call that is told itself) says its source, and
    an owner is not told of it once more, nor a thousand times of one file.
    """
    if "source" in event.payload:
        return []
    owners = Account.objects.filter(timeline=event.timeline_id, owner__isnull=False)
    return list(owners.values_list("owner", flat=True))


def hidden_timelines(user):
    """Return the ids of the timelines of private teams' customers, or None for none."""
    if not user.hidden_teams:
        return None
    return Account.objects.filter(team__in=user.hidden_teams).values("timeline")
