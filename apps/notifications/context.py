"""What every page knows of notifications."""

from django.utils.functional import SimpleLazyObject

from apps.notifications import queries


def bell(request):
    """Give templates the bell, counted only when one shows it."""
    return {"bell": SimpleLazyObject(lambda: queries.bell(request.user))}
