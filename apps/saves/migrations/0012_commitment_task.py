"""A commitment is done by a task: an empty column, so that no row is written."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("saves", "0011_win_backs_in_order"),
        ("tasks", "0004_feed"),
    ]

    operations = [
        migrations.AddField(
            model_name="commitment",
            name="task",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="commitment",
                to="tasks.task",
            ),
        ),
    ]
