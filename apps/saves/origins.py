"""What the tasks of this room were made for."""

from django.utils.translation import gettext as _

from apps.core.addresses import address
from apps.saves.queries import commitments
from apps.tasks.models import Task
from apps.tasks.origins import About, register


def describe(task_ids):
    """Return the commitments of tasks, and whether the customer knows of them."""
    return {
        pk: About(
            _("Commitment") if is_visible else _("Commitment, the customer does not know"),
            address("saves:commitment", commitment),
        )
        for pk, (commitment, is_visible) in commitments.behind(task_ids).items()
    }


register(Task.Origin.COMMITMENT, describe)
