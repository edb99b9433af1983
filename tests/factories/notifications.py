import factory
from django.utils import timezone

from apps.notifications.models import Letter, Notification, Preference, Rhythm, Watch
from tests.factories.history import EventFactory, TimelineFactory
from tests.factories.users import UserFactory


class WatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Watch

    user = factory.SubFactory(UserFactory)
    timeline = factory.SubFactory(TimelineFactory)
    since = factory.LazyFunction(timezone.now)


class NotificationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notification

    user = factory.SubFactory(UserFactory)
    event = factory.SubFactory(EventFactory)
    why = "mentioned"
    created_at = factory.LazyFunction(timezone.now)


class PreferenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Preference

    user = factory.SubFactory(UserFactory)
    why = "mentioned"
    rings = True
    is_mailed = True


class RhythmFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Rhythm

    user = factory.SubFactory(UserFactory)


class LetterFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Letter

    notification = factory.SubFactory(NotificationFactory)
    user = factory.SelfAttribute("notification.user")
    next_at = factory.LazyFunction(timezone.now)
