"""Take the place of Django's command, whose users would have no role here."""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Point to the command that does it."""

    help = "Use add_admin."

    def add_arguments(self, parser):
        parser.add_argument("rest", nargs="*")

    def handle(self, **options):
        raise CommandError("Mainstay has no superusers. Use: manage.py add_admin EMAIL")
