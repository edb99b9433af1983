"""Load the shipped reasons into a new workspace."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.reasons import actions


class Command(BaseCommand):
    """Add the categories that are missing; run again, it changes nothing."""

    help = "Adds the shipped categories and reasons that are not there yet."

    def handle(self, **options):
        categories, reasons = actions.load_defaults(at=timezone.now())
        self.stdout.write(f"Added {categories} categories and {reasons} reasons.")
