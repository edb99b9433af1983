"""What every template knows of the workspace."""

from django.utils.functional import SimpleLazyObject

from apps.workspace import queries


def workspace(request):
    """Give templates the workspace, read only when one asks for it."""
    return {"workspace": SimpleLazyObject(queries.current)}
