"""Settings of a noun that is retired instead of deleted, and whose history says what changed."""

from django.contrib import admin, messages
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.admin_site import Page


class InUse(admin.SimpleListFilter):
    """Shows what is in use unless somebody asks for the retired."""

    title = _("use")
    parameter_name = "use"

    def lookups(self, request, model_admin):
        return [("retired", _("Retired")), ("all", _("All"))]

    def choices(self, changelist):
        first, *others = super().choices(changelist)
        yield {**first, "display": _("In use")}
        yield from others

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(retired_at__isnull=self.value() != "retired")


class Retirable(Page):
    """A page that writes through the actions of its room and never deletes.

    A room says which: `add_row`, `change_row`, `retire_row`, `restore_row` (functions of its
    actions, called with `by` and `at`), `events_of` (a row's history, newest first), and what
    to say: `retired_words`, and `taken_words` when restoring raises `taken`.
    """

    actions = ["retire", "restore"]

    def named(self, row):
        """Return what a row is called in a message."""
        return row

    def save_model(self, request, obj, form, change):
        write = self.change_row if change else self.add_row
        write(obj, by=request.user, at=timezone.now())

    def history_view(self, request, object_id, extra_context=None):
        """Show our own history, which says what changed, and not the log of the settings site."""
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": _("What changed"),
            "thing": row,
            "opts": self.opts,
            "events": self.events_of(row),
        }
        return TemplateResponse(request, "history/settings.html", context)

    @admin.action(description=_("Retire"), permissions=["change"])
    def retire(self, request, queryset):
        """Take the chosen ones out of use."""
        for row in queryset:
            self.retire_row(row, by=request.user, at=timezone.now())
        self.message_user(request, self.retired_words)

    @admin.action(description=_("Restore"), permissions=["change"])
    def restore(self, request, queryset):
        """Put the chosen ones back into use."""
        for row in queryset:
            words = {"name": self.named(row)}
            try:
                self.restore_row(row, by=request.user, at=timezone.now())
            except self.taken:
                self.message_user(request, self.taken_words % words, messages.ERROR)
            else:
                self.message_user(request, _("%(name)s is in use again.") % words)
