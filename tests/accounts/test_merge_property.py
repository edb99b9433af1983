"""Whatever is done in whatever order, merging and parting loses nothing."""

import datetime
from collections import Counter
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from apps.accounts import actions, rules
from apps.accounts.models import Account, Contact, Identity, Merge
from apps.history import actions as history
from apps.history.models import Event
from tests.factories.accounts import AccountFactory

NOW = datetime.datetime(2026, 6, 9, 9, 30, tzinfo=datetime.UTC)
FIELDS = ["name", "plan", "industry", "mrr", "owner", "cf_seats"]
COLUMNS = ["name", "plan", "industry", "mrr", "owner_id", "custom", "stage", "started_on"]
PERSON = ["account", "name", "email", "phone", "removed_at"]

# What customers are recognised by: few values, so that they meet, in more than one spelling.
EMAILS = ["a@a.example", "A@á.example", "b@b.example"]
PHONES = ["+441632960001", "+441632960002"]
BY_HAND = {
    "email": EMAILS,
    "phone": PHONES,
    "domain": ["a.example", "A.Example"],
    "external": ["X-1", "REF-1", "REF-2"],  # other records' references as well
}

record, anybody = st.integers(0, 3), st.integers(0, 9)
reach = st.fixed_dictionaries(
    {"email": st.sampled_from([*EMAILS, ""]), "phone": st.sampled_from([*PHONES, ""])}
)
by_hand = st.sampled_from([(kind, value) for kind, values in BY_HAND.items() for value in values])
ARGUMENTS = {
    "merge": (record, record, st.sets(st.sampled_from(FIELDS))),
    "unmerge": (anybody,),
    "edit": (record, st.sampled_from(["plan", "industry"]), st.text("xyz")),
    "note": (record,),
    "add_person": (record, reach),
    "rename": (anybody,),
    "readdress": (anybody, reach),
    "step_up": (anybody,),
    "remove": (anybody,),
    "restore": (anybody,),
    "mark": (record, by_hand),
    "strike": (anybody,),
}
# What the others are tried on comes more often.
STEPS = st.sampled_from(
    ["merge", "merge", "merge", "readdress", "readdress", "unmerge", *ARGUMENTS]
).flatmap(lambda name: st.tuples(st.just(name), *ARGUMENTS[name]))


def normalised(reach):
    """The marks of somebody with an address and a number."""
    return {(kind, rules.normalise(kind, value)) for kind, value in reach.items() if value}


class Book:
    """Four records, what was written into them by hand, and where each thing was put.

    Each step returns the marks that may go with it, most of them none.
    """

    def __init__(self, by):
        self.by = {"by": by, "at": NOW}
        self.accounts = [
            AccountFactory(
                name=f"N{n}",
                reference=f"REF-{n}",
                plan=f"P{n}",
                mrr=n * 10,
                owner=by if n else None,
                custom={"seats": n},
            )
            for n in range(4)
        ]
        self.before = {each.pk: self.values(each) for each in self.accounts}
        self.edited, self.notes, self.events = set(), Counter(), set()
        self.people = {}  # as they should be, and where they were added
        self.by_hand = {}  # marks, and where they were put
        # The same person stands in all of them; the last one's number was put there by hand first.
        self.mark(3, ("phone", PHONES[1]))
        for n in range(4):
            self.mark(n, ("domain", f"{n}.example"))
            self.add_person(n, {"email": EMAILS[n % 2], "phone": PHONES[n == 3]})
        self.check()

    @staticmethod
    def values(account):
        return Account.objects.filter(pk=account.pk).values(*COLUMNS).get()

    @staticmethod
    def marks(**where):
        """What customers are recognised by, but for what a merge made and will take away."""
        rows = Identity.objects.filter(**where).exclude(source="merge")
        return set(rows.values_list("kind", "normalised"))

    @staticmethod
    def person(number):
        people = Contact.objects.select_related("account").order_by("pk")
        return people[number % len(people)]

    # --- steps ---------------------------------------------------------------------------

    def merge(self, first, second, take):
        actions.merge(self.accounts[first], self.accounts[second], take=sorted(take), **self.by)

    def unmerge(self, number):
        merges = list(Merge.objects.order_by("pk"))
        if merges:
            actions.unmerge(merges[number % len(merges)], **self.by)

    def edit(self, number, name, text):
        account = self.accounts[number]
        actions.edit(account, **{name: text}, **self.by)
        self.edited.add((account.pk, name))

    def note(self, number):
        history.add_note(self.accounts[number].timeline, text="Said so", **self.by)
        self.notes[self.accounts[number].timeline_id] += 1

    def add_person(self, number, reach):
        details = {"name": "Somebody", **reach}
        made = actions.add_contact(self.accounts[number], **details, **self.by).contact
        self.people[made.pk] = {"account": made.account_id, "removed_at": None, **details}
        # Whoever it is that has them: somebody is recognised by them from now on.
        assert normalised(reach) <= self.marks()

    def rename(self, number):
        person = self.person(number)
        actions.edit_contact(person, name="Renamed", **self.by)
        self.people[person.pk]["name"] = "Renamed"

    def readdress(self, number, reach):
        """A mark goes with the last one who has it there; another customer's stays theirs."""
        person = self.person(number)
        before = normalised({"email": person.email, "phone": person.phone})
        here = self.marks(account=person.account_id)
        colleagues = Contact.objects.filter(account=person.account_id).exclude(pk=person.pk)
        needed = set().union(*map(normalised, colleagues.values("email", "phone")))
        actions.edit_contact(person, **reach, **self.by)
        self.people[person.pk] |= reach
        assert normalised(reach) - before <= self.marks()
        return (before & here) - needed - normalised(reach)

    def step_up(self, number):
        actions.make_primary(self.person(number), **self.by)

    def remove(self, number):
        person = self.person(number)
        actions.remove_contact(person, **self.by)
        self.people[person.pk]["removed_at"] = NOW

    def restore(self, number):
        person = self.person(number)
        actions.restore_contact(person, **self.by)
        self.people[person.pk]["removed_at"] = None

    def mark(self, number, mark):
        account, (kind, value) = self.accounts[number], mark
        made = actions.add_identity(account, kind=kind, value=value, **self.by)
        # Not one that a person here, or a merge, had brought before.
        if made.source == "added by hand":
            self.by_hand.setdefault(made.pk, account.pk)

    def strike(self, number):
        rows = list(Identity.objects.select_related("account").order_by("pk"))
        if not rows:
            return None
        row = rows[number % len(rows)]
        actions.remove_identity(row, **self.by)
        self.by_hand.pop(row.pk, None)
        return {(row.kind, row.normalised)}

    # --- rules ---------------------------------------------------------------------------

    def do(self, name, *arguments):
        before, may_go = self.known, None
        # The same record twice, one that is gone: refused, with nothing written.
        with suppress(actions.Refused):
            may_go = getattr(self, name)(*arguments)
        self.check()
        assert before - self.known <= (may_go or set())

    def check(self):
        roots = {pk: root or pk for pk, root in Account.objects.values_list("pk", "merged_into")}
        assert all(roots[root] == root for root in roots.values())  # never more than one step
        self.check_people(roots)
        self.check_marks(roots)
        events = set(Event.objects.values_list("pk", "timeline", "kind"))
        assert events >= self.events
        self.events = events
        noted = [timeline for _pk, timeline, kind in events if kind == "history.noted"]
        assert Counter(noted) == self.notes

    def check_people(self, roots):
        """Each is as last written, where they were added, or where that record is shown now."""
        people = {row.pop("pk"): row for row in Contact.objects.values("pk", *PERSON)}
        assert people == {
            pk: {**each, "account": roots[each["account"]]} for pk, each in self.people.items()
        }

    def check_marks(self, roots):
        """Each has a reason: a person who has it, a hand that put it there, or a merge."""
        merges = Merge.objects.filter(undone_at=None)
        put = {each.moved["made"]: each.kept_id for each in merges} | self.by_hand
        rows = {each.pk: each for each in Identity.objects.select_related("contact")}
        assert self.by_hand.keys() <= rows.keys()
        for pk, each in rows.items():
            if each.contact:
                assert each.account_id == each.contact.account_id
                assert each.normalised == rules.normalise(
                    each.kind, getattr(each.contact, each.kind)
                )
            else:
                assert each.account_id == roots[put[pk]]
        self.known = {
            (each.kind, each.normalised) for each in rows.values() if each.source != "merge"
        }

    # --- the end -------------------------------------------------------------------------

    def part_all(self):
        while merges := list(Merge.objects.filter(undone_at=None).order_by("pk")):
            for merge in merges:
                with suppress(actions.PartOuterFirst):
                    before = self.known
                    actions.unmerge(merge, **self.by)
                    self.check()
                    assert self.known == before

    def compare(self):
        """Each record is there, with its own people and marks, and as it was unless edited."""
        assert Account.objects.live().count() == len(self.accounts)
        for account in self.accounts:
            after = self.values(account)
            for name, value in self.before[account.pk].items():
                if (account.pk, name) not in self.edited:
                    assert (name, after[name]) == (name, value)


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, min_size=5, max_size=12))
# A mark came over, and went to a colleague who stays here when the two part.
@example(steps=[("merge", 1, 0, set()), ("readdress", 0, {"email": ""}), ("unmerge", 0)])
def test_any_order_of_merging_editing_and_parting_loses_nothing(agent, steps):
    with transaction.atomic():
        book = Book(agent)
        for step in steps:
            book.do(*step)
        book.part_all()
        book.compare()
        transaction.set_rollback(True)
