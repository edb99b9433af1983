"""Customers whose stories were written by hand; they are Amara's, and come first."""

from apps.desk.demo.heroes.cast import ALL, COBALT, KESTREL, LARKSPUR, OTHERS
from apps.desk.demo.heroes.stories import WRITTEN, why

__all__ = ["ALL", "COBALT", "KESTREL", "LARKSPUR", "OTHERS", "WRITTEN", "why"]
