"""Load the shipped reasons into a new workspace."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.reasons import actions


class Command(BaseCommand):
    """Add the categories and prompts that are missing; run again, it changes nothing."""

    help = "Adds the shipped categories, reasons and prompts that are not there yet."

    def handle(self, **options):
        categories, reasons, prompts = actions.load_defaults(at=timezone.now())
        self.stdout.write(
            f"Added {categories} categories, {reasons} reasons and {prompts} prompts."
        )
