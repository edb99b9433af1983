import factory

from apps.access.models import Member
from apps.history.models import Timeline
from apps.users.models import Team, User


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")
    time_zone = "Europe/London"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    team = factory.SubFactory(TeamFactory)
    time_zone = "Europe/London"
    password = factory.django.Password("correct horse battery")


def make_person(role="agent", **fields):
    """A user with a role, as everybody in the workspace is."""
    user = UserFactory(is_staff=role == "admin", **fields)
    Member.objects.create(user=user, role=role, timeline=Timeline.objects.create())
    return user
