"""Calendars with their hours and days off, whose they are, and who is away."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from apps.users.models import Team, validate_time_zone


class Calendar(models.Model):
    """When people work: their hours of a week, in a zone, and the public holidays of a place."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[validate_time_zone],
        help_text=_("Whose clocks count, such as Europe/London."),
    )
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        help_text=_("Whose public holidays are free, as two letters such as GB. Empty: none are."),
    )
    region = models.CharField(
        _("region"),
        max_length=20,
        blank=True,
        help_text=_("A part of the country with holidays of its own, such as SCT or NY."),
    )

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        constraints = [
            models.CheckConstraint(
                condition=Q(region="") | ~Q(country=""), name="calendars_calendar_region"
            ),
        ]

    def __str__(self):
        return self.name


# From one minute of a day to another one, both counted from midnight; the last is 1440.
PART_OF_A_DAY = Q(opens__gte=0, opens__lt=F("closes"), closes__lte=1440)
MINUTES = Func("opens", "closes", function="int4range", output_field=models.TextField())


class Opening(models.Model):
    """A stretch of a weekday that is worked; a day has as many as it has breaks, and one more."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField(help_text=_("Monday is 0."))
    opens = models.PositiveSmallIntegerField(help_text=_("Minutes after midnight."))
    closes = models.PositiveSmallIntegerField(help_text=_("Minutes after midnight."))

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weekday__lte=6), name="calendars_opening_weekday"),
            models.CheckConstraint(condition=PART_OF_A_DAY, name="calendars_opening_part"),
            # Nobody works the same minute twice.
            ExclusionConstraint(
                name="calendars_opening_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (MINUTES, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.weekday} {self.opens}-{self.closes} {self.pk}"


class DayOff(models.Model):
    """A date that is free, or a part of it."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days_off")
    on = models.DateField()
    opens = models.PositiveSmallIntegerField(default=0, help_text=_("Free from this minute on."))
    closes = models.PositiveSmallIntegerField(default=1440, help_text=_("Free until then."))
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=PART_OF_A_DAY, name="calendars_dayoff_part"),
            # The same part of a day is free for one reason.
            ExclusionConstraint(
                name="calendars_dayoff_overlap",
                expressions=[
                    ("calendar", RangeOperators.EQUAL),
                    ("on", RangeOperators.EQUAL),
                    (MINUTES, RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.on} {self.pk}"


class WorkedHoliday(models.Model):
    """A public holiday on which a calendar works all the same."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="worked_holidays")
    on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="calendars_workedholiday_once"),
        ]

    def __str__(self):
        return f"{self.on} {self.pk}"


class TeamCalendar(models.Model):
    """The calendar of a team: its people's, unless they have their own."""

    team = models.OneToOneField(
        Team, models.CASCADE, primary_key=True, related_name="working_calendar"
    )
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="of_teams")

    def __str__(self):
        return f"team {self.pk}"


class PersonCalendar(models.Model):
    """The calendar of one person, in place of their team's."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="working_calendar",
    )
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="of_people")

    def __str__(self):
        return f"person {self.pk}"


class OutOfOffice(models.Model):
    """Days on which somebody is away, and who stands in for them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text=_("The last day away."))
    stand_in = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("ends_on")), name="calendars_outofoffice_order"
            ),
            models.CheckConstraint(
                condition=~Q(stand_in=F("user")), name="calendars_outofoffice_stand_in"
            ),
            # Nobody is away twice on the same day.
            ExclusionConstraint(
                name="calendars_outofoffice_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (
                        Func(
                            "starts_on",
                            "ends_on",
                            Value("[]"),
                            function="daterange",
                            output_field=models.TextField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    def __str__(self):
        return f"{self.starts_on} to {self.ends_on} {self.pk}"
