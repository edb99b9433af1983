"""Load the shipped escalation policies into a new workspace."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.tasks.actions import escalation


class Command(BaseCommand):
    """Add the escalation policies when there is none; run again, it changes nothing."""

    help = "Adds the shipped escalation policies when there is none at all."

    def handle(self, **options):
        count = escalation.load_policies(at=timezone.now())
        self.stdout.write(f"Added {count} escalation policies.")
