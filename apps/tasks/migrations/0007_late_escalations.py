from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built while people go on writing; a worker of the version before goes on as well.
    atomic = False
    dependencies = [("tasks", "0006_index_unseen_and_late")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="is_late",
            field=models.BooleanField(db_default=False, default=False),
        ),
        AddIndexConcurrently(
            model_name="escalation",
            index=models.Index(
                condition=models.Q(("is_late", True)),
                fields=["told", "fired_at"],
                name="tasks_escalation_late",
            ),
        ),
        RemoveIndexConcurrently(model_name="escalation", name="tasks_escalation_bundled"),
    ]
