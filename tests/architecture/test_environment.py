"""`.env.example` and the code name the same variables."""

import ast
import itertools
import re
from pathlib import Path

CONFIG = Path(__file__).resolve().parents[2] / "config"
EXAMPLE = CONFIG.parent / ".env.example"
READERS = ("settings.py", "gunicorn.py", "prepare.py")
# Set by pytest and by Django's own commands, not by people.
# These start other processes of ours and hand their own environment on.
STARTERS = [
    "apps/desk/bench/server.py",
    "apps/desk/bench/wsgi.py",
    "apps/desk/management/commands/screenshots.py",
]
NOT_OURS = {"PYTEST_VERSION", "DJANGO_SETTINGS_MODULE"}


def variables_read():
    """Collect the names in env.str("X"), env.bool("X"), os.environ.get("X") and secret("X")."""
    names = set()
    for file in READERS:
        for node in ast.walk(ast.parse((CONFIG / file).read_text())):
            if not (isinstance(node, ast.Call) and node.args):
                continue
            if not isinstance(node.args[0], ast.Constant):
                continue
            called, name = ast.unparse(node.func), node.args[0].value
            if called == "secret":
                names |= {name, f"{name}_FILE"}
            elif re.fullmatch(r"env\.(?!read_env)\w+|os\.environ\.get", called):
                names.add(name)
    return names - NOT_OURS


def test_every_variable_that_is_read_is_in_the_example():
    listed = set(re.findall(r"^#?([A-Z_]+)=", EXAMPLE.read_text(), re.MULTILINE))

    assert variables_read() == listed


def test_every_variable_in_the_example_has_a_sentence():
    lines = EXAMPLE.read_text().splitlines()

    bare = [
        line
        for above, line in itertools.pairwise(lines)
        if re.match(r"#?[A-Z_]+=", line) and not re.fullmatch(r"# .+\.", above)
    ]

    assert bare == []


def test_nothing_else_reads_the_environment():
    elsewhere = [
        str(path.relative_to(CONFIG.parent))
        for path in sorted(CONFIG.parent.glob("apps/**/*.py"))
        if re.search(r"os\.(environ|getenv)", path.read_text())
    ]

    assert elsewhere == [
        "apps/core/failpoints.py",  # a test's own, and only under test
        *STARTERS,
    ]
