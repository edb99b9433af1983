from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("saves", "0002_commitments_drafts_watches")]

    # Reads every call without keeping anybody from logging another.
    operations = [ValidateConstraint("savecase", "saves_savecase_outcome_words")]
