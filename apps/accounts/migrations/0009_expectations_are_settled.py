from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_index_tier_by_mrr")]

    # Columns with a constant, and a rule for new rows alone: no row is read while it is locked.
    operations = [
        migrations.AddField(
            model_name="insight",
            name="settled_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="insight",
            name="settled_why",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name="insight",
            name="verdict",
            field=models.CharField(
                blank=True,
                choices=[("", "Open"), ("met", "Met"), ("not_met", "Not met")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        AddConstraintNotValid(
            model_name="insight",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_on", None), ("settled_why", ""), ("verdict", "")),
                    models.Q(
                        ("settled_on__isnull", False),
                        ("topic", "expectation"),
                        ("verdict", "met"),
                    ),
                    models.Q(
                        ("settled_on__isnull", False),
                        ("topic", "expectation"),
                        ("verdict", "not_met"),
                        models.Q(("settled_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="accounts_insight_settled",
            ),
        ),
    ]
