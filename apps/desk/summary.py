"""What hand-offs say of a customer, as this room sees all of them."""

from apps.desk.queries.hand_off import to_know
from apps.tasks.summary import register

register(to_know)
