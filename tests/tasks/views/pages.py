"""What pages of a task say, and what its form sends."""

import uuid


def text(response):
    return " ".join(response.content.decode().split())


def words(**more):
    return {
        "what": "Call about the card",
        "kind": "call",
        "priority": "2",
        "effort": "30",
        "details": "They are in until noon.",
        "when": "4h",
        "moment": "",
        "key": str(uuid.uuid4()),
        **more,
    }
