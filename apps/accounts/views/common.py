"""What the pages of the record share: fetching, showing a form, and leading back."""

from django.contrib import messages
from django.shortcuts import redirect, render

from apps.accounts import family
from apps.accounts.models import Account

BOTH = ("GET", "POST")


def fetch(request, pk):
    """Fetch a customer that this person may see; of one that is gone, say where it is."""
    return family.find(pk, user=request.user, rows=Account.objects.for_page())


def sent(request):
    """Return what a form was sent with, or None when it is only shown."""
    return request.POST if request.method == "POST" else None


def show(request, form, *, title, button, account=None, template="form", status=None, **more):
    """Show a form, the first time or with what is wrong."""
    context = {"form": form, "title": title, "button": button, "account": account, **more}
    status = status or (422 if form.is_bound else 200)
    return render(request, f"accounts/{template}.html", context, status=status)


def done(request, account, text):
    """Lead back to the customer with a short message."""
    messages.success(request, text)
    return redirect(account)
