"""Defining custom fields: the actions, and the settings pages."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from apps.accounts import actions, custom
from apps.accounts.models import CustomField
from apps.desk.queries import columns
from apps.history.models import Event
from tests.factories.accounts import AccountFactory, CustomFieldFactory


def url(page="changelist", *args):
    return reverse(f"admin:accounts_customfield_{page}", args=args)


def act(client, action, *rows, use=""):
    body = {"action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url() + use, body, follow=True)


def says(response):
    return " ".join(response.content.decode().split())


def told(row):
    events = Event.objects.on(row.timeline).order_by("id")
    return [(event.kind, event.payload) for event in events]


def body(**more):
    return {"label": "Chairs", "kind": "number", "position": 1, "key": "", "lines": "", **more}


# --- Order --------------------------------------------------------------------------


@pytest.fixture
def ordered(db, now):
    """Fields whose groups stand as their lowest places say, not as the alphabet does."""
    CustomFieldFactory(key="fee", label="Fee", group="Contract", position=30)
    CustomFieldFactory(key="ends", label="Ends", group="Contract", position=20)
    CustomFieldFactory(key="chairs", label="Chairs", group="Practice", position=10)
    CustomFieldFactory(key="rooms", label="Rooms", group="Practice", position=40)
    CustomFieldFactory(key="body", label="Body", group="Also", position=20)
    CustomFieldFactory(key="greeting", label="Greeting", position=99)
    # Out of use, it moves nothing.
    CustomFieldFactory(key="old", label="Old", group="Contract", position=1, retired_at=now)
    return ["Greeting", "Chairs", "Rooms", "Body", "Ends", "Fee"]


def test_groups_stand_where_the_lowest_place_in_them_does(ordered):
    groups = custom.by_group(custom.definitions())

    assert [name for name, _fields in groups] == ["", "Practice", "Also", "Contract"]
    assert [field.label for _name, fields in groups for field in fields] == ordered


def test_page_form_filters_columns_and_settings_agree_on_the_order(
    client, as_agent, admin, account, ordered
):
    account.custom = {label.lower(): f"{label}?" for label in ordered}
    account.save()

    facts = [label for _name, pairs in custom.facts(account) for label, _html in pairs]
    form = as_agent.get(f"/customers/{account.pk}/edit/").context["form"]
    filters = as_agent.get("/customers/filters/").context["form"]
    client.force_login(admin)
    settings = client.get(url()).context["cl"].result_list

    assert facts == ordered
    for each in (form, filters):
        shown = [field.name for _name, fields in each.custom_groups() for field in fields]
        assert shown == [f"cf_{label.lower()}" for label in ordered]
    assert [*columns.available()][-6:] == [f"cf_{label.lower()}" for label in ordered]
    assert [row.label for row in settings] == ordered


# --- Actions ------------------------------------------------------------------------


def test_a_new_field_has_a_history(admin, now):
    row = CustomField(key="chairs", label="Chairs", kind="number")

    actions.add_field(row, by=admin, at=now)

    assert told(row) == [("accounts.field_added", {"name": "Chairs", "sort": "number"})]
    assert Event.objects.get().actor == admin


def test_a_key_and_a_label_are_taken_once(admin, now):
    CustomFieldFactory(key="chairs", label="Chairs", retired_at=now)
    CustomFieldFactory(key="seats", label="Seats")

    for key, label in (("chairs", "Other"), ("other", "SEATS")):
        with pytest.raises(actions.FieldTaken):
            actions.add_field(CustomField(key=key, label=label, kind="text"), by=admin, at=now)
    with pytest.raises(IntegrityError):
        actions.add_field(CustomField(key="Bad Key", label="B", kind="text"), by=admin, at=now)


def test_what_was_edited_is_told_and_seen_at_once(admin, now):
    row = CustomFieldFactory(key="chairs", label="Chairs", group="Practice")
    assert custom.definitions()[0].label == "Chairs"

    row.label, row.is_required = "Treatment chairs", True
    actions.change_field(row, by=admin, at=now)
    actions.change_field(row, by=admin, at=now)

    changes = {"label": ["Chairs", "Treatment chairs"], "is_required": ["False", "True"]}
    assert told(row) == [
        ("accounts.field_changed", {"name": "Treatment chairs", "changes": changes})
    ]
    assert custom.definitions()[0].label == "Treatment chairs"


@pytest.mark.parametrize(("name", "value"), [("key", "other"), ("kind", "text")])
def test_key_and_kind_stay(admin, now, name, value):
    row = CustomFieldFactory(key="chairs", kind="number")
    setattr(row, name, value)

    with pytest.raises(actions.FieldFixed):
        actions.change_field(row, by=admin, at=now)


def test_a_value_that_customers_have_is_remembered_when_it_is_no_longer_offered(admin, now):
    row = CustomFieldFactory(key="body", label="Body", kind="choice", choices=["GDC", "Guild", "X"])
    AccountFactory(custom={"body": "Guild"})

    row.choices = ["HCPC", "GDC"]
    actions.change_field(row, by=admin, at=now)

    row.refresh_from_db()
    assert (row.choices, row.former_choices) == (["HCPC", "GDC"], ["Guild"])
    assert told(row)[0][1]["changes"] == {"choices": ["GDC, Guild, X", "HCPC, GDC"]}
    row.choices = ["Guild", "GDC"]
    actions.change_field(row, by=admin, at=now)
    row.refresh_from_db()
    assert row.former_choices == []


def test_a_retired_field_keeps_its_values_and_comes_back_with_them(admin, now):
    row = CustomFieldFactory(key="chairs", label="Chairs", kind="number")
    account = AccountFactory(custom={"chairs": 3})

    for _twice in range(2):
        actions.retire_field(row, by=admin, at=now)
    assert custom.definitions() == ()
    for _twice in range(2):
        actions.restore_field(row, by=admin, at=now)

    account.refresh_from_db()
    assert account.custom == {"chairs": 3}
    assert [each.key for each in custom.definitions()] == ["chairs"]
    assert [kind for kind, _payload in told(row)] == [
        *("accounts.field_retired", "accounts.field_restored"),
    ]


# --- Settings -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("Chairs", "chairs"),
        ("Gebühr & Zoll", "gebuhr_zoll"),
        ("24 h service", "field_24_h_service"),
        ("Valid to", "field_valid"),
        ("日本", "field"),
        ("Taken", "taken_3"),
    ],
)
def test_a_key_is_made_from_the_name(as_admin, label, key):
    CustomFieldFactory(key="taken")
    CustomFieldFactory(key="taken_2")

    response = as_admin.post(url("add"), body(label=label))

    assert response.status_code == 302
    assert CustomField.objects.get(label=label).key == key


def test_an_admin_makes_a_choice_and_edits_it(as_admin, admin):
    made = body(label="Sector body", kind="choice", lines=" GDC \n\nHCPC\nGDC", key="body")
    assert as_admin.post(url("add"), made).status_code == 302
    row = CustomField.objects.get()
    assert row.choices == ["GDC", "HCPC"]
    AccountFactory(custom={"body": "GDC"})

    page = says(as_admin.get(url("change", row.pk)))
    assert '<option value="HCPC">HCPC</option>' in page
    assert 'name="key"' not in page
    edited = {"label": "Body", "lines": "HCPC", "position": 2, "key": "x", "kind": "text"}
    assert as_admin.post(url("change", row.pk), edited).status_code == 302

    row.refresh_from_db()
    assert (row.label, row.key, row.kind, row.choices) == ("Body", "body", "choice", ["HCPC"])
    assert "No longer offered; some customers have it: GDC" in says(
        as_admin.get(url("change", row.pk))
    )
    page = says(as_admin.get(url("history", row.pk)))
    assert "added the field Sector body" in page
    assert "edited the field Body: label, choices, position" in page
    assert Event.objects.filter(actor=admin).count() == 2
    assert as_admin.get(url("history", 0)).status_code == 302


@pytest.mark.parametrize("kind", ["text", "number", "money", "date", "yes_no", "link", "choice"])
def test_each_kind_is_shown_as_people_will_fill_it_in(as_admin, kind):
    row = CustomFieldFactory(kind=kind, choices=["GDC"] if kind == "choice" else [])

    page = as_admin.get(url("change", row.pk))

    assert 'name="preview"' in page.content.decode()
    assert as_admin.post(url("change", row.pk), body(label="X", lines="GDC" * (kind == "choice")))


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"key": "Chairs!"}, "Write small letters, digits and underscores"),
        ({"key": "chairs_to"}, "Write a key that doesn’t end in _from or _to."),
        ({"key": "taken"}, "Another field has this key, maybe a retired one"),
        ({"label": "USED"}, "Another field has this name. Choose a new one."),
        ({"label": ""}, "This field is required."),
        ({"kind": ""}, "This field is required."),
        ({"kind": "choice"}, "Write the values to choose from, one a line."),
        ({"lines": "GDC"}, "Only a choice has values. Remove them, or make it one."),
        ({"kind": "choice", "lines": "x" * 201}, "Write 200 characters at most."),
        ({"kind": "choice", "lines": "\n".join(map(str, range(101)))}, "Write 100 values at most."),
    ],
)
def test_a_field_that_makes_no_sense_says_why(as_admin, now, sent, words):
    CustomFieldFactory(key="taken", label="Old", retired_at=now)
    CustomFieldFactory(label="Used")

    response = as_admin.post(url("add"), body(**sent))

    assert words in says(response)
    assert CustomField.objects.count() == 2


def test_a_retired_field_may_share_its_name(as_admin, now):
    CustomFieldFactory(label="Chairs")
    row = CustomFieldFactory(label="Chairs", retired_at=now)

    assert as_admin.post(url("change", row.pk), body(hint="How many?")).status_code == 302


def test_fields_are_retired_and_restored_but_never_deleted(as_admin):
    row = CustomFieldFactory(label="Chairs")

    page = says(as_admin.get(url()))
    assert ("Retire" in page, "Delete selected" in page) == (True, False)
    assert "Customers keep their values." in says(act(as_admin, "retire", row))
    assert "Chairs" not in says(as_admin.get(url(), {"q": "chair"}))
    CustomFieldFactory(label="CHAIRS")
    assert "Chairs stays retired: another field has its name." in says(
        act(as_admin, "restore", row, use="?use=retired")
    )
    CustomField.objects.exclude(pk=row.pk).update(label="Seats")
    assert "Chairs is in use again." in says(act(as_admin, "restore", row, use="?use=all"))


@pytest.mark.parametrize("count", [2, 20])
def test_the_list_costs_the_same_for_many(as_admin, django_assert_max_num_queries, count):
    CustomFieldFactory.create_batch(count)

    with django_assert_max_num_queries(9):
        as_admin.get(url())
