"""Whatever is done in whatever order, merging and parting loses nothing."""

import datetime
from collections import Counter
from contextlib import suppress

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts import actions
from apps.accounts.models import Account, Contact, Identity, Merge
from apps.history import actions as history
from apps.history.models import Event
from tests.factories.accounts import AccountFactory

NOW = datetime.datetime(2026, 6, 9, 9, 30, tzinfo=datetime.UTC)
FIELDS = ["name", "plan", "industry", "mrr", "owner", "cf_seats"]
COLUMNS = ["name", "plan", "industry", "mrr", "owner_id", "custom", "stage", "started_on"]

record = st.integers(0, 3)
STEPS = st.one_of(
    st.tuples(st.just("merge"), record, record, st.sets(st.sampled_from(FIELDS))),
    st.tuples(st.just("merge"), record, record, st.sets(st.sampled_from(FIELDS))),
    st.tuples(st.just("unmerge"), st.integers(0, 9)),
    st.tuples(st.just("edit"), record, st.sampled_from(["plan", "industry"]), st.text("xyz")),
    st.tuples(st.just("contact"), record, st.sampled_from(["a@a.example", "b@b.example", ""])),
    st.tuples(st.just("rename"), st.integers(0, 9)),
    st.tuples(st.just("note"), record),
)


class Book:
    """Four records, what was written into them by hand, and where each thing was put."""

    def __init__(self, by):
        self.by = {"by": by, "at": NOW}
        self.accounts = [
            AccountFactory(
                name=f"N{n}", plan=f"P{n}", mrr=n * 10, owner=by if n else None, custom={"seats": n}
            )
            for n in range(4)
        ]
        self.before = {each.pk: self.values(each) for each in self.accounts}
        self.edited, self.notes, self.events = set(), Counter(), set()
        self.homes = {}
        for each in self.accounts:
            self.contact(each, f"{each.reference}@own.example")

    @staticmethod
    def values(account):
        return Account.objects.filter(pk=account.pk).values(*COLUMNS).get()

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

    def contact(self, account, email):
        account = account if isinstance(account, Account) else self.accounts[account]
        made = actions.add_contact(account, name="Somebody", email=email, **self.by).contact
        self.homes[made.pk] = account.pk

    def rename(self, number):
        people = Contact.objects.select_related("account").order_by("pk")
        actions.edit_contact(people[number % len(people)], name="Renamed", **self.by)

    def note(self, number):
        history.add_note(self.accounts[number].timeline, text="Said so", **self.by)
        self.notes[self.accounts[number].timeline_id] += 1

    def check(self):
        roots = {pk: root or pk for pk, root in Account.objects.values_list("pk", "merged_into")}
        assert all(roots[root] == root for root in roots.values())  # never more than one step
        # Each contact is where it was added, or where that record is shown now.
        assert dict(Contact.objects.values_list("pk", "account")) == {
            pk: roots[home] for pk, home in self.homes.items()
        }
        marks = Identity.objects.select_related("contact")
        assert all(each.account_id == roots[each.account_id] for each in marks)
        assert all(
            each.contact_id is None or each.contact.account_id == each.account_id for each in marks
        )
        known = {each.normalised for each in marks if each.kind == "email"}
        assert known == {e.lower() for e in Contact.objects.values_list("email", flat=True) if e}
        events = set(Event.objects.values_list("pk", "timeline"))
        assert events >= self.events
        self.events = events
        noted = Event.objects.filter(kind="history.noted").values_list("timeline", flat=True)
        assert Counter(noted) == self.notes

    def part_all(self):
        while merges := list(Merge.objects.filter(undone_at=None).order_by("pk")):
            for merge in merges:
                try:
                    actions.unmerge(merge, **self.by)
                except actions.PartOuterFirst:
                    continue

    def compare(self):
        assert Account.objects.live().count() == len(self.accounts)
        assert not Identity.objects.filter(kind="external").exists()
        assert dict(Contact.objects.values_list("pk", "account")) == self.homes
        for account in self.accounts:
            after = self.values(account)
            for name, value in self.before[account.pk].items():
                if (account.pk, name) not in self.edited:
                    assert (name, after[name]) == (name, value)


@pytest.mark.django_db
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEPS, max_size=14))
def test_any_order_of_merging_editing_and_parting_loses_nothing(agent, steps):
    with transaction.atomic():
        book = Book(agent)
        for name, *arguments in steps:
            # The same record twice, one that is gone: refused, with nothing written.
            with suppress(actions.Refused):
                getattr(book, name)(*arguments)
            book.check()
        book.part_all()
        book.check()
        book.compare()
        transaction.set_rollback(True)
