import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workspace", "0004_view_removal_undone")]

    # A column that may be empty: nothing is rewritten, and code from before reads on.
    operations = [
        migrations.AlterField(
            model_name="defaultview",
            name="view",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="defaults",
                to="workspace.savedview",
            ),
        ),
    ]
