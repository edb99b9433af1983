"""Asking for pages of a record, and reading what they say."""

import uuid

from django.contrib.messages import get_messages
from django.urls import reverse


def url(name, *args):
    return reverse(f"accounts:{name}", args=args)


def messages_of(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def said(response, text):
    """Whether a page holds a text, as somebody reads it."""
    return text in response.content.decode()


def details(**given):
    fields = {
        "key": uuid.uuid4(),
        "version": 1,
        "name": "Bramley & Vine",
        "reference": "BV-1",
        "mrr": "49",
        "currency": "GBP",
        "stage": "lead",
        "time_zone": "Europe/London",
    }
    return fields | given
