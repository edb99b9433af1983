import factory
from django.utils import timezone

from apps.history.models import Delivery, Event, Pin, Timeline
from tests.factories.users import UserFactory


class TimelineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Timeline


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Event

    timeline = factory.SubFactory(TimelineFactory)
    kind = "history.noted"
    happened_at = factory.LazyFunction(timezone.now)
    recorded_at = factory.SelfAttribute("happened_at")
    payload = factory.LazyFunction(lambda: {"text": "A note"})


class DeliveryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Delivery

    event = factory.SubFactory(EventFactory)
    timeline = factory.SelfAttribute("event.timeline")
    subscriber = "tests.listen"


class PinFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Pin

    event = factory.SubFactory(EventFactory)
    timeline = factory.SelfAttribute("event.timeline")
    pinned_by = factory.SubFactory(UserFactory)
    pinned_at = factory.LazyFunction(timezone.now)
