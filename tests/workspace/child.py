"""A worker process for the tests of bulk changes: works on the one there is.

`python -m tests.workspace.child`
"""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from apps.workspace.actions import bulk
    from apps.workspace.models import BulkChange

    bulk.work(BulkChange.objects.get())
