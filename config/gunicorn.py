"""How the web server runs, in the demo and in production (`gunicorn -c config/gunicorn.py`)."""

import gc
import os
from pathlib import Path

host = os.environ.get("HOST", "127.0.0.1")
bind = f"{f'[{host}]' if ':' in host else host}:{os.environ.get('PORT', '8000')}"
wsgi_app = "config.wsgi"

# Two processes of four threads: a page waits for the database more than it computes.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60  # the database gives up on a statement after 15 seconds
graceful_timeout = 10
keepalive = 5
max_requests = 10_000  # should anything leak, it does not leak for ever
max_requests_jitter = 1_000

reload = os.environ.get("DEBUG", "").lower() in {"1", "true", "yes", "on"}
preload_app = not reload  # the program is read once, and its memory is shared
loglevel = "warning"
control_socket_disable = True
if Path("/dev/shm").is_dir():  # noqa: S108 - gunicorn's own heartbeat files; a slow disk stalls it
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def post_worker_init(worker):
    """Leave the program itself out of what the garbage collector walks through.

    What was read at the start never becomes garbage, and a page makes so many short-lived
    objects that Python would look for cycles among all of it several times for each.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
