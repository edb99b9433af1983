"""Who may do what: roles, authority, invitations, and signing in."""
