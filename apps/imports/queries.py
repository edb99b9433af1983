"""What an import asks before it begins."""

from apps.imports.models import Batch
from apps.users.models import Team, User


def teams():
    """Return the teams: from the folded name to the id as text."""
    return {name.casefold(): str(pk) for pk, name in Team.objects.values_list("pk", "name")}


def people():
    """Return those who may own customers: from the folded address to the id as text."""
    rows = User.objects.filter(is_active=True).values_list("pk", "email")
    return {email.casefold(): str(pk) for pk, email in rows}


def last_batch_of(sha256):
    """Return the newest batch of a file with these bytes, or None."""
    return Batch.objects.filter(sha256=sha256).order_by("-applied_at", "-id").first()
