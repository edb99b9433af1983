"""What every page is compared with, and how its queries are counted."""

from django.db import connection
from django.shortcuts import render

from apps.core.policy import policy

EMPTY = "bench/empty/"


@policy(signed_in=True)
def empty(request):
    """Show the shell to a signed-in person, and nothing in it."""
    return render(request, "base.html")


def count_queries(get_response):
    """Say in a header how many queries a request took, those for session and user included."""

    def middleware(request):
        count = 0

        def tally(execute, *call):
            nonlocal count
            count += 1
            return execute(*call)

        with connection.execute_wrapper(tally):
            response = get_response(request)
        response["X-Queries"] = str(count)
        return response

    return middleware
