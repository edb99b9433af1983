import uuid

import factory
from django.utils import timezone

from apps.workspace.models import (
    BulkChange,
    BulkRow,
    DefaultView,
    FormKey,
    Presence,
    SavedView,
    ViewPick,
    Workspace,
)
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


class SavedViewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SavedView

    name = factory.Sequence(lambda n: f"View {n}")
    query = "tier=high"
    owner = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)


class DefaultViewFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DefaultView

    view = factory.SubFactory(SavedViewFactory)
    user = factory.SelfAttribute("view.owner")


class ViewPickFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ViewPick

    view = factory.SubFactory(SavedViewFactory, is_picked=True, query="")
    subject_id = factory.Sequence(lambda n: n + 1)
    added_by = factory.SelfAttribute("view.owner")
    added_at = factory.LazyFunction(timezone.now)


class BulkChangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BulkChange

    kind = "tests.change"
    label = "Change it"
    by = factory.SubFactory(UserFactory)
    created_at = factory.LazyFunction(timezone.now)
    leased_until = factory.SelfAttribute("created_at")


class BulkRowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = BulkRow

    change = factory.SubFactory(BulkChangeFactory)
    subject_id = factory.Sequence(lambda n: n + 1)
    label = factory.Sequence(lambda n: f"Customer {n}")


class PresenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Presence

    user = factory.SubFactory(UserFactory)
    subject_label = "accounts.account"
    subject_id = factory.Sequence(lambda n: n + 1)
    opened_at = factory.LazyFunction(timezone.now)
    seen_at = factory.SelfAttribute("opened_at")
