"""Add an admin from the command line: how a new workspace gets its first one."""

import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from apps.access import actions
from apps.access.models import Role
from apps.users.models import User


class Command(BaseCommand):
    """Ask for a password (or read it from standard input) and add an admin."""

    help = "Adds somebody who may change settings and invite everybody else."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="What colleagues call them.")

    def handle(self, *, email, name, **options):
        name = name or email.partition("@")[0]
        try:
            validate_email(email)
            password = self._password()
            validate_password(password, User(email=email, name=name))
            actions.add_person(
                email, name=name, password=password, role=Role.ADMIN, at=timezone.now()
            )
        except (ValidationError, actions.AlreadyHere) as error:
            words = error.messages if isinstance(error, ValidationError) else [str(error)]
            raise CommandError(" ".join(words)) from None
        self.stdout.write(f"{email} may sign in.")

    def _password(self):
        # A pipe has no terminal to hide what is typed.
        if sys.stdin.isatty():
            return getpass.getpass("Password: ")
        return sys.stdin.readline().rstrip("\n")
