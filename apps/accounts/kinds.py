"""What happens to a customer record."""

from django.utils.translation import gettext_lazy as _

from apps.accounts import telling
from apps.history import sight
from apps.history.kinds import also_tell, register

sight.hide("accounts", telling.hidden_timelines)
sight.join("accounts", telling.joined_timelines)
sight.name("accounts", telling.names)
also_tell("history.noted", telling.owner)

register(
    "accounts.created", _("Customer added"), icon="building", group="record", optional=["source"]
)
register(
    "accounts.changed",
    _("Details changed"),
    icon="edit",
    group="record",
    required=["changes"],  # {field: [before, after]} as text
    optional=["source"],
    has_body=True,
)
register(
    "accounts.owner_changed",
    _("Owner changed"),
    icon="user",
    group="record",
    required=["before", "after"],
    tells=telling.owner,
)
register(
    "accounts.stage_changed",
    _("Stage changed"),
    icon="milestone",
    group="record",
    required=["before", "after"],
    optional=["reason", "source"],
    tells=telling.owner,
)
register(
    "accounts.tier_changed",
    _("Tier changed"),
    icon="tag",
    group="record",
    required=["before", "after"],
    optional=["reason"],
)
register(
    "accounts.churned",
    _("Left"),
    icon="exit",
    group="record",
    tone="bad",
    required=["on"],
    optional=["source"],
    tells=telling.owner,
)
register(
    "accounts.returned",
    _("Stays after all"),
    icon="undo",
    group="record",
    tone="good",
    required=["was_on"],
    tells=telling.owner,
)
register(
    "accounts.contact_added",
    _("Contact added"),
    icon="user-plus",
    group="record",
    required=["name"],
    optional=["source"],
)
register(
    "accounts.contact_changed",
    _("Contact changed"),
    icon="user",
    group="record",
    required=["name", "changes"],
    optional=["source"],
    has_body=True,
)
register(
    "accounts.permission_given",
    _("Permission given"),
    icon="check-circle",
    group="record",
    required=["name", "medium", "source"],
)
register(
    "accounts.permission_withdrawn",
    _("Permission withdrawn"),
    icon="x-circle",
    group="record",
    tone="bad",
    required=["name", "medium", "source"],
)
register(
    "accounts.identity_added",
    _("Recognised by more"),
    icon="key",
    group="record",
    required=["mark", "value"],
)
register(
    "accounts.identity_removed",
    _("No longer recognised"),
    icon="key",
    group="record",
    required=["mark", "value"],
)
register(
    "accounts.field_added", _("Added"), icon="plus", group="settings", required=["name", "sort"]
)
register(
    "accounts.field_changed",
    _("Changed"),
    icon="edit",
    group="settings",
    required=["name", "changes"],
)
register("accounts.field_retired", _("Retired"), icon="x", group="settings", required=["name"])
register("accounts.field_restored", _("Restored"), icon="undo", group="settings", required=["name"])
register(
    "accounts.merged",
    _("Merged"),
    icon="link",
    group="record",
    required=["other", "reference", "is_kept"],
    tells=telling.owner,
    optional=["changes", "people"],
    has_body=True,
)
register(
    "accounts.unmerged",
    _("Parted again"),
    icon="undo",
    group="record",
    required=["other", "reference", "is_kept"],
    tells=telling.owner,
    optional=["changes", "spared"],
    has_body=True,
)
register(
    "accounts.removed",
    _("Removed"),
    icon="trash",
    group="record",
    tone="bad",
    required=["reason"],
    tells=telling.owner,
)
register(
    "accounts.restored",
    _("Restored"),
    icon="undo",
    group="record",
    tone="good",
    tells=telling.owner,
)
register(
    "accounts.contact_removed",
    _("Contact removed"),
    icon="trash",
    group="record",
    required=["name"],
)
register(
    "accounts.contact_restored",
    _("Contact restored"),
    icon="user-plus",
    group="record",
    required=["name"],
)
register(
    "accounts.learned",
    _("Learned"),
    icon="heart",
    group="insights",
    required=["topic", "told_by"],
    optional=["text", "driver", "due_on"],
    has_body=True,
)
register(
    "accounts.handed_over",
    _("Handed over from sales"),
    icon="handoff",
    group="insights",
    required=["sold_by", "said"],  # [{"topic": …, "text": …, "driver": …, "due_on": …}]
    has_body=True,
    tells=telling.owner,
)
register(
    "accounts.expectation_settled",
    _("Expectation met or not"),
    icon="check-circle",
    group="insights",
    required=["verdict", "text"],
    optional=["why"],
    has_body=True,
)
register(
    "accounts.expectation_reopened",
    _("Expectation open again"),
    icon="undo",
    group="insights",
    required=["text"],
    has_body=True,
)
register(
    "accounts.customers_given",  # on the timeline of the person who has them now
    _("Customers given"),
    icon="customers",
    group="settings",
    required=["count"],
    tells=telling.new_owner,
)
