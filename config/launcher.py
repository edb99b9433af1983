"""What `make demo` runs: checks, preparation, web server and worker, until Ctrl-C or SIGTERM.

    python -m config.launcher                     run Mainstay
    python -m config.launcher manage COMMAND ...  run a management command with the same settings

Everything it starts is in a session of its own, so that only the launcher hears Ctrl-C and ends the
others in order, and asks Linux for a SIGTERM should the launcher be killed.
"""

import contextlib
import errno
import http.client
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from environs import Env

from config import databases
from config.embedded_pg.keeper import end_with_parent
from config.embedded_pg.server import Cluster, ClusterError

ROOT = Path(__file__).resolve().parent.parent
LOOK_SECONDS = 0.1
READY_SECONDS = 60
STOP_SECONDS = 20
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - only when HOST says so

PEOPLE = (
    ("Amara Okafor, agent", "amara@demo.example"),
    ("Helen Adeyemi, manager", "helen@demo.example"),
    ("Ingrid Solberg, admin", "admin@demo.example"),
)
PASSWORD = "mainstay-demo"  # noqa: S105 - of made-up people, printed on purpose


class Refused(Exception):
    """The demo can't start; the message is one sentence that says what to do."""


class Failed(Exception):
    """The demo can't start, and the part that failed has said why."""


def main(arguments):
    """Run what the arguments ask for and return the exit status."""
    try:
        environment = set_environment()
        if arguments[:1] == ["manage"]:
            os.chdir(ROOT)
            os.execve(sys.executable, [sys.executable, "manage.py", *arguments[1:]], environment)  # noqa: S606
        return Launcher(environment).run()
    except (Refused, ClusterError) as reason:
        say(str(reason), to=sys.stderr)
    except Failed:
        pass
    return 1


# --- Settings of the demo ---------------------------------------------------


def set_environment():
    """Fill in what a demo needs and nobody has set; `.env` counts as set.

    Returns:
        The environment for everything that is started.
    """
    Env().read_env(str(ROOT / ".env"), recurse=False)
    chosen = os.environ
    chosen.setdefault("HOST", "127.0.0.1")
    chosen.setdefault("PORT", "8000")
    chosen.setdefault("VAR_DIR", str(ROOT / "var"))
    chosen.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    chosen.setdefault("PLAIN_HTTP", "1")
    chosen.setdefault("PUBLIC_URL", f"http://{url_host(chosen['HOST'])}:{chosen['PORT']}")
    hosts = ["localhost", "127.0.0.1", "[::1]", url_host(chosen["HOST"]), socket.gethostname()]
    is_everywhere = chosen["HOST"] in EVERYWHERE
    chosen.setdefault("ALLOWED_HOSTS", "*" if is_everywhere else ",".join(hosts))
    if not (chosen.get("SECRET_KEY") or chosen.get("SECRET_KEY_FILE")):
        chosen["SECRET_KEY_FILE"] = str(secret_key_file(Path(chosen["VAR_DIR"])))
    return dict(chosen)


def secret_key_file(directory):
    """Return the file with this installation's secret key, made on the first start."""
    file = directory / "secret-key"
    try:
        directory.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as output:
                output.write(secrets.token_urlsafe(50))
    except OSError as error:
        raise Refused(
            f"{directory} can't be written ({error.strerror}): name a directory with VAR_DIR=."
        ) from None
    return file


def url_host(host):
    """Return a host as a browser on this machine would write it."""
    if host in EVERYWHERE:
        return "localhost"
    return f"[{host}]" if ":" in host else host


def check_address(host, port):
    """Refuse an address that the web server could not listen at."""
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Refused(f"PORT={port} is not a port: choose a number from 1024 to 65535.")
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen()
    except OSError as error:
        raise Refused(
            ADDRESS_REFUSALS.get(error.errno, OTHER_REFUSAL).format(
                host=host, port=port, other=int(port) % 65_535 + 1, error=error.strerror
            )
        ) from None


ADDRESS_REFUSALS = {
    errno.EADDRINUSE: "Port {port} of {host} is in use: stop what listens there, "
    "or choose another one with make demo PORT={other}.",
    errno.EACCES: "Port {port} needs more rights than you have: "
    "choose one from 1024 on, such as make demo PORT=8000.",
}
OTHER_REFUSAL = "Nothing can listen at {host} port {port} ({error}): choose another HOST or PORT."


# --- Processes --------------------------------------------------------------


class Launcher:
    """Starts the parts, keeps them running, and ends them."""

    def __init__(self, environment):
        self.environment = environment
        self.is_stopping = False
        self.running = {}
        self.cluster = None

    def run(self):
        """Run until told to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.stop)
        check_address(self.environment["HOST"], self.environment["PORT"])
        try:
            self.hold_database()
            self.prepare()
            self.start("web")
            self.wait_until_ready()
            if not self.is_stopping:
                self.start("worker")  # not sooner: on a small machine it would slow the web server
                say(self.welcome())
            self.supervise()
        finally:
            self.end()
        return 0

    def stop(self, *_):
        """Take a signal: the loops end at their next look."""
        self.is_stopping = True

    def hold_database(self):
        """Keep the embedded PostgreSQL, if it is the one, from the first step to the last."""
        url = self.environment.get("DATABASE_URL") or self.environment.get("DATABASE_URL_FILE")
        if not url:
            default = databases.default(
                "", var_dir=Path(self.environment["VAR_DIR"]), testing=False
            )
            self.cluster = Cluster(default["CLUSTER"], default["PROFILE"])
            self.cluster.ensure()

    def prepare(self):
        """Run the preparation; it has said what is wrong when it fails."""
        process = self.start("prepare")
        while process.poll() is None and not self.is_stopping:
            time.sleep(LOOK_SECONDS)
        if process.poll() is None or self.is_stopping:
            return
        del self.running["prepare"]
        if process.returncode:
            raise Failed

    def start(self, name):
        """Start one part and return its process."""
        commands = {
            "prepare": ("-m", "config.prepare"),
            "web": ("-m", "gunicorn", "-c", str(ROOT / "config" / "gunicorn.py")),
            "worker": (str(ROOT / "manage.py"), "worker"),
        }
        self.running[name] = subprocess.Popen(
            [sys.executable, *commands[name]],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - one thread
        )
        return self.running[name]

    def wait_until_ready(self):
        """Return when the web server answers."""
        deadline = time.monotonic() + READY_SECONDS
        while not self.is_stopping and not self.answers():
            if self.running["web"].poll() is not None or time.monotonic() > deadline:
                raise Refused("The web server did not start: its reason is above.")
            time.sleep(LOOK_SECONDS)

    def answers(self):
        """Say whether a request gets any answer at all."""
        host, port = self.environment["HOST"], int(self.environment["PORT"])
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        connection = http.client.HTTPConnection(host, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            return False
        else:
            return True
        finally:
            connection.close()

    def supervise(self):
        """Start anew what ends by itself, until told to stop."""
        while not self.is_stopping:
            for name, process in tuple(self.running.items()):
                if process.poll() is not None:
                    say(f"The {name} ended by itself: starting it again.", to=sys.stderr)
                    time.sleep(1)  # what fails at once must not spin
                    self.start(name)
            time.sleep(LOOK_SECONDS)

    def end(self):
        """End all parts in a few seconds, and PostgreSQL after them."""
        for process in self.running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if self.cluster:
            self.cluster.release()

    def welcome(self):
        """Return where Mainstay is and who may sign in."""
        rows = [("Sign in as", "E-mail", "Password"), *((*row, PASSWORD) for row in PEOPLE)]
        table = "\n".join(f"  {who:<24}{email:<22}{password}" for who, email, password in rows)
        return (
            f"\nMainstay is running: {self.environment['PUBLIC_URL']}/\n\n{table}\n\n"
            "Ctrl-C stops it; the data stays, and make demo continues with it.\n"
        )


def say(text, *, to=None):
    """Print for the person at the terminal, who may have closed it."""
    with contextlib.suppress(OSError):
        print(text, file=to or sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
