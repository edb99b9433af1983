"""Rules for templates that nobody should have to remember."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
ICONS = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/icons.svg").read_text()))
LONGEST = 80


def each_template():
    return pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))


@each_template()
def test_a_template_fits_on_a_screen(path):
    assert len(path.read_text().splitlines()) <= LONGEST


@each_template()
def test_a_template_holds_no_style_and_no_code(path):
    html = path.read_text()

    assert re.findall(r"\sstyle\s*=|<style\b", html) == []
    assert re.findall(r"\s(?:on[a-z]+|hx-on[:\w-]*)\s*=", html) == []
    assert re.findall(r"<script\b[^>]*>\s*[^<\s]", html) == []
    assert re.findall(r"""["'=](?:javascript|js):""", html) == []


@each_template()
def test_every_icon_of_a_template_is_in_the_sprite(path):
    used = set(re.findall(r"""\{% icon ["']([^"']+)["'](?!\|)""", path.read_text()))

    assert used - ICONS == set()


@each_template()
def test_what_is_rendered_once_depends_on_nobody(path):
    parts = re.findall(r"\{% once %\}(.*?)\{% endonce %\}", path.read_text(), flags=re.DOTALL)

    assert [p for p in parts if re.search(r"\{\{|\{% (?:if|for|with|include|csrf)", p)] == []


@pytest.mark.parametrize(
    "bad",
    ['<p style="color: red">', '<a onclick="go()">', '<a hx-on:click="go()">', "<script>go()"],
)
def test_the_rules_above_would_notice(bad, tmp_path):
    path = tmp_path / "bad.html"
    path.write_text(bad)

    with pytest.raises(AssertionError):
        test_a_template_holds_no_style_and_no_code(path)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "static/js").glob("*.js")), ids=lambda path: path.name
)
def test_a_script_is_one_short_behaviour_without_eval(path):
    code = path.read_text()

    assert len(code.splitlines()) <= LONGEST
    assert re.findall(r"\beval\(|new Function|innerHTML|document\.write", code) == []


def test_every_script_is_loaded():
    folder = ROOT / "static/js"
    loaded = "".join(path.read_text() for path in folder.glob("*.js"))

    missing = [p.name for p in folder.glob("*.js") if f'"./{p.name}"' not in loaded]
    assert missing == ["main.js"]


def test_every_stylesheet_is_imported():
    folder = ROOT / "static/css"
    main = (folder / "main.css").read_text()

    missing = [path.name for path in folder.glob("*.css") if f'"{path.name}"' not in main]
    assert missing == ["main.css"]
