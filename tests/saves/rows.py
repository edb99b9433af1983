"""The rows of commitments in the form of a call."""

# NOW is a Tuesday: three working days later is Friday.
FRIDAY = "2026-06-12"


def row(number, text="", owner="me", due_on=FRIDAY, is_visible="on"):
    name = f"commitment-{number}"
    given = {f"{name}-text": text, f"{name}-owner": owner, f"{name}-due_on": due_on}
    return given | ({f"{name}-is_visible": is_visible} if is_visible else {})
