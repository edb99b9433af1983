from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_expectations_are_settled")]

    # Reads every statement without keeping anybody from writing another.
    operations = [ValidateConstraint("insight", "accounts_insight_settled")]
