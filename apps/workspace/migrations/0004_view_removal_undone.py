import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workspace", "0003_bulk_undone_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    # Some views for each person: the index is built before anybody notices.
    operations = [
        migrations.AddField(
            model_name="savedview",
            name="removed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RemoveConstraint(model_name="savedview", name="workspace_savedview_named_once"),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(
                models.F("owner"),
                models.F("page"),
                django.db.models.functions.text.Lower("name"),
                condition=models.Q(("removed_at", None)),
                name="workspace_savedview_named_once",
            ),
        ),
    ]
