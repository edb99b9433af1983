import factory

from apps.reasons.models import Category, Competitor, Prompt, Reason
from tests.factories.history import TimelineFactory


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ["position"]

    name = factory.Sequence(lambda n: f"Category {n}")
    question = "What about it?"
    position = factory.Sequence(lambda n: n % 9 + 1)
    timeline = factory.SubFactory(TimelineFactory)


class ReasonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Reason

    category = factory.SubFactory(CategoryFactory)
    name = factory.Sequence(lambda n: f"Reason {n}")
    solvable = "yes"


class CompetitorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Competitor

    name = factory.Sequence(lambda n: f"Competitor {n}")


class PromptFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Prompt

    name = factory.Sequence(lambda n: f"Prompt {n}")
    text = "Write to {contact} of {customer}: {words}"
    timeline = factory.SubFactory(TimelineFactory)
