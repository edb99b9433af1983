"""How a call begins: nothing is written before the first answer is."""

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.core import signing

from apps.saves.queries import call_page, drafts
from apps.users.models import User

# Two tabs that show the same call derive the same key from the same facts.
_KEYS = uuid.UUID("5d0c9d1e-3c9a-4b57-9a2e-6f1f0a4f7c11")
_SALT = "saves.opened"


@dataclass(frozen=True)
class Opening:
    """A call as it began: its key, the moment, what the customer was worth then, and for whom.

    Showing a page writes nothing, so the opening travels in the form, signed, and becomes a
    row with the first write.
    """

    key: uuid.UUID
    account_id: int
    at: datetime
    mrr: Decimal
    currency: str
    tier: str
    stage: str
    agent_id: int | None = None  # of pages that were open before openings said so

    def is_of_another(self, user):
        """Whether somebody else's page said so: two people may share a browser."""
        return self.agent_id not in {None, user.pk}

    @property
    def agent(self):
        """Whose page it is."""
        return User.objects.get(pk=self.agent_id)

    def sign(self):
        """Return the opening as text that a browser can hold but not change."""
        return signing.dumps(
            [
                str(self.key),
                self.account_id,
                self.at.isoformat(),
                str(self.mrr),
                self.currency,
                self.tier,
                self.stage,
                self.agent_id,
            ],
            salt=_SALT,
        )

    @classmethod
    def read(cls, text):
        """Return the opening that a form brought back.

        Raises:
            ValueError: when it was changed or is not ours.
        """
        try:
            key, account, at, mrr, *rest = signing.loads(text, salt=_SALT)
        except signing.BadSignature as error:
            raise ValueError("The opening was not signed here.") from error
        return cls(uuid.UUID(key), account, datetime.fromisoformat(at), Decimal(mrr), *rest)


def open_call(account, *, by, at, before=None, around=None):
    """Begin a call, or go on with the one that the agent has begun, without writing anything.

    Until the agent logs or drops a call of this customer, every page they open for it has the
    same key: a second tab is the same call.

    Args:
        account: the customer.
        by: the agent.
        at: now.
        before: from `call_page.before()`, where the page has read it already.
        around: from `drafts.around()`, likewise.
    """
    around = around or drafts.around(account, agent=by)
    last = (before or call_page.before(account, agent=by)).own
    call = f"{account.pk}:{by.pk}:{last}"
    if around.dropped:  # what was dropped is over, as what was logged
        call = f"{call}:{around.dropped}"
    opening = Opening(
        key=uuid.uuid5(_KEYS, call),
        account_id=account.pk,
        at=at,
        mrr=account.mrr,
        currency=account.currency,
        tier=account.tier,
        stage=account.stage,
        agent_id=by.pk,
    )
    return _go_on(around.mine, opening) if around.mine else opening


def _go_on(draft, now):
    """Return the opening of a draft: as it was then, for the record as it is shown now."""
    try:
        then = Opening.read(draft.opening)
    except ValueError:  # the secret key was changed since
        then = replace(now, at=draft.opened_at)
    return replace(then, key=draft.key, account_id=now.account_id, agent_id=now.agent_id)
