"""Whom an agent said they would call back is found without reading all that they logged."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("saves", "0007_watches_of_earlier_saves"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="savecase",
            index=models.Index(
                condition=models.Q(("outcome", "undecided")),
                fields=["agent", "call_back_at"],
                name="saves_savecase_call_back",
            ),
        ),
    ]
