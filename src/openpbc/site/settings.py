"""Django's settings: one module for every installation; what differs comes from the environment and the home folder.

``OPENPBC_HOME``  folder of the database, the secret key and the warehouse
``DATABASE_URL``  ``postgres://...`` for many users; without it SQLite in the home folder
``OPENPBC_PEOPLE_KEYS``  file of the keys of pseudonyms, if it does not lie in the home folder
``OPENPBC_RULEBOOK``  folder of the installation's own packs, laid over those that are shipped; without it ``rulebook``
                      in the home folder, where there is one
``OPENPBC_URL``   the public address, such as ``https://pbc.example.nhs.uk``; https switches on the strict cookies and
                  means that a proxy in front ends TLS and sets ``X-Forwarded-Proto`` and ``X-Forwarded-For``
``OPENPBC_SMTP``  the mail server, such as ``smtp+starttls://user:password@mail.example.nhs.uk:587``; without it no mail
``OPENPBC_MAIL_FROM``  the address from which mail comes
``OPENPBC_TSA``  the time-stamping authority, such as ``https://tsa.example.org/tsr``; without it nothing is stamped
``OPENPBC_TSA_CERTIFICATES``  file of the certificates (PEM) against which its stamps are checked
``OPENPBC_TSA_MINUTES``  how old the newest stamp may be before pages warn; 60 unless given
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.functional import SimpleLazyObject

from openpbc.site import home as _home
from openpbc.site import mail as _mail
from openpbc.site import stamping as _stamping

HOME = _home.home_folder()
# Made or read only when something is signed: a command that writes nothing leaves no folder behind.
SECRET_KEY = SimpleLazyObject(lambda: _home.secret_key(HOME))
DATABASES = {"default": _home.database(HOME, os.environ.get("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The keys of pseudonyms; made by a command, never by the way, and never part of a backup.
PEOPLE_KEYS = Path(os.environ["OPENPBC_PEOPLE_KEYS"]) if os.environ.get("OPENPBC_PEOPLE_KEYS") else None

# The installation's own packs, if it has any.
RULEBOOK = _home.rulebook_folder(HOME, os.environ.get("OPENPBC_RULEBOOK", ""))

SITE_URL = os.environ.get("OPENPBC_URL", "")
HTTPS = SITE_URL.startswith("https://")

_SERVER = _mail.server(os.environ.get("OPENPBC_SMTP", ""))
EMAIL_HOST, EMAIL_PORT = _SERVER.host, _SERVER.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _SERVER.user, _SERVER.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _SERVER.starttls, _SERVER.ssl
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = os.environ.get("OPENPBC_MAIL_FROM", "")

TSA = _stamping.address(os.environ.get("OPENPBC_TSA", ""))
TSA_CERTIFICATES = os.environ.get("OPENPBC_TSA_CERTIFICATES", "")
TSA_MINUTES = _stamping.minutes(os.environ.get("OPENPBC_TSA_MINUTES", ""))
# The acts that want a stamp soon after: a month closes or freezes, a decision is recorded, money is approved.
STAMPED_ACTS = (
    "activity.freeze_month",
    "finance.approve_budget_set",
    "finance.approve_plan",
    "governance.act_urgently",
    "governance.decide_item",
    "governance.record_decision",
    "monitoring.close",
    "monitoring.lock_position",
)

DEBUG = False
ALLOWED_HOSTS = [host for host in (urlsplit(SITE_URL).hostname,) if host] + list(_home.LOOPBACK_HOSTS)

PACKAGE = Path(__file__).resolve().parent.parent
# A room is installed as soon as it remembers something, that is, when it has an apps.py.
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    *sorted(f"openpbc.{file.parent.name}" for file in PACKAGE.glob("*/apps.py")),
]

MIDDLEWARE = [
    "openpbc.site.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "openpbc.site.within.Within",
    "openpbc.site.sessions.SessionLimits",
    "openpbc.site.problems.Problems",
    "openpbc.site.access.Access",
    "openpbc.site.idempotency.Idempotency",
]
ROOT_URLCONF = "openpbc.site.urls"
WSGI_APPLICATION = "openpbc.site.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": sorted(PACKAGE.glob("*/templates")),
        "OPTIONS": {
            "environment": "openpbc.ui.jinja.environment",
            "context_processors": ["openpbc.site.templating.context"],
        },
    }
]

STATIC_URL = "/static/"
STATICFILES_DIRS = sorted(PACKAGE.glob("*/static"))
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# Names carry no version, so a browser asks again soon after an upgrade.
WHITENOISE_MAX_AGE = 300

AUTH_USER_MODEL = "organisations.User"
LOGIN_URL = "account:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("sign_in", "display_name")},
    },
]

SESSION_IDLE_SECONDS = 15 * 60
SESSION_ABSOLUTE_SECONDS = 12 * 60 * 60
SESSION_COOKIE_AGE = SESSION_ABSOLUTE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
# Browsers refuse a __Host- cookie without TLS or from a sister domain; on loopback http it is a plain name.
SESSION_COOKIE_NAME = "__Host-openpbc-session" if HTTPS else "openpbc-session"
CSRF_COOKIE_NAME = "__Host-openpbc-csrf" if HTTPS else "openpbc-csrf"
CSRF_FAILURE_VIEW = "openpbc.site.problems.csrf_failure"
CSRF_TRUSTED_ORIGINS = [SITE_URL.rstrip("/")] if HTTPS else []
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = False

# Uploads beyond this size go to temporary files; forms carry few fields.
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 << 20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# Files on their way: how large one may be, how many one person may keep waiting, and for how long.
UPLOAD_LARGEST = 2 << 30
DRAFTS_EACH = 5
DRAFT_HOURS = 48
# Checks run in a process of their own; tests that look at what comes of them let them run where they are asked for.
DRAFTS_WORK_HERE = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # A refused request is answered, not logged: its address may hold a token. Of one that failed the token is cut out.
    "filters": {"no-tokens": {"()": "openpbc.site.tokens.NoTokens"}},
    "loggers": {"django.request": {"level": "ERROR", "filters": ["no-tokens"]}},
}
