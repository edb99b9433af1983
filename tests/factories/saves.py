import uuid
from datetime import timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from apps.saves.models import SaveCase
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
