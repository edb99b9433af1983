"""Rules for code that a linter has no word for. Needs no database."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from apps.history import kinds

ROOT = Path(settings.BASE_DIR)
CODE = sorted((ROOT / "apps").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

# Files in which rows never change. Actions may; commands and the demo generator load in bulk;
# a UserManager makes users where actions and Django call it.
READERS = re.compile(
    r"/(?:views|forms|queries|subscribers|jobs|rules|models|admin|context|kinds|middleware"
    r"|templatetags)(?:/\w+)?\.py$"
)
WRITES = {
    *("save", "delete", "create", "update", "get_or_create", "update_or_create"),
    *("bulk_create", "bulk_update", "add", "remove", "set", "clear", "raw", "executemany", "copy"),
}
# Words that sets, dictionaries and caches share with managers: only suspicious on a manager.
SHARED = {"add", "remove", "set", "clear", "update", "copy", "raw"}
THROUGH = {"super()", "actions", "cache"}


def writes(text):
    """Return the calls in a module that change rows."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        verb, owner = node.func.attr, ast.unparse(node.func.value)
        if verb not in WRITES or owner in THROUGH or owner.startswith("actions."):
            continue
        if verb in SHARED and "objects" not in owner and not owner.endswith("_set"):
            continue
        found.append(f"{owner}.{verb}()")
    return found


@pytest.mark.parametrize(
    "path",
    [path for path in CODE if READERS.search(str(path))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_rows_change_in_actions_alone(path):
    allowed = {
        "apps/users/models.py": ["user.save()"],
        "apps/core/jobs.py": ["OrmQ.objects.filter(pk=bell.pk).delete()"],  # a bell, no row of ours
    }

    assert writes(path.read_text()) == allowed.get(str(path.relative_to(ROOT)), [])


@pytest.mark.parametrize(
    "line",
    [
        "form.save()",
        "Task.objects.filter(pk=1).update(a=1)",
        "Task.objects.create()",
        "account.contacts.bulk_create([])",
        "task.delete()",
    ],
)
def test_a_write_outside_actions_is_noticed(line):
    assert len(writes(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "actions.save(thing)",
        "super().save()",
        "names.add(1)",
        "words.update({})",
        "cache.set(1, 2)",
    ],
)
def test_what_only_looks_like_a_write_is_let_pass(line):
    assert writes(line) == []


def recorded():
    """Return the kinds of event that some action records, as the code names them."""
    found = set()
    for path in CODE:
        if path.name == "kinds.py" or "migrations" in path.parts or "demo" in path.parts:
            continue
        names = {
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        if "/actions" in str(path):
            found |= names & set(kinds.names())
            # A family such as f"saves.{outcome}" stands for all its members.
            for prefix in re.findall(r'f"(\w+)\.\{', path.read_text()):
                found |= {name for name in kinds.names() if name.startswith(f"{prefix}.")}
    return found


def test_every_kind_of_event_is_recorded_somewhere():
    assert set(kinds.names()) - recorded() == set()


def test_every_kind_that_is_recorded_is_registered():
    named = {
        match
        for path in CODE
        if "/actions" in str(path)
        for match in re.findall(r'record\(\s*"([\w.]+)"', path.read_text())
    }

    assert named - set(kinds.names()) == set()
    assert len(named) > 5


def test_every_kind_of_event_has_its_sentence():
    for name in kinds.names():
        kind = kinds.get(name)
        assert get_template(kind.template)
        if kind.has_body:
            assert get_template(kind.body_template)


def test_every_sentence_belongs_to_a_kind():
    known = {kinds.get(name).template for name in kinds.names()}
    known |= {kinds.get(name).body_template for name in kinds.names() if kinds.get(name).has_body}
    folder = ROOT / "templates"
    there = {str(path.relative_to(folder)) for path in folder.glob("*/history/[!_]*.html")}

    assert there - known == set()


def test_every_icon_of_a_kind_is_in_the_sprite():
    icons = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))

    assert {kinds.get(name).icon for name in kinds.names()} - icons == set()


@pytest.mark.parametrize("path", TESTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_tests_use_what_is_real(path):
    text = path.read_text()
    modules = {
        name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [*(each.name for each in node.names), getattr(node, "module", None) or ""]
    }

    assert {name for name in modules if "mock" in name.lower()} == set()
    waits = "time" in modules and re.search(r"\bsleep\(", text)
    assert not waits or "processes" in path.parts  # other processes have to be looked at again


def test_code_holds_no_signals_and_no_names_of_other_layers():
    for path in CODE:
        text = path.read_text()
        assert "django.db.models.signals" not in text, path
        assert path.name not in {"services.py", "selectors.py", "managers.py", "signals.py"}, path


def test_nothing_is_marked_safe_by_hand():
    for path in CODE:
        assert "mark_safe" not in path.read_text(), path
    for path in (ROOT / "templates").rglob("*.html"):
        assert not re.search(r"\|\s*safe\b|autoescape off", path.read_text()), path
