import uuid

import factory
from django.utils import timezone

from apps.workspace.models import FormKey, Workspace
from tests.factories.users import UserFactory


class WorkspaceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Workspace

    id = 1
    name = "Tidewell"


class FormKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = FormKey

    key = factory.LazyFunction(uuid.uuid4)
    user = factory.SubFactory(UserFactory)
    purpose = "test"
    created_at = factory.LazyFunction(timezone.now)
