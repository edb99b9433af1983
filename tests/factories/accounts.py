import datetime
from decimal import Decimal

import factory
from django.utils import timezone

from apps.accounts.models import (
    Account,
    BlockedIdentity,
    Contact,
    ContactPermission,
    CustomField,
    Identity,
    Insight,
    Merge,
    TierThreshold,
)
from tests.factories.history import TimelineFactory
from tests.factories.users import UserFactory


class TierThresholdFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TierThreshold

    currency = "GBP"
    mid_from = Decimal(100)
    high_from = Decimal(250)


class AccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Account

    timeline = factory.SubFactory(TimelineFactory)
    name = factory.Sequence(lambda n: f"Customer {n}")
    reference = factory.Sequence(lambda n: f"C-{n:05}")
    started_on = datetime.date(2024, 1, 15)
    stage = "retention"
    stage_since = factory.LazyFunction(timezone.now)
    mrr = Decimal("249.00")
    time_zone = "Europe/London"
    created_at = factory.LazyFunction(timezone.now)


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact

    account = factory.SubFactory(AccountFactory)
    name = factory.Sequence(lambda n: f"Contact {n}")
    email = factory.Sequence(lambda n: f"contact{n}@customer.example")
    created_at = factory.LazyFunction(timezone.now)


class ContactPermissionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ContactPermission

    contact = factory.SubFactory(ContactFactory)
    channel = "email"
    is_given = True
    source = "On a call"
    said_at = factory.LazyFunction(timezone.now)


class IdentityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Identity

    account = factory.SubFactory(AccountFactory)
    kind = "email"
    value = factory.Sequence(lambda n: f"Known{n}@customer.example")
    normalised = factory.LazyAttribute(lambda o: o.value.lower())
    source = "test"
    created_at = factory.LazyFunction(timezone.now)


class BlockedIdentityFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BlockedIdentity

    kind = "email"
    normalised = factory.Sequence(lambda n: f"info{n}@customer.example")
    reason = "Shared mailbox"


class CustomFieldFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CustomField

    key = factory.Sequence(lambda n: f"field_{n}")
    label = factory.Sequence(lambda n: f"Field {n}")
    kind = "text"
    timeline = factory.SubFactory(TimelineFactory)


class InsightFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Insight

    account = factory.SubFactory(AccountFactory)
    topic = "wants"
    text = "Fewer calls to make each morning."
    source = "On a call"
    said_on = datetime.date(2026, 3, 2)
    recorded_at = factory.LazyFunction(timezone.now)


class MergeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Merge

    kept = factory.SubFactory(AccountFactory)
    given_up = factory.SubFactory(AccountFactory)
    merged_at = factory.LazyFunction(timezone.now)
    merged_by = factory.SubFactory(UserFactory)
    moved = factory.LazyFunction(
        lambda: {
            "contacts": {},
            "identities": [],
            "members": [],
            "made": None,
            "first": None,
            "stepped_back": None,
        }
    )
