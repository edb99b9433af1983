import factory
from django.utils import timezone

from apps.tasks.models import (
    Cover,
    Deadline,
    Escalation,
    Feed,
    Handoff,
    Level,
    Policy,
    Queue,
    Recount,
    Task,
)
from tests.factories.accounts import AccountFactory
from tests.factories.calendars import OutOfOfficeFactory
from tests.factories.users import TeamFactory, UserFactory


class QueueFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Queue

    name = factory.Sequence(lambda n: f"Queue {n}")
    team = factory.SubFactory(TeamFactory)


class TaskFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Task

    account = factory.SubFactory(AccountFactory)
    what = factory.Sequence(lambda n: f"Call about {n}")
    owner = factory.SubFactory(UserFactory)
    due_at = factory.LazyFunction(timezone.now)
    made_at = factory.LazyFunction(timezone.now)
    cause = factory.Sequence(lambda n: f"test:{n}")


class HandoffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Handoff

    task = factory.SubFactory(TaskFactory)
    sender = factory.SelfAttribute("task.owner")
    receiver = factory.SubFactory(UserFactory)
    why = "You know them better."
    sent_at = factory.LazyFunction(timezone.now)


class PolicyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Policy

    name = factory.Sequence(lambda n: f"Policy {n}")


class LevelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Level

    policy = factory.SubFactory(PolicyFactory)
    number = 1
    minutes = 0


class DeadlineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Deadline

    task = factory.SubFactory(TaskFactory)


class EscalationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Escalation

    task = factory.SubFactory(TaskFactory)
    due_at = factory.SelfAttribute("task.due_at")
    level = 1
    told = factory.SelfAttribute("task.owner")
    does = "notify"
    fired_at = factory.LazyFunction(timezone.now)


class CoverFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Cover

    absence = factory.SubFactory(OutOfOfficeFactory)
    offered_at = factory.LazyFunction(timezone.now)


class RecountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Recount

    cause = factory.Sequence(lambda n: f"event:{n}")
    asked_at = factory.LazyFunction(timezone.now)


class FeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Feed

    user = factory.SubFactory(UserFactory)
    secret_hash = factory.Sequence(lambda n: f"{n:064x}")
    made_at = factory.LazyFunction(timezone.now)
