"""Finding somebody for a task: the person named, or whom its queue chooses."""

from apps.history.models import Timeline
from apps.tasks.actions.common import give
from apps.tasks.actions.refusals import CannotTake, QueueOfOthers
from apps.tasks.models import Queue
from apps.tasks.queries import load, people
from apps.tasks.rules import least_busy, next_in_turn

Routing = Queue.Routing


def place(task, queue, *, at):
    """Give a task to whom a queue finds, or let it wait.

    Where nobody is found it waits in the fallback queue, if there is one, and says so.

    Args:
        task: with its customer and moment, held or not saved yet.
        queue: where it arrives.
        at: now.

    Raises:
        QueueOfOthers: the customer's team is private, and the queue is another team's.
    """
    if not people.may_wait_in(queue, task.account):
        raise QueueOfOthers(task, queue)
    task.queue = queue
    task.found_nobody = False
    owner = _find(task, queue, at=at)
    if owner is None and queue.routing != Routing.CLAIM:
        lose(task)
    give(task, owner, at=at)


def lose(task):
    """Put a task where it waits when nobody was found for it."""
    task.owner = None
    task.queue = people.fallback() or task.queue
    task.found_nobody = True


def stand_in_for(owner, task, *, at):
    """Return who does a new task that is meant for somebody.

    Args:
        owner: who was named.
        task: with its customer and moment.
        at: now; a moment that has passed counts as now.

    Returns:
        The person, their stand-in when they are away on the day it is due, or None when the
        stand-in is away as well or can't take it.

    Raises:
        CannotTake: the person named does not work here any more or must not see the customer.
    """
    could = people.who_see(task.account)
    if not could.filter(pk=owner.pk).exists():
        raise CannotTake(task, owner)
    absence = people.away_at([owner], max(task.due_at, at)).get(owner.pk)
    if absence is None:
        return owner
    stand_in = absence.stand_in
    if stand_in is None or not could.filter(pk=stand_in.pk).exists():
        return None
    return None if people.away_at([stand_in], max(task.due_at, at)) else stand_in


def _find(task, queue, *, at):
    return None if queue.routing == Routing.CLAIM else share_out(task, queue, {}, at=at)


def share_out(task, queue, known, *, at):
    """Return who gets a task that waits, or None when nobody is there.

    As its queue finds somebody; where people take the next one themselves, it is whoever has
    most time left.

    Args:
        task: with its customer and moment.
        queue: where it waits.
        known: loads of people by id, to which those that were asked for are added; whoever
            shares out many tasks in one go adds each task to the load of who gets it.
        at: now.
    """
    if queue.routing == Routing.OWNER:
        return _customers_owner(task, at=at)
    return _chosen(task, queue, known, at=at)


def hold_queues(queues):
    """Take the rows of all queues of some queues' teams, lowest id first.

    Whoever shares out tasks of several teams asks for one after the other.
    """
    teams = {queue.team_id for queue in queues}
    rows = Queue.objects.filter(team__in=teams).order_by("pk")
    list(rows.select_for_update(no_key=True))


def _customers_owner(task, *, at):
    owner = (task.account.merged_into or task.account).owner
    try:
        return owner and stand_in_for(owner, task, at=at)
    except CannotTake:
        return None


def _chosen(task, queue, known, *, at):
    """Return the next in turn or the least busy; two arrivals at once are one after the other."""
    # The timeline first, as everywhere: whoever holds it may be about to ask for a queue. Then all
    # queues of the team, whose rows guard the turn of this one and everybody's load: what one
    # queue gives to somebody the others count, and `known` carries it on while many are shared.
    Timeline.objects.select_for_update(no_key=True).get(pk=task.account.timeline_id)
    rows = Queue.objects.filter(team=queue.team_id).order_by("pk")
    held = {row.pk: row for row in rows.select_for_update(no_key=True)}[queue.pk]
    could = list(people.of_queue(queue, task.account))
    away = people.away_at(could, at, max(task.due_at, at))
    could = {person.pk: person for person in could if person.pk not in away}
    if not could:
        return None
    if queue.routing == Routing.ROUND_ROBIN:
        held.turn = could[next_in_turn(could, held.turn_id)]
        held.save(update_fields=["turn"])
        return held.turn
    unknown = [person for pk, person in could.items() if pk not in known]
    known |= load.loads(unknown, at=at) if unknown else {}
    return could[least_busy([known[pk] for pk in could])]
