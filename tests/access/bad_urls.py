"""Views with the mistakes that the walk must catch."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.urls import include, path

from apps.core.policy import policy
from apps.users.models import Team

handler403 = "apps.core.errors.forbidden"


@policy(signed_in=True, methods=("POST",))
def bad(request):
    Team.objects.create(name="Too early")
    raise PermissionDenied


@policy(signed_in=True, methods=("POST",))
@transaction.atomic
def bad_inside_a_transaction(request):
    Team.objects.create(name="Rolled back")
    raise PermissionDenied


def unmarked(request):
    return HttpResponse("Nobody said who may see this.")


urlpatterns = [
    path("bad/", bad),
    path("bad-inside-a-transaction/", bad_inside_a_transaction),
    path("unmarked/", unmarked),
    path("", include("config.urls")),
]
