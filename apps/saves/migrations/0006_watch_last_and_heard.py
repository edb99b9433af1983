from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_index_tier_by_mrr"),
        ("saves", "0005_commitment_made_good"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="watch",
            name="saves_watch_account",
        ),
        migrations.AddField(
            model_name="watch",
            name="heard_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="watch",
            name="is_last",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.AddIndex(
            model_name="watch",
            index=models.Index(
                condition=models.Q(("is_last", True)),
                fields=["rung", "account"],
                name="saves_watch_last",
            ),
        ),
    ]
