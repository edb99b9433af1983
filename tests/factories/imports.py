import factory
from django.utils import timezone

from apps.imports.models import Batch
from tests.factories.history import TimelineFactory


class BatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Batch

    timeline = factory.SubFactory(TimelineFactory)
    file = "customers.csv"
    mapping = "customers.toml"
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    rows = 1
    created = 1
    updated = 0
    unchanged = 0
    applied_at = factory.LazyFunction(timezone.now)
