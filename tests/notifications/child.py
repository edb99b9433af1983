"""A worker process for the tests of mail: sends what is due, once.

`python -m tests.notifications.child`
"""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django.conf import settings
    from django.utils import timezone

    from apps.notifications.actions import mailing

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mailing.send_next(at=timezone.now())
