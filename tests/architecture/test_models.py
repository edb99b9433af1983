"""Rules for tables: they point down, and they explain themselves. Needs no database."""

import ast
import importlib
import inspect
import re
import tomllib
from pathlib import Path

import factory
import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOT = Path(settings.BASE_DIR)
OURS = [model for model in apps.get_models() if model.__module__.startswith("apps.")]


def floors():
    """Return {app label: floor}, 0 at the top, from the import contract."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(each for each in contracts["contracts"] if each["type"] == "layers")["layers"]
    return {name.strip(" ()"): floor for floor, row in enumerate(layers) for name in row.split("|")}


def climbing(models_, floor_of):
    """Return relations that point up, or across to a room of the same floor."""
    return [
        f"{model._meta.label}.{field.name}"
        for model in models_
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        for here, there in [(model._meta.app_label, field.related_model._meta.app_label)]
        if here != there and there in floor_of and floor_of[there] <= floor_of[here]
    ]


def test_foreign_keys_point_down():
    assert climbing(OURS, floors()) == []


def test_a_foreign_key_that_climbs_is_noticed():
    upside_down = {name: -floor for name, floor in floors().items()}

    assert "saves.SaveCase.account" in climbing(OURS, upside_down)


def test_every_room_has_a_floor():
    rooms = {path.parent.name for path in (ROOT / "apps").glob("*/__init__.py")}

    assert rooms - floors().keys() == set()


def factories():
    found = {}
    for path in (ROOT / "tests/factories").glob("[a-z]*.py"):
        module = importlib.import_module(f"tests.factories.{path.stem}")
        for _name, each in inspect.getmembers(module, inspect.isclass):
            if issubclass(each, factory.django.DjangoModelFactory) and each._meta.model:
                found[each._meta.model] = each
    return found


def test_every_model_has_a_factory():
    # A row that links two others is made by its field.
    made_by_hand = {model for model in OURS if not model._meta.auto_created}

    assert {model.__name__ for model in made_by_hand - factories().keys()} == set()


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_a_row_says_which_one_it_is(model):
    assert model.__str__ is not models.Model.__str__, "write __str__ with its id or its name"
    source = inspect.getsource(model.__str__)
    named = {"self.pk", "self.name", "self.email", "self.key", "self.currency", "_id}"}
    keys = {f"self.{field.name}" for field in model._meta.fields if field.unique}
    alone = {
        f"self.{constraint.fields[0]}"
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    }
    assert any(word in source for word in named | keys | alone), source


def test_every_constraint_and_index_has_a_name_that_starts_with_its_room():
    named = [
        (model, each.name)
        for model in OURS
        for each in [*model._meta.constraints, *model._meta.indexes]
    ]

    assert [name for model, name in named if not name.startswith(model._meta.app_label)] == []
    assert len(named) == len({name for _model, name in named})


def unexplained_indexes(text):
    """Return the first lines of indexes that no comment explains, alone or as a group."""
    lines, found, explained_until = text.splitlines(), [], 0
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    indexes = [node for node in calls if re.search(r"\w*Index$", ast.unparse(node.func))]
    for node in sorted(indexes, key=lambda node: node.lineno):
        follows_its_group = explained_until == node.lineno - 1
        if lines[node.lineno - 2].strip().startswith("#") or follows_its_group:
            explained_until = node.end_lineno
        else:
            found.append(lines[node.lineno - 1].strip())
    return found


@pytest.mark.parametrize(
    "path",
    sorted({Path(inspect.getfile(model)) for model in OURS}),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_index_says_what_it_is_for(path):
    assert unexplained_indexes(path.read_text()) == []


def test_an_index_without_a_reason_is_noticed():
    assert unexplained_indexes("x = [\n    models.Index(fields=['a'], name='b'),\n]") == [
        "models.Index(fields=['a'], name='b'),"
    ]


def test_no_model_orders_itself_or_points_at_anything_at_all():
    assert [model._meta.label for model in OURS if model._meta.ordering] == []
    content_types = {
        field.related_model._meta.label
        for model in OURS
        for field in model._meta.get_fields()
        if field.is_relation and field.related_model
    }
    assert "contenttypes.ContentType" not in content_types
