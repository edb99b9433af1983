"""What the calendar does to customers."""

from django.utils import timezone

from apps.accounts import actions
from apps.accounts.models import Account
from apps.core.jobs import job


def _due():
    return Account.objects.due_to_close(timezone.now()).exists()


@job("accounts.close_churned", due=_due)
def close_churned(**later):
    """Move those to churn whose last day has come; the ticker rings again for more."""
    actions.close_churned(at=timezone.now())
