"""Mail to colleagues. Mail to customers goes through its own room, with consent."""

from django.core.mail import EmailMessage


def send_to_staff(*, to, subject, text):
    """Hand one plain-text message for a colleague to the configured mail server.

    Args:
        to: one address.
        subject: a line; line breaks are flattened, since a header must not hold one.
        text: the body.

    Raises:
        OSError: when the mail server can't be reached; callers retry by their own rows.
    """
    EmailMessage(" ".join(subject.split()), text, to=[to]).send()
