"""History alone: who else listens would be seen among the deliveries."""

import pytest

from apps.history import subscriptions


@pytest.fixture(autouse=True)
def nobody_else_listens(monkeypatch):
    monkeypatch.setattr(subscriptions, "_SUBSCRIBERS", {})
