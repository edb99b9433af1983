from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    # Built while people go on writing.
    atomic = False
    dependencies = [("tasks", "0005_seen")]

    operations = [
        AddIndexConcurrently(
            model_name="task",
            index=models.Index(
                condition=models.Q(
                    ("state__in", ("open", "in_progress")),
                    models.Q(
                        ("seen_due_at", None),
                        ("seen_due_at__lt", models.F("due_at")),
                        ("seen_due_at__gt", models.F("due_at")),
                        _connector="OR",
                    ),
                ),
                fields=["due_at", "id"],
                name="tasks_task_unseen",
            ),
        ),
        AddIndexConcurrently(
            model_name="task",
            index=models.Index(
                condition=models.Q(("escalated__gt", 0), ("state__in", ("open", "in_progress"))),
                fields=["due_at", "id"],
                name="tasks_task_late",
            ),
        ),
    ]
