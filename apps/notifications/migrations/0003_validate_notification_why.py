from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_preferences_and_letters")]

    # Reads every notice without keeping anybody from writing another.
    operations = [ValidateConstraint("notification", "notifications_notification_why")]
