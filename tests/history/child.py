"""A worker process for the delivery tests: hands over what is due, once.

`python -m tests.history.child careful|naive`
"""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.db import transaction
    from django.utils import timezone

    from apps.core.failpoints import failpoint
    from apps.history import actions, subscriptions
    from apps.history.models import Delivery
    from tests.history.listening import echo

    subscriptions.subscribe("tests.echo", ["history.noted"], echo)
    if sys.argv[1] == "naive":
        # The mistake that the real code avoids: mark first, then do the work.
        delivery = Delivery.objects.pending().get()
        Delivery.objects.filter(pk=delivery.pk).update(state="done")
        with transaction.atomic():
            echo(delivery.event)
            failpoint("delivery_before_commit")
    else:
        actions.deliver_next(at=timezone.now())
