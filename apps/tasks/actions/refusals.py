"""Why a task was left as it is; each says to the person what to do instead."""

from django.utils.translation import gettext as _

from apps.accounts.actions import Refused


class TaskRefused(Refused):
    """Nothing was changed about a task.

    Args:
        task: as it is now; None when there is none yet.
        text: what to do, in words.
    """

    def __init__(self, task, text):
        super().__init__(text)
        self.task = task


class AlreadyClosed(TaskRefused):
    """Somebody completed or cancelled it before."""

    def __init__(self, task):
        words = {"name": task.closed_by or "Mainstay"}
        if task.state == task.State.DONE:
            text = _("%(name)s has completed this task. Nothing is left to do.")
        else:
            text = _("%(name)s has cancelled this task. Nothing is left to do.")
        super().__init__(task, text % words)


class NotYours(TaskRefused):
    """It is somebody else's task, or waits in another team's queue."""

    def __init__(self, task):
        if task.owner:
            text = _("This task is %(name)s’s. Ask them to hand it off, or a manager to assign it.")
            text %= {"name": task.owner}
        else:
            text = _("This task waits in “%(queue)s”, for people of that team. Ask its manager.")
            text %= {"queue": task.queue}
        super().__init__(task, text)


class NotYourQueue(TaskRefused):
    """Tasks of another team's queue are not for this person."""

    def __init__(self, queue):
        text = _("“%(queue)s” is another team’s queue. Take a task of your own team’s.")
        super().__init__(None, text % {"queue": queue})


class TakenAlready(TaskRefused):
    """Somebody else was faster."""

    def __init__(self, task):
        text = _("%(name)s has taken this task. Take the next one.")
        super().__init__(task, text % {"name": task.owner})


class NobodysTask(TaskRefused):
    """It waits for somebody, so that there is nobody who could do this with it."""

    def __init__(self, task):
        super().__init__(task, _("Nobody has this task yet. Take it first."))


class NobodyThere(TaskRefused):
    """No person and no queue, or somebody who can't take it."""

    def __init__(self, task, text=None):
        super().__init__(task, text or _("Choose a person or a queue for this task."))


class CannotTake(NobodyThere):
    """Somebody who does not work here any more, or must not see the customer."""

    def __init__(self, task, person):
        text = _("%(name)s can’t take tasks of this customer. Choose somebody else.")
        super().__init__(task, text % {"name": person})


class Away(NobodyThere):
    """Somebody who is out of office on the day it is due."""

    def __init__(self, task, absence):
        words = {"name": absence.user, "stand_in": absence.stand_in}
        if absence.stand_in:
            text = _("%(name)s is away then. Choose %(stand_in)s, who stands in, or a later day.")
        else:
            text = _("%(name)s is away then. Choose somebody else, or a later day.")
        super().__init__(task, text % words)
        self.absence = absence


class QueueOfOthers(NobodyThere):
    """A queue whose people must not see the customer, since the customer's team is private."""

    def __init__(self, task, queue):
        text = _(
            "“%(queue)s” is another team’s queue. Choose a person, or a queue of %(team)s, which"
            " is private."
        )
        team = (task.account.merged_into or task.account).team
        super().__init__(task, text % {"queue": queue, "team": team})


class NoQueue(TaskRefused):
    """It came from no queue, so that it can't be put back into one."""

    def __init__(self, task):
        super().__init__(task, _("This task came from no queue. Hand it off to somebody instead."))


class OutcomeMissing(TaskRefused):
    """Nobody said what came of a task that is done with a customer in person."""

    def __init__(self, task):
        super().__init__(task, _("Write what came of it, in a few words."))


class WhyMissing(TaskRefused):
    """No reason was given."""

    def __init__(self, task):
        super().__init__(task, _("Write why, in a few words."))


class InThePast(TaskRefused):
    """A moment that has passed."""

    def __init__(self, task):
        super().__init__(task, _("Choose a moment that lies ahead."))


class DueUnclear(TaskRefused):
    """No moment was said, or more than one."""

    def __init__(self, task):
        super().__init__(task, _("Say in one way when this is due."))


class Conflict(TaskRefused):
    """Somebody else changed it after the form was opened."""

    def __init__(self, task):
        super().__init__(task, _("Somebody else changed this task while you were typing."))


class ReopenTooLate(TaskRefused):
    """Somebody else closed it, or too long ago."""

    def __init__(self, task):
        super().__init__(task, _("Only who closed a task can undo that, within ten minutes."))


class HandoffWaits(TaskRefused):
    """It was sent to somebody else, who has not answered yet."""

    def __init__(self, task, handoff):
        text = _("%(name)s was asked to take this task. Take that back first.")
        super().__init__(task, text % {"name": handoff.receiver})
        self.handoff = handoff


class HandoffAnswered(TaskRefused):
    """It was accepted, declined or taken back before."""

    def __init__(self, handoff):
        text = _("This hand-off is settled: %(answer)s. Load the page again.")
        super().__init__(handoff.task, text % {"answer": handoff.get_answer_display()})
        self.handoff = handoff


class NotYourHandoff(TaskRefused):
    """Somebody else was asked, or asked."""

    def __init__(self, handoff):
        text = _("This is between %(sender)s and %(receiver)s. Leave the answer to them.")
        words = {"sender": handoff.sender, "receiver": handoff.receiver}
        super().__init__(handoff.task, text % words)
        self.handoff = handoff
