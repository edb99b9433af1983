"""What is confirmed is what was shown, whatever another tab chose meanwhile."""

from tests.tasks.team_bulk.pages import preview, says, shown, url


def confirmed_in_another_tab(client, change):
    """Choose a why, then, in another tab, another one; return what the first tab sends."""
    client.post(url(change), {"why": "They moved"})
    first = shown(change)
    assert f'name="shown" value="{first["shown"]}"' in says(client.get(url(change)))
    client.post(url(change), {"why": "They paid"})
    return first


def test_what_was_not_shown_is_not_done(as_manager, tasks):
    change = preview(as_manager, "tasks.cancel", pick=[tasks[0].pk])
    first = confirmed_in_another_tab(as_manager, change)

    for sent in (first, {}):
        answer = as_manager.post(url(change, "confirm"), sent)

        assert answer.status_code == 409
        assert "Something else was chosen meanwhile" in says(answer)
        assert "Change 1 task" in says(answer)
        change.refresh_from_db()
        tasks[0].refresh_from_db()
        assert (change.state, tasks[0].state) == ("preview", "open")

    assert shown(change)["shown"] in says(answer)
    as_manager.post(url(change, "confirm"), shown(change))
    tasks[0].refresh_from_db()
    assert (tasks[0].state, tasks[0].outcome) == ("cancelled", "They paid")


def test_what_another_tab_confirmed_is_not_taken_for_ones_own(as_manager, tasks):
    change = preview(as_manager, "tasks.cancel", pick=[tasks[0].pk])
    first = confirmed_in_another_tab(as_manager, change)
    as_manager.post(url(change, "confirm"), shown(change))

    answer = as_manager.post(url(change, "confirm"), first)

    assert answer.status_code == 409
    assert "What you confirmed was not done" in says(answer)
    assert "1 changed, 0 skipped, 0 failed" in says(answer)
