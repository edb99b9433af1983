from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0004_feed")]

    # An empty column, so that no row is written; the worker looks at every open task once more.
    operations = [
        migrations.RemoveField(model_name="deadline", name="due_at"),
        migrations.AddField(
            model_name="task",
            name="seen_due_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
