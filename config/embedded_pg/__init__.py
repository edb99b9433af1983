"""A private PostgreSQL for development, the demo and the tests.

`base` is the Django backend; it asks `server` for a running cluster on the first connection.
`keeper` is the small process beside each cluster that starts PostgreSQL and, when the last process
that uses it has gone, stops it. `DATABASE_URL` replaces all of this by a server of your own.
"""
