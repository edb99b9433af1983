"""`manage.py bench`: time the pages, the main job and the import, each beside its baseline."""

import json
import os
from contextlib import closing

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.models import Account
from apps.desk.bench import figures, run, server
from apps.desk.bench.browser import Browser
from apps.history.models import Event

SIZE, ROUNDS = 100_000, 200


class Command(BaseCommand):
    """Measure, print, write `bench.json`; fails when a figure is above its limit."""

    help = "Measure the pages on a workspace of 100,000 customers, built on the first run."

    def add_arguments(self, parser):
        parser.add_argument("--size", type=int, default=SIZE, help="How many customers.")
        parser.add_argument("--only", default="", help="Measure what has this in its name.")
        parser.add_argument(
            "--rounds", type=int, default=ROUNDS, help="How often each page is asked for."
        )

    def handle(self, *, size, only, rounds, **options):
        if settings.DEBUG:
            raise CommandError("Measure what runs in production: unset DEBUG and try again.")
        server.move_to("bench")
        try:
            server.prepare(size)
            found = self._measure(size, only, rounds)
        except (server.NotReady, run.CanNotSignIn, figures.WrongAnswer) as refusal:
            raise CommandError(str(refusal)) from None
        if not only:
            file = settings.VAR_DIR.with_suffix(".json")
            file.write_text(json.dumps([each.row() for each in found], indent=2) + "\n")
            self.stdout.write(f"Written to {file}.")
        if above := [each.name for each in found if not each.is_within]:
            raise CommandError(f"Above the limit: {'; '.join(above)}.")

    def _measure(self, size, only, rounds):
        customers, events = Account.objects.count(), Event.objects.count()
        self.stdout.write(f"{customers:,} customers, {events:,} events, {os.cpu_count()} cores.")
        self.stdout.write(figures.HEAD)
        found = []
        with (
            server.serve("apps.desk.bench.wsgi") as port,
            closing(Browser(port)) as browser,
            closing(Browser(port)) as manager,
        ):
            run.sign_in(browser)
            run.sign_in(manager, "manager")
            for each in run.measure(browser, manager, size=size, rounds=rounds, only=only):
                self.stdout.write(each.line())
                self.stdout.flush()
                found.append(each)
        server.vacuum(full=any(run.IMPORT in each.name for each in found))
        return found
