import uuid
from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from apps.saves.models import Commitment, Draft, SaveCase, Watch, WinBack
from tests.factories.accounts import AccountFactory
from tests.factories.reasons import ReasonFactory
from tests.factories.users import UserFactory


class SaveCaseFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SaveCase

    key = factory.LazyFunction(uuid.uuid4)
    account = factory.SubFactory(AccountFactory)
    agent = factory.SubFactory(UserFactory)
    opened_at = factory.LazyFunction(timezone.now)
    closed_at = factory.LazyAttribute(lambda o: o.opened_at + timedelta(minutes=6))
    seconds = 360
    reason = factory.SubFactory(ReasonFactory)
    reason_text = "Price: Price rise at renewal"
    solvable = "yes"
    verbatim = "It costs too much."
    outcome = "stayed"
    mrr = Decimal("249.00")
    currency = "GBP"
    tier = "mid"
    stage = "retention"


class CommitmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commitment

    account = factory.SubFactory(AccountFactory)
    text = "Honour the old price on the next invoice"
    owner = factory.SubFactory(UserFactory)
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=3))
    made_by = factory.SelfAttribute("owner")
    made_at = factory.LazyFunction(timezone.now)


class DraftFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Draft

    key = factory.LazyFunction(uuid.uuid4)
    account = factory.SubFactory(AccountFactory)
    agent = factory.SubFactory(UserFactory)
    opening = "signed"
    opened_at = factory.LazyFunction(timezone.now)
    kept_at = factory.SelfAttribute("opened_at")


class WatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Watch

    case = factory.SubFactory(SaveCaseFactory, account=factory.SelfAttribute("..account"))
    account = factory.SubFactory(AccountFactory)
    saved_on = factory.LazyFunction(timezone.localdate)
    next_on = factory.LazyAttribute(lambda o: o.saved_on + timedelta(days=30))
    changed_at = factory.LazyFunction(timezone.now)


class WinBackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WinBack

    case = factory.SubFactory(
        SaveCaseFactory,
        account=factory.SelfAttribute("..account"),
        outcome="left",
        leaves_on=factory.LazyFunction(timezone.localdate),
    )
    account = factory.SubFactory(AccountFactory)
    not_before = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=30))
    changed_at = factory.LazyFunction(timezone.now)
