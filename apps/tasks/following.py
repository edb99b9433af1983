"""Tasks that are due in working time follow it."""

from apps.calendars.following import register
from apps.tasks.actions import recounting as actions
from apps.tasks.queries import recounting

register("tasks", find=recounting.in_words, move=actions.follow)
