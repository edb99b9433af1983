"""Forms as a browser opens and sends them."""


def opened(browser, path):
    """Open a form and return what it would send."""
    form = browser.get(path).context["form"]
    return fields_of(form)


def fields_of(form):
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


def send(browser, path, sent, **typed):
    # What is not ticked or chosen is not sent.
    given = {name: value for name, value in (sent | typed).items() if value is not False}
    return browser.post(path, given)
