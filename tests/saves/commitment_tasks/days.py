"""The days on which the tests of a commitment's task take place."""

from datetime import UTC, date, datetime, timedelta

TODAY = date(2026, 6, 9)
FRIDAY = date(2026, 6, 12)
DAY = timedelta(days=1)
# Five in the afternoon in London.
CLOSES = datetime(2026, 6, 12, 16, tzinfo=UTC)
