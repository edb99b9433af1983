import hashlib
from datetime import timedelta

import factory
from django.utils import timezone

from apps.access.models import Invitation, Member
from tests.factories.history import TimelineFactory
from tests.factories.users import UserFactory


class MemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Member

    user = factory.SubFactory(UserFactory)
    timeline = factory.SubFactory(TimelineFactory)


class InvitationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Invitation

    email = factory.Sequence(lambda n: f"guest{n}@example.com")
    name = "A Guest"
    invited_by = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda o: o.created_at + timedelta(days=7))
    secret_hash = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
