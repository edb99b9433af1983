"""Reading the reasons."""

from django.db.models import Q

from apps.reasons.models import Category


def category_at(position):
    """Return the current category that a key picks, or None."""
    return Category.objects.current().filter(position=position).first()


def is_category_used(name, position):
    """Say whether a category of this name or with this key was ever there."""
    return Category.objects.filter(Q(name__iexact=name) | Q(position=position)).exists()
