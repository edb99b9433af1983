"""The table of rights: which role may do what.

Permission codes are `app.verb` or `app.verb_model` (the admin's own pattern). The table is
code, not rows, so that a reader sees all of it and a test can walk it.
"""

import hashlib

AGENT = frozenset(
    {
        "accounts.view",
        "accounts.add",
        "accounts.change",
        "accounts.insight",
        "history.add_note",
        "history.pin",
        "notifications.view",
        # Commitments are the team's word: whoever sees the customer may make and settle them,
        # their own and a colleague's; the history says who did.
        "saves.commit",
        "saves.log",
        "saves.plan_win_back",
        # To see, make, take and do tasks; what is somebody else's, they hand off themselves.
        "tasks.work",
        "workspace.save_view",
    }
)
MANAGER = AGENT | {
    "access.view_people",
    "access.invite",
    "accounts.assign",
    "accounts.bulk",
    "accounts.override_tier",
    "accounts.export",
    "accounts.merge",
    "accounts.remove",
    # Anybody's calls, at any time; whoever logged a call may correct it for a day.
    "saves.correct",
    # Anybody's tasks: give, move and cancel them, one or many.
    "tasks.assign",
    "workspace.share_view",
}
ADMIN = MANAGER | {
    "access.change_people",
    "access.open_settings",
    "accounts.restore",
    "accounts.see_private",
}

# Admins also get every permission that the settings pages ask for (`app.change_model` …).
ADMIN_VERBS = ("add_", "change_", "delete_", "view_")

RIGHTS = {"agent": AGENT, "manager": MANAGER, "admin": ADMIN}


def allows(role, code):
    """Say whether a role includes a permission code."""
    if code in RIGHTS[role]:
        return True
    return role == "admin" and code.split(".")[-1].startswith(ADMIN_VERBS)


# Which roles somebody may invite others to.
INVITES = {"agent": (), "manager": ("agent",), "admin": ("agent", "manager", "admin")}

# What a newcomer of a role may promise, until somebody says otherwise.
AUTHORITY = {"agent": "agent", "manager": "manager", "admin": "manager"}

# How long the link in an invitation works.
INVITATION_DAYS = 7


def hash_secret(secret):
    """Return what is kept of a link's secret; 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()
