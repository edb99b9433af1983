"""Who follows the customers that pictures show, and what everybody was told of them lately."""

from datetime import timedelta

from apps.accounts.models import Account
from apps.desk.demo import heroes
from apps.history import kinds
from apps.history.models import Event
from apps.notifications import actions
from apps.notifications.models import Notification, Watch
from apps.users.models import User

# Told as far back as this; read, but for what came in the last days.
TOLD, READ = timedelta(days=21), timedelta(days=4)
FOLLOWED = {
    "helen@demo.example": ["Larkspur Dental", "Cobalt Climbing", "Bramley & Vine"],
    "rhodri@demo.example": ["Larkspur Dental"],
    "amara@demo.example": ["Merrow Swim School"],
}


def tell(now):
    """Let people follow, and tell them as the worker would have told them at the time."""
    accounts = Account.objects.filter(name__in=[each.name for each in heroes.ALL])
    timelines = dict(accounts.values_list("name", "timeline"))
    _follow(timelines, now)
    news = Event.objects.filter(
        timeline__in=timelines.values(), recorded_at__gt=now - TOLD, kind__in=kinds.news()
    )
    for event in news.order_by("recorded_at", "pk"):
        actions.tell(event, at=event.recorded_at)
    old = Notification.objects.filter(created_at__lt=now - READ)
    old.update(read_at=now - READ)


def _follow(timelines, now):
    people = {each.email: each for each in User.objects.filter(email__in=FOLLOWED)}
    Watch.objects.bulk_create(
        Watch(user=people[address], timeline_id=timelines[name], since=now - TOLD)
        for address, names in FOLLOWED.items()
        for name in names
        if name in timelines  # a small workspace has the first of them alone
    )
