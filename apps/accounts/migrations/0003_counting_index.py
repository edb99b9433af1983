from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # People go on saving while it is built.
    atomic = False

    dependencies = [("accounts", "0002_permissions_append_only")]

    operations = [
        AddIndexConcurrently(
            model_name="account",
            index=models.Index(
                fields=["owner", "tier", "stage", "team", "industry"],
                include=["mrr", "started_on", "churned_on", "time_zone"],
                name="accounts_account_counting",
            ),
        ),
    ]
