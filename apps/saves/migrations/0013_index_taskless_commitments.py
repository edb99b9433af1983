"""Beside running pages: building an index would keep everybody from writing meanwhile."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("saves", "0012_commitment_task")]

    operations = [
        AddIndexConcurrently(
            model_name="commitment",
            index=models.Index(
                condition=models.Q(("state", "open"), ("task", None)),
                fields=["id"],
                name="saves_commitment_taskless",
            ),
        ),
    ]
