"""Figures with their limits, and the stopwatch that makes them."""

from dataclasses import dataclass
from statistics import median

MOST_QUERIES = 12
WARM_UP = 10


@dataclass(frozen=True)
class Figure:
    """What was measured, beside its baseline.

    Args:
        name: what was asked.
        baseline: seconds of what it is compared with.
        seconds: of what was asked; both are medians.
        limit: how many times the baseline it may take.
        queries: how many it took; None where that says nothing.
        most_queries: how many it may take; None for no limit.
    """

    name: str
    baseline: float
    seconds: float
    limit: float
    queries: int | None = None
    most_queries: int | None = None

    @property
    def ratio(self):
        """How many times the baseline it took."""
        return round(self.seconds / self.baseline, 2)

    @property
    def is_within(self):
        """True when neither time nor queries are above their limit."""
        fits = self.most_queries is None or self.queries <= self.most_queries
        return self.ratio <= self.limit and fits

    def line(self):
        """Return the figure for a terminal."""
        queries = "" if self.queries is None else str(self.queries)
        verdict = "" if self.is_within else "  above its limit"
        return (
            f"{self.name:<34}{_time(self.baseline):>10}{_time(self.seconds):>10}"
            f"{self.ratio:>7.2f} ×{self.limit:>6.1f} ×{queries:>9}{verdict}"
        )

    def row(self):
        """Return the figure for the file."""
        return {
            "name": self.name,
            "ratio": self.ratio,
            "limit": self.limit,
            "queries": self.queries,
        }


HEAD = f"{'':<34}{'baseline':>10}{'p50':>10}{'ratio':>9}{'limit':>8}{'queries':>9}"


def _time(seconds):
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


class WrongAnswer(Exception):
    """A page did not answer as it should, so its time would mean nothing."""


def race(ask, baseline, *, rounds, status=200):
    """Ask for a page and for its baseline in turns, so that noise hits both.

    Args:
        ask: called without arguments, returns an answer.
        baseline: the same for what it is compared with.
        rounds: how many turns are counted, after a warm-up.
        status: that the page must answer with; a redirect would be quick and mean nothing.

    Returns:
        Median seconds of the baseline, of the page, and the page's queries.

    Raises:
        WrongAnswer: when either answered anything but "here it is" or "done".
    """
    for _ in range(min(WARM_UP, rounds)):
        _good(baseline(), 200), _good(ask(), status)
    turns = [(_good(baseline(), 200), _good(ask(), status)) for _ in range(rounds)]
    return (
        median(empty.seconds for empty, _ in turns),
        median(page.seconds for _, page in turns),
        max(page.queries for _, page in turns),
    )


def _good(answer, status):
    if answer.status != status:
        raise WrongAnswer(f"The server answered {answer.status}.")
    return answer
