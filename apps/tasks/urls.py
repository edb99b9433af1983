"""What people have to do."""

from django.urls import path

from apps.tasks.views import doing, feed, handing, mine, saying, task, team, team_bulk

app_name = "tasks"

urlpatterns = [
    path("tasks/", mine.mine, name="mine"),
    path("tasks/news/", mine.news, name="news"),
    path("tasks/next/", mine.claim_next, name="next"),
    # in somebody's own calendar
    path("tasks/feed/", feed.feed, name="feed"),
    path("tasks/feed/<str:secret>.ics", feed.calendar, name="calendar"),
    # a team's, and many of them at once
    path("tasks/team/", team.team, name="team"),
    path("tasks/team/changes/", team_bulk.changes, name="team-changes"),
    path("tasks/team/changes/<int:pk>/", team_bulk.change, name="team-change"),
    path("tasks/team/changes/<int:pk>/confirm/", team_bulk.confirm, name="team-confirm"),
    path("tasks/team/changes/<int:pk>/undo/", team_bulk.undo, name="team-undo"),
    # one task
    path("tasks/<int:pk>/", task.detail, name="detail"),
    path("tasks/<int:pk>/edit/", saying.edit, name="edit"),
    path("tasks/<int:pk>/start/", task.start, name="start"),
    path("tasks/<int:pk>/claim/", task.claim, name="claim"),
    path("tasks/<int:pk>/release/", task.release, name="release"),
    path("tasks/<int:pk>/wake/", task.wake, name="wake"),
    path("tasks/<int:pk>/reopen/", task.reopen, name="reopen"),
    path("tasks/<int:pk>/complete/", doing.complete, name="complete"),
    path("tasks/<int:pk>/cancel/", doing.cancel, name="cancel"),
    path("tasks/<int:pk>/snooze/", doing.snooze, name="snooze"),
    path("tasks/<int:pk>/reschedule/", doing.reschedule, name="reschedule"),
    path("tasks/<int:pk>/assign/", doing.assign, name="assign"),
    # one that somebody is asked to take; asking, and a new one, are pages of the desk, which knows
    # the customer
    path("tasks/handoffs/<int:pk>/accept/", handing.accept, name="accept"),
    path("tasks/handoffs/<int:pk>/decline/", handing.decline, name="decline"),
    path("tasks/handoffs/<int:pk>/withdraw/", handing.withdraw, name="withdraw"),
]
