"""Working time: calendars of teams and people, their days off, and who is away."""
