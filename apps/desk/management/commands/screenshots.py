"""`manage.py screenshots`: take the pictures of the README from a demo workspace of its own."""

import os
import shutil

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from apps.accounts.models import Account
from apps.desk.bench import server
from apps.desk.demo.people import PASSWORD, STAFF

SIZE = 2000
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


class Command(BaseCommand):
    """Start a server, sign in as Amara, and photograph the pages, light and dark and small."""

    help = "Write docs/images from a demo workspace; needs a Chromium."

    def add_arguments(self, parser):
        parser.add_argument("--size", type=int, default=SIZE, help="How many customers.")

    def handle(self, *, size, **options):
        try:
            from playwright.sync_api import sync_playwright  # noqa: PLC0415 - for developers only
        except ImportError:
            raise CommandError("Playwright is missing: run make install and try again.") from None
        chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
        if chromium is None:
            raise CommandError(
                "No Chromium was found: install one (Debian: apt-get install chromium) "
                "or name it with CHROMIUM=/path."
            )
        server.move_to("screenshots")
        try:
            server.prepare(size)
            pages = _pages()  # before Playwright, whose loop Django takes for an async program
            folder = settings.BASE_DIR / "docs" / "images"
            folder.mkdir(parents=True, exist_ok=True)
            with server.serve("config.wsgi") as port, sync_playwright() as playwright:
                browser = playwright.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox"]
                )
                for look, options_ in _looks():
                    self._photograph(browser, port, pages, folder, look, options_)
        except server.NotReady as refusal:
            raise CommandError(str(refusal)) from None

    def _photograph(self, browser, port, pages, folder, look, options):
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}",
            locale="en-GB",
            reduced_motion="reduce",
            **options,
        )
        page = context.new_page()
        page.goto(reverse("account_login"))
        page.fill("[name=login]", STAFF[0].address)
        page.fill("[name=password]", PASSWORD)
        page.click("button.primary[type=submit]")
        for name, path, prepare in pages:
            page.goto(path)
            prepare(page)
            page.wait_for_load_state("networkidle")
            file = folder / f"{name}-{look}.png"
            page.screenshot(path=file)
            self.stdout.write(f"{file.name}: {file.stat().st_size // 1024} KB")
        context.close()


def _looks():
    for scheme in ("light", "dark"):
        yield scheme, {**DESK, "color_scheme": scheme}
    yield "phone", {**PHONE, "color_scheme": "light"}


def _pages():
    """Names, paths, and what is done before the picture is taken."""
    ids = dict(Account.objects.values_list("reference", "pk").filter(reference__in=_SHOWN))
    return [
        ("today", reverse("desk:today"), _somebody_calls),
        ("customers", f"{reverse('desk:customers')}?owner=me", _nothing),
        ("customer", reverse("desk:customer", args=[ids["LD-20418"]]), _nothing),
        ("save", reverse("saves:new", args=[ids["CC-20377"]]), _half_a_save),
    ]


_SHOWN = ("LD-20418", "CC-20377")


def _nothing(page):
    """Take it as it is."""


def _somebody_calls(page):
    """Type the beginning of a name, as an agent does when the phone rings."""
    page.locator("#caller").press_sequentially("cobal")
    page.locator("[role=option]").first.wait_for()


def _half_a_save(page):
    """Answer the first two parts of the page, and go back to its top."""
    page.locator("[name=category][value='1']").check(force=True)
    page.locator("[name=reason]:visible, .chips [name=reason]").first.check(force=True)
    page.fill(
        "[name=verbatim]",
        "The renewal came in £62 higher, and half of our bookings still come through the desk.",
    )
    page.evaluate("scrollTo(0, 0)")
