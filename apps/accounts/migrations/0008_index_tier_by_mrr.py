from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # People go on saving while it is built.
    atomic = False

    dependencies = [("accounts", "0007_contact_version")]

    operations = [
        AddIndexConcurrently(
            model_name="account",
            index=models.Index(fields=["tier", "mrr", "id"], name="accounts_account_tier_mrr"),
        ),
    ]
