"""Why two records are not merged, or not parted."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.actions.common import MergedAway, Refused
from apps.accounts.models import UNMERGE_FOR


class SameRecord(Refused):
    """A record and itself."""

    def __init__(self):
        super().__init__(_("This is one and the same record. Choose another one."))


class AlreadyMerged(MergedAway):
    """Somebody merged these two before."""

    TEXT = gettext_lazy("%(name)s is part of %(kept)s (%(reference)s) already.")


class OutOfSight(Refused):
    """One of the two belongs to a private team that the person is no part of."""

    def __init__(self):
        super().__init__(_("You can’t see one of the two. Ask an admin to merge them."))


class PairChanged(Refused):
    """Somebody changed one of the two after the page was opened."""

    def __init__(self):
        super().__init__(
            _("Somebody changed one of the two meanwhile. Check the choices, then merge again.")
        )


class CurrenciesDiffer(Refused):
    """Amounts of one currency would become amounts of another."""

    def __init__(self, kept, given_up):
        words = {"kept": kept.currency, "other": given_up.currency}
        super().__init__(
            _(
                "One pays in %(kept)s, the other in %(other)s. Keep the record whose amounts are "
                "right, and take no amounts from the other."
            )
            % words
        )


class PartOuterFirst(Refused):
    """The record that was kept has itself been given up since."""

    def __init__(self, kept):
        words = {"name": kept.name, "outer": kept.merged_into.name}
        super().__init__(
            _("%(name)s is part of %(outer)s itself now. Part those two first.") % words
        )


class UnmergeTooLate(Refused):
    """The thirty days are over."""

    def __init__(self):
        super().__init__(
            _(
                "These two were merged more than %(days)d days ago and stay one. Add a new "
                "customer instead."
            )
            % {"days": UNMERGE_FOR.days}
        )
