"""Password hashing at the strength that fits a small server."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane.

    One of the settings that OWASP's password storage page accepts. Django's own default
    takes 100 MiB and 8 lanes: six people signing in at once would need 600 MB.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
