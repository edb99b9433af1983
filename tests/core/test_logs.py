import logging

import pytest
from django.test import Client
from django.urls import reverse

from apps.access import rules
from apps.core import logs
from tests.factories.access import InvitationFactory


@pytest.fixture
def written(caplog):
    """Return what the log holds, as the settings have it written."""
    console = next(
        each for each in logging.getLogger().handlers if isinstance(each.formatter, logs.Line)
    )
    return lambda: [console.format(record) for record in caplog.records]


def lines_of(answer, written):
    return [line for line in written() if answer in line]


def test_a_refused_invitation_is_logged_without_its_secret(client, db, written):
    InvitationFactory(secret_hash=rules.hash_secret("s3cret"))
    path = reverse("access:invitation", args=["s3cret"])

    assert client.post(path, {"name": "Ada"}).status_code == 422

    (line,) = lines_of("Unprocessable", written)
    assert line.endswith("django.request Unprocessable Entity: /people/join/…/")


def test_a_closed_invitation_is_logged_without_its_secret(client, db, written):
    client.get(reverse("access:invitation", args=["s3cret"]))

    assert "/people/join/…/" in lines_of("Not Found", written)[0]


def test_an_invitation_from_another_site_is_logged_without_its_secret(db, written):
    Client(enforce_csrf_checks=True).post(reverse("access:invitation", args=["s3cret"]))

    assert lines_of("Forbidden", written)
    assert "s3cret" not in str(written())


def test_the_key_of_a_new_password_is_not_logged(written):
    path = "/sign-in/forgotten/1a-k3y/"
    problem = ValueError(f"{path} failed")
    logging.getLogger("django.request").error("At %s", path, exc_info=problem)

    (text,) = written()
    assert "k3y" not in text
    assert text.count("/sign-in/forgotten/…/") == 2


@pytest.mark.parametrize("path", ["/sign-in/forgotten/sent/", "/customers/1/", "/people/join/"])
def test_other_addresses_are_logged_as_they_are(written, path):
    logging.getLogger("django.request").warning("Not Found: %s", path)

    assert written()[0].endswith(f"Not Found: {path}")
