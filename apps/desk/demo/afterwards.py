"""What became known afterwards: a call that was corrected, and a promise that was met."""

from datetime import timedelta

from apps.accounts import actions as accounts
from apps.accounts.models import Account, Insight, Verdict
from apps.desk.demo import heroes
from apps.saves import actions as saves
from apps.saves.models import Outcome, SaveCase
from apps.users.models import User

AGO = timedelta(minutes=20)


def make(now):
    """Let Helen correct the call on which Larkspur stayed, and say which promise was met."""
    at = now - AGO
    helen = User.objects.get(email="helen@demo.example")
    larkspur = Account.objects.get(reference=heroes.LARKSPUR.reference)
    calls = SaveCase.objects.filter(account=larkspur, outcome=Outcome.STAYED)
    case = calls.latest("opened_at")
    saves.correct(
        case,
        by=helen,
        at=at,
        version=case.version,
        why="At the week 1 check-in Nadia told us what had decided it.",
        stay_because="The third chair rests until the new hygienist starts.",
        mood=3,
    )
    promises = Insight.objects.filter(account=larkspur, text__startswith="A call each quarter")
    accounts.settle_expectation(
        *(larkspur, promises.get()),
        verdict=Verdict.MET,
        on=larkspur.today(at),
        by=helen,
        at=at,
    )
