"""Every setting, read from environment variables with types; `.env.example` lists them.

Safe by default: without a variable the answer is the one for production.
"""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from config import databases

BASE_DIR = Path(__file__).resolve().parent.parent
TESTING = "PYTEST_VERSION" in os.environ  # pytest sets it, and child processes inherit it

env = Env()
if not TESTING:  # a developer's own .env must not change what the tests mean
    env.read_env(str(BASE_DIR / ".env"), recurse=False)


def secret(name, default=""):
    """Read a secret from NAME, or from the file that NAME_FILE points to."""
    file = env.str(f"{name}_FILE", "")
    if not file:
        return env.str(name, default)
    try:
        return Path(file).read_text().strip()
    except OSError as error:
        raise ImproperlyConfigured(
            f"{name}_FILE names a file that can't be read: {error}"
        ) from None


# --- Where things are -------------------------------------------------------
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var"))).absolute()
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret("SECRET_KEY", "only-for-tests-and-checks-" * 2 if TESTING or DEBUG else "")
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", ["testserver", "localhost", "127.0.0.1"] if TESTING else []
)
PUBLIC_URL = env.str("PUBLIC_URL", "http://localhost:8000").rstrip("/")
PLAIN_HTTP = env.bool("PLAIN_HTTP", TESTING)
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "apps.core",
    "apps.users",
    "apps.workspace",
    "apps.calendars",
    "apps.history",
    "apps.access",
    "apps.accounts",
    "apps.reasons",
    "apps.notifications",
    "apps.saves",
    "apps.tasks",
    "apps.imports",
    "apps.desk",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_htmx",
    "django_linear_migrations",
    "django_q",
    "apps.core.admin_site.Config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.core.middleware.headers",
    "apps.core.middleware.request_id",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.core.middleware.PolicyMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "apps.core.middleware.person",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]
if TESTING or DEBUG:  # names the line of a query that runs once per row
    INSTALLED_APPS += ["zeal"]
    MIDDLEWARE += ["zeal.middleware.zeal_middleware"]
    ZEAL_RAISE = True
    # Actions lock these rows once for each thing that they do; two are not a query per row.
    ZEAL_ALLOWLIST = [
        {"model": "history.Timeline", "field": "get()"},
        {"model": "accounts.Account", "field": "get()"},
        {"model": "accounts.Contact", "field": "get()"},
        # A form that meets what somebody else saved is read once more.
        {"model": "users.Team", "field": "get()"},
        # allauth reads each of a person's few sessions to drop the dead ones.
        {"model": "sessions.Session", "field": "get()"},
    ]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.workspace.context.workspace",
                "apps.tasks.context.shell",
            ],
            "builtins": ["apps.core.templatetags.mainstay"],
        },
    },
]
FORM_RENDERER = "apps.core.forms.Renderer"

# --- Database: PostgreSQL 15 or newer, the only one -------------------------
# Words of ours that the server keeps for each connection: a view may wait 15 s, a lock 4 s;
# a misspelt word is found when it is alike by 0.35 (its own 0.6 forgives hardly anything); what
# `core.sql.planned` asks is planned once, whatever the values.
PG_OPTIONS = (
    "-c statement_timeout=15s -c lock_timeout=4s -c idle_in_transaction_session_timeout=30s"
    " -c pg_trgm.word_similarity_threshold=0.35"
    " -c plan_cache_mode=force_generic_plan"
)
DATABASES = {
    "default": databases.default(
        secret("DATABASE_URL"),
        var_dir=VAR_DIR,
        testing=TESTING,
        without=env.bool("NO_DATABASE", False),
    )
}
# Off behind a pool that hands connections around, such as PgBouncer by transaction.
PREPARE_STATEMENTS = env.bool("PREPARE_STATEMENTS", True)
DATABASES["default"] |= {
    "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 60),
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {
        "connect_timeout": 5,
        "options": PG_OPTIONS,
        **DATABASES["default"].get("OPTIONS", {}),  # such as sslmode, from the URL
    },
}

# Shared by all processes: rate limits and the worker's heartbeat live here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        # Django's 300 would let somebody who tries many names push out the count of another.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Pieces of pages that are the same for everybody, kept for seconds by each process.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 3000},  # a few for each person who is at work
    },
}

# --- Jobs: the queue is a bell, our rows are the truth (docs/decisions) -----
Q_CLUSTER = {
    "name": "mainstay",
    "orm": "default",
    "workers": 2,
    "queue_limit": 1,
    "bulk": 1,
    "timeout": 60,
    "retry": 300,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": -1,
    "catch_up": False,
    "scheduler": False,
    "poll": 0.2,
    "recycle": 500,
    "label": "Jobs",
}

# --- People -----------------------------------------------------------------
AUTH_USER_MODEL = "users.User"
AUTHENTICATION_BACKENDS = ["apps.access.backends.RoleBackend"]
PASSWORD_HASHERS = [
    "apps.core.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *PASSWORD_HASHERS]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = int(timedelta(hours=1).total_seconds())
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"
ACCOUNT_ADAPTER = "apps.access.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, sent to their address
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if PLAIN_HTTP else "https"
# Wrong passwords: for one name from one address, and for one name from anywhere (adapter.py).
ACCOUNT_RATE_LIMITS = {"login_failed": "20/m/ip,5/15m/key", "login_failed_anywhere": "50/h/key"}
# Whose address counts: the sender's, or the one that our own proxy saw.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
USERSESSIONS_TRACK_ACTIVITY = False
ROUTE_POLICIES = "config.policies.ROUTES"

# --- The browser's side of security -----------------------------------------
SECURE_SSL_REDIRECT = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not PLAIN_HTTP
SECURE_HSTS_PRELOAD = False  # the operator's choice, hard to take back
SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "sid" if PLAIN_HTTP else "__Host-sid"
CSRF_COOKIE_NAME = "csrf" if PLAIN_HTTP else "__Host-csrf"
SESSION_COOKIE_AGE = int(timedelta(hours=12).total_seconds())
CSRF_FAILURE_VIEW = "apps.core.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# --- Words, dates, files ----------------------------------------------------
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English (UK)"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = len(LANGUAGES) > 1  # with one language there is nothing to look up, 900 times a page
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Without collectstatic, files come straight from where they lie.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = TESTING or DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- E-mail: printed in the worker's log until a server is named ------------
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
EMAIL_PORT = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Mainstay <mainstay@localhost>")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "class": "apps.core.logs.Line",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {"django-q": {"level": "WARNING"}},  # it writes several lines for each heartbeat
}
