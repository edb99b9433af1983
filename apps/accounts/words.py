"""What the fields of a customer are called, on forms and in the history."""

from django.utils.translation import gettext_lazy as _

LABELS = {
    "name": _("Name"),
    "reference": _("Reference"),
    "about": _("About"),
    "started_on": _("Customer since"),
    "renews_on": _("Renews"),
    "churned_on": _("Last day"),
    "mrr": _("MRR"),
    "currency": _("Currency"),
    "plan": _("Plan"),
    "industry": _("Industry"),
    "time_zone": _("Time zone"),
    "team": _("Team"),
    "owner": _("Owner"),
    "stage": _("Stage"),
    "tier": _("Tier"),
    # of a contact
    "title": _("What they do"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "preferred_channel": _("Prefers"),
    "language": _("Language"),
    "is_primary": _("First to call"),
}
