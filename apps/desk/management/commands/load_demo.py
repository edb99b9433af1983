"""`manage.py load_demo`: fill an empty workspace with a believable company."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.accounts.models import Account
from apps.desk.demo import people
from apps.desk.demo.load import load

SIZE = 2000
# Says how far it is after so many.
STEP = 10_000


class Command(BaseCommand):
    """Load the demo workspace; does nothing when there are customers already."""

    help = "Load the demo workspace into an empty database."

    def add_arguments(self, parser):
        parser.add_argument(
            "--size", type=int, default=SIZE, help=f"How many customers ({SIZE:,} unless told)."
        )

    def handle(self, *, size, **options):
        if size < 1:
            self.stdout.write("Ask for one customer at least: --size 2000.")
        elif load(size, now=timezone.now(), progress=lambda done: self._say(done, size)):
            self.stdout.write(f"The demo workspace is loaded: {size:,} customers. Sign in as")
            for entry in people.STAFF:
                self.stdout.write(f"  {entry.address:24}{entry.name}, {entry.role}")
            self.stdout.write(f"The password of each is {people.PASSWORD}")
        else:
            count = Account.objects.count()
            self.stdout.write(f"There are {count:,} customers already: nothing was loaded.")

    def _say(self, done, size):
        if done % STEP == 0 and done < size:
            self.stdout.write(f"{done:,} of {size:,} customers ...")
