"""A worker process for the tests of escalation: looks at what is due, once.

`python -m tests.tasks.child careful|naive`
"""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.utils import timezone

    from apps.core.failpoints import failpoint
    from apps.tasks.actions import escalation

    if sys.argv[1] == "naive":
        # The mistake that the real code avoids: what is told, and that it was, apart.
        escalation._LOCK = "SELECT"
        escalation._tell_of_many = lambda news, at: failpoint("escalation_before_commit")
        escalation._fire_some.__wrapped__(timezone.now())
    else:
        escalation.fire_due(at=timezone.now())
