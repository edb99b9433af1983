from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    atomic = False  # nobody waits for the index

    dependencies = [("saves", "0010_win_backs_of_earlier_calls")]

    operations = [
        AddIndexConcurrently(
            model_name="winback",
            index=models.Index(
                models.OrderBy(Coalesce("next_on", "not_before"), descending=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("ended", "")),
                name="saves_winback_next",
            ),
        ),
        RemoveIndexConcurrently(model_name="winback", name="saves_winback_due"),
    ]
