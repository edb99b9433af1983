"""Telephone numbers that regulators keep free for stories, so that nobody's phone rings."""

# Prefix and how many digits follow; Ofcom, NANPA, ComReg and ARCEP publish these ranges.
_RANGES = {
    "GB": [
        *((f"+44{area}496", "0{:03}", 1000) for area in (161, 113, 114, 115, 116, 117, 118)),
        *((f"+44{area}496", "0{:03}", 1000) for area in (121, 131, 141, 151)),
        ("+44191498", "0{:03}", 1000),
        ("+44207946", "0{:03}", 1000),
        ("+447700900", "{:03}", 1000),
    ],
    "US": [
        (f"+1{area}555", "01{:02}", 100)
        for area in (*range(201, 211), *range(212, 221), *range(301, 311), *range(312, 321))
    ],
    "IE": [("+35320913", "{:04}", 10_000), ("+35320914", "{:04}", 10_000)],
    "FR": [
        (f"+33{start}", "{:04}", 10_000) for start in (19900, 26191, 35301, 46571, 53649, 63998)
    ],
}


class Phones:
    """Gives out each number once, then says that there are no more.

    Args:
        taken: numbers that somebody has already.
    """

    def __init__(self, taken=()):
        self._taken = frozenset(taken)
        self._numbers = {country: _all(ranges) for country, ranges in _RANGES.items()}

    def take(self, country):
        """Return the next free number of a country in E.164, or "" when all are taken."""
        free = (number for number in self._numbers[country] if number not in self._taken)
        return next(free, "")


def _all(ranges):
    for prefix, pattern, count in ranges:
        for number in range(count):
            # Neighbours in the list should not look like neighbours.
            yield prefix + pattern.format((number * 37 + 142) % count)
