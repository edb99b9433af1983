"""What a customer is worth: by the thresholds of its currency, or by somebody's decision."""

from django.db import transaction
from django.db.models import Case, F, Value, When

from apps.accounts import rules
from apps.accounts.actions.common import ChangedMeanwhile, lock, tell
from apps.accounts.actions.stage import ReasonMissing
from apps.accounts.models import Account, Tier, TierThreshold
from apps.history import actions as history


def earned(account):
    """Return the tier that a customer's MRR earns by the thresholds as they are now."""
    threshold = TierThreshold.objects.filter(currency=account.currency).first()
    return rules.tier(account.mrr, threshold)


def regrade(account, *, by, at):
    """Set the tier that a locked customer has earned, unless set by hand; the caller saves."""
    after = account.tier if account.is_tier_set_by_hand else earned(account)
    if after != account.tier:
        tell("accounts.tier_changed", account, by=by, at=at, before=account.tier, after=after)
        account.tier = after


def _check_shown(account, shown, *, to):
    if shown is not None and rules.chosen_tier(account) not in {shown, to}:
        raise ChangedMeanwhile(account)


@transaction.atomic
def override_tier(account, *, tier, reason, by, at, shown=None):
    """Give a customer a tier that stays whatever their MRR.

    Args:
        account: the customer.
        tier: standard, mid or high.
        reason: why, in a sentence.
        by: the person.
        at: now.
        shown: what they had in front of them, as `chosen_tier()` says it, if that is known.

    Raises:
        ReasonMissing: when the reason is blank.
        ChangedMeanwhile: when somebody chose yet another one; it carries the account.
    """
    if not reason.strip():
        raise ReasonMissing
    account = lock(account)
    _check_shown(account, shown, to=tier)
    if account.tier == tier and account.is_tier_set_by_hand:
        return account
    before, account.tier, account.is_tier_set_by_hand = account.tier, str(tier), True
    account.version += 1
    account.save(update_fields=["tier", "is_tier_set_by_hand", "version"])
    tell(
        "accounts.tier_changed",
        account,
        by=by,
        at=at,
        before=before,
        after=account.tier,
        reason=reason.strip(),
    )
    return account


@transaction.atomic
def tier_by_thresholds(account, *, by, at, shown=None):
    """Let a customer's tier follow their MRR again.

    Args:
        account: the customer.
        by: the person.
        at: now.
        shown: what they had in front of them, as `chosen_tier()` says it, if that is known.

    Raises:
        ChangedMeanwhile: when somebody chose another one meanwhile; it carries the account.
    """
    account = lock(account)
    _check_shown(account, shown, to="")
    if account.is_tier_set_by_hand:
        account.is_tier_set_by_hand = False
        regrade(account, by=by, at=at)
        account.version += 1
        account.save(update_fields=["tier", "is_tier_set_by_hand", "version"])
    return account


_MOVED = """
SELECT timeline_id, %(at)s::timestamptz AS happened_at, tier AS before, after
FROM (
    SELECT timeline_id, tier, CASE
        WHEN mrr >= %(high_from)s THEN 'high'
        WHEN mrr >= %(mid_from)s THEN 'mid'
        ELSE 'standard' END AS after
    FROM accounts_account
    WHERE currency = %(currency)s AND NOT is_tier_set_by_hand
        AND merged_into_id IS NULL AND removed_at IS NULL
) AS graded
WHERE tier <> after
"""


@transaction.atomic
def set_thresholds(currency, *, mid_from, high_from, by, at):
    """Say from which MRR customers of a currency are mid and high, and regrade them all.

    Args:
        currency: three letters.
        mid_from: an MRR above 0.
        high_from: an MRR above `mid_from`.
        by: the person.
        at: now.

    Returns:
        How many customers changed their tier.
    """
    bounds = {"mid_from": mid_from, "high_from": high_from}
    TierThreshold.objects.update_or_create(currency=currency, defaults=bounds)
    ours = Account.objects.live().filter(currency=currency, is_tier_set_by_hand=False)
    # Whoever edits one of them now is waited for, and reads the new thresholds after us.
    list(ours.select_for_update().order_by("pk").values_list("pk"))
    params = {"currency": currency, "at": at, **bounds}
    history.hold_many(_MOVED, params)
    history.record_many(
        "accounts.tier_changed",
        rows=_MOVED,
        params=params,
        fields=["before", "after"],
        by=by,
        at=at,
    )
    grade = Case(
        When(mrr__gte=high_from, then=Value(Tier.HIGH)),
        When(mrr__gte=mid_from, then=Value(Tier.MID)),
        default=Value(Tier.STANDARD),
    )
    return ours.exclude(tier=grade).update(tier=grade, version=F("version") + 1)
