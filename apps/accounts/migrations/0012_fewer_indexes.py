"""Two indexes that answer nothing go: planning weighs every index for every question.

Django would drop the foreign keys with them and check every row again; so the indexes go by
name, without holding up anybody.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

BY = {
    "owner": "accounts_account_owner_id_7b1fcbd0",
    "removed_by": "accounts_account_removed_by_id_33a81c37",
}


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("accounts", "0011_insight_verdict_may_change")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f"DROP INDEX CONCURRENTLY IF EXISTS {index}",
                    f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {index}"
                    f" ON accounts_account ({column}_id)",
                )
                for column, index in BY.items()
            ],
            state_operations=[
                migrations.AlterField(
                    "account",
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                migrations.AlterField(
                    "account",
                    "removed_by",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        )
    ]
