"""The rows of the customer list.

They are read as plain values and dressed in plain Python: building model instances and
filtering in the template cost three times as much as the query.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from apps.accounts import rules
from apps.accounts.models import Contact, Stage, Status, Tier
from apps.core.templatetags.mainstay import ago, day, hue, initials, money, svg

COLUMNS = [
    *("pk", "name", "reference", "stage", "tier", "mrr", "currency", "time_zone"),
    *("started_on", "churned_on", "renews_on", "owner_id", "owner__name"),
    *("timeline__last_touch_at", "face"),
    *("name_key", "renews_key", "started_key"),  # what pages continue from
]
# Tone and icon of the badge.
BY_STATUS = {
    Status.LEAVING: ("warn", "exit"),
    Status.CHURNED: ("", "x-circle"),
    Status.PROSPECT: ("", "flag"),
}
BY_STAGE = {
    Stage.WANDERING_EYE: ("warn", "eye"),
    Stage.TEST_DRIVE: ("bad", "alert"),
    Stage.ONBOARDING: ("info", "playbook"),
}


@dataclass(slots=True)
class Row:
    """One customer as the list says it.

    All of it is text: a template spends more on a number than on the rest of a cell.
    """

    pk: str
    name: str
    letters: str
    hue: str
    face: str
    tone: str
    icon: str
    badge: str
    tier: str
    mrr: str
    owner: str
    owner_letters: str
    owner_hue: str
    renews: str
    touched: str


def values(accounts):
    """Narrow a queryset of accounts to the values that a row says."""
    people = Contact.objects.filter(account=OuterRef("pk"), is_primary=True)
    named = accounts.with_sort_keys().annotate(face=Subquery(people.values("name")[:1]))
    return named.values_list(*COLUMNS, named=True)


def dress(found, at):
    """Put values into words; the badge says what the dates say, else the stage."""
    statuses, stages, tiers = dict(Status.choices), dict(Stage.choices), dict(Tier.choices)
    nobody = _("Nobody")

    def row(each):
        today = at.astimezone(ZoneInfo(each.time_zone)).date()
        status = rules.status(each.started_on, each.churned_on, today)
        tone, icon = BY_STATUS.get(status) or BY_STAGE.get(each.stage, ("", "check"))
        return Row(
            pk=str(each.pk),
            name=each.name,
            letters=initials(each.name),
            hue=str(hue(each.pk)),
            face=each.face or each.reference,
            tone=tone,
            icon=svg(icon),
            badge=statuses[status] if status in BY_STATUS else stages[each.stage],
            tier=tiers[each.tier],
            mrr=money(each.mrr, each.currency),
            owner=(each.owner__name or nobody).split()[0],
            owner_letters=initials(each.owner__name) if each.owner_id else "",
            owner_hue=str(hue(each.owner_id)),
            renews=day(each.renews_on),
            touched=ago(each.timeline__last_touch_at),
        )

    return [row(each) for each in found]
