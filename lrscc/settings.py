"""All settings, filled from the environment; safe when nothing is set.

`lrscc.running.environment` describes every variable.
"""

import os
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import django
import environ
from django.core.exceptions import ImproperlyConfigured

from lrscc.running.environment import Environment
from lrscc.running.secret import kept_secret

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment()
ENV_FILE = env.read_file(BASE_DIR / "register.env")

DEBUG = env("DEBUG")
DATA_DIR = Path(env("DATA_DIR") or BASE_DIR / "var").resolve()
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
ADMIN_PATH = env("ADMIN_PATH")
SECOND_PERSON_FOR = [kind.lower() for kind in env("SECOND_PERSON_FOR")]

# --- Database ---------------------------------------------------------------------------
DATABASE_URL = env("DATABASE_URL")
EMBEDDED_DATABASE = DATA_DIR / "register.sqlite3"
if DATABASE_URL:
    try:
        with warnings.catch_warnings(action="ignore"):  # refused below, in one sentence
            DATABASES = {"default": environ.Env.db_url_config(DATABASE_URL)}
    except Exception:  # the parser raises whatever the URL makes it raise
        DATABASES = {"default": {}}
    if DATABASES["default"].get("ENGINE") not in (
        "django.db.backends.postgresql",
        "django.db.backends.sqlite3",
    ):
        raise ImproperlyConfigured(
            "DATABASE_URL is not an address of a database this site can use."
            " Write it like postgres://user:password@host:5432/register."
        )
    # A socket’s folder is written %2Fvar%2Frun%2Fpostgresql in a URL.
    DATABASES["default"]["HOST"] = unquote(DATABASES["default"].get("HOST", ""))
    DATABASES["default"]["CONN_MAX_AGE"] = env("CONN_MAX_AGE")
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    if DATABASES["default"]["ENGINE"].endswith("postgresql"):
        # Compiling the long questions of a page takes seconds, answering them milliseconds.
        given = DATABASES["default"].setdefault("OPTIONS", {})
        ours = "-c jit=off -c lock_timeout=3s"
        given["options"] = f"{ours} {given.get('options', '')}".strip()
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": EMBEDDED_DATABASE,
            "CONN_MAX_AGE": None,  # opening the file costs more than most queries
        }
    }
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 3,  # seconds that one who writes waits for another
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Secrets ----------------------------------------------------------------------------
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env("SECRET_KEY_FALLBACKS")
IS_SET_UP = bool(SECRET_KEY)  # else the first start, or `manage.py setup`, does it
if not SECRET_KEY:
    if DATABASE_URL:
        raise ImproperlyConfigured(
            "Set SECRET_KEY, the same for every process of the site: 50 or more random characters."
        )
    SECRET_KEY = kept_secret(DATA_DIR)

# --- Apps -------------------------------------------------------------------------------
INSTALLED_APPS = [
    "lrscc",
    "cities",
    "exchanges",
    "resolutions",
    "lrscc.admin_config.RegisterAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth.account",
    "allauth.mfa",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "simple_history",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
]
MIDDLEWARE = [
    "lrscc.running.logs.log_requests",
    "lrscc.middleware.security_headers",
    "lrscc.limits.limit_requests",
    "lrscc.middleware.refuse_bad_input",
    "lrscc.middleware.refuse_plain_api",
    "lrscc.answers.keep_answers",
    "lrscc.middleware.answer_known_faults",
    "django.middleware.security.SecurityMiddleware",
    "lrscc.middleware.StaticFiles",
    "lrscc.middleware.Compressed",
    "lrscc.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "lrscc.middleware.redirect_renamed_filters",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lrscc.limits.limit_strangers",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "lrscc.middleware.in_home_time",
    "allauth.account.middleware.AccountMiddleware",
    "lrscc.accounts.middleware.end_sessions",
    "lrscc.accounts.middleware.require_second_factor",
]
ROOT_URLCONF = "lrscc.urls"
WSGI_APPLICATION = "lrscc.wsgi.application"
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
                "lrscc.context.site",
            ],
        },
    },
]
FORM_RENDERER = "lrscc.form_renderer.FormRenderer"

# --- Words, days and places -------------------------------------------------------------
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en-us", "English")]
USE_I18N = True
FORMAT_MODULE_PATH = ["lrscc.formats"]
LOCALE_PATHS = [BASE_DIR / "lrscc" / "locale"]
USE_TZ = True
TIME_ZONE = "America/Detroit"  # for commands; pages use the time zone of the home city

# --- Static files and documents ---------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = Path(env("DOCUMENTS_DIR") or DATA_DIR / "documents").resolve()
_COLLECTED = os.path.exists(STATIC_ROOT / "staticfiles.json")  # `Path` raises in a closed folder
STORAGES = {
    "default": {"BACKEND": "lrscc.running.storage.Documents"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not _COLLECTED
WHITENOISE_ALLOW_ALL_ORIGINS = False
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# --- Caches: shared by the processes of one machine, or of all with CACHE_URL -------------
# The second keeps answers (`lrscc.answers`), the third who has a form open, the fourth how many
# requests came from each address (`lrscc.limits`).
_shared = environ.Env.cache_url_config(env("CACHE_URL") or f"filecache://{DATA_DIR / 'cache'}")
if _shared["BACKEND"].endswith("RedisCache"):  # one that hangs holds up no page for long
    seconds = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}
    _shared["OPTIONS"] = seconds | _shared.get("OPTIONS", {})
CACHES = {
    "default": _shared,
    "answers": _shared | {"KEY_PREFIX": "answers"},
    "open_forms": _shared | {"KEY_PREFIX": "open"},
    "limits": _shared | {"KEY_PREFIX": "limits"},
}
if _shared["LOCATION"] == str(DATA_DIR / "cache"):
    CACHES["answers"] = {"BACKEND": "lrscc.answers.Files", "LOCATION": DATA_DIR / "answers"}
    CACHES["limits"] = {
        "BACKEND": "lrscc.running.counters.Counters",
        "LOCATION": DATA_DIR / "limits",
    }
ANSWERS_KEPT = not DEBUG if env("ANSWERS_KEPT") is None else env("ANSWERS_KEPT")
PARTS_KEPT = not DEBUG  # what many answers share, in the memory of each process

# --- Limits: requests a minute from one network address, or none ------------------------
LIMITS = {"pages": env("LIMIT_PAGES"), "search": env("LIMIT_SEARCH"), "api": env("LIMIT_API")}

# --- Signing in: see ADR 0016 -----------------------------------------------------------
AUTHENTICATION_BACKENDS = ["lrscc.accounts.people.AccountBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
SECOND_FACTOR_REQUIRED = True  # the tests of other things switch it off
ACCOUNT_ADAPTER = "lrscc.accounts.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]  # nobody signs up
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = False  # it does not count atomically: `lrscc.accounts.throttle` does
ACCOUNT_FORMS = {
    "login": "lrscc.accounts.forms.SignInForm",
    "reauthenticate": "lrscc.accounts.forms.PasswordAgainForm",
}
MFA_ADAPTER = "lrscc.accounts.adapters.SecondFactorAdapter"
MFA_RATE_LIMITS = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # who is invited has shown that the address is theirs
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a clock may be 30 seconds wrong; a code works once all the same
MFA_FORMS = {
    "authenticate": "lrscc.accounts.forms.CodeForm",
    "reauthenticate": "lrscc.accounts.forms.ConfirmingCodeForm",
    "activate_totp": "lrscc.accounts.forms.AppForm",
    "authenticate_webauthn": "lrscc.accounts.forms.PasskeyForm",
    "login_webauthn": "lrscc.accounts.forms.PasskeyAloneForm",
    "reauthenticate_webauthn": "lrscc.accounts.forms.ConfirmingPasskeyForm",
    "add_webauthn": "lrscc.accounts.forms.NewPasskeyForm",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "lrscc.accounts.passwords.LongEnough"},
    {"NAME": "lrscc.accounts.passwords.NoRepeats"},
    {"NAME": "lrscc.accounts.passwords.NoSequences"},
    {"NAME": "lrscc.accounts.passwords.NoContext"},
    {"NAME": "lrscc.accounts.passwords.NoCommon"},
]
SESSION_COOKIE_NAME = "__Host-session"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "lrscc.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env("CSRF_TRUSTED_ORIGINS")

# --- E-mail: without a server it is kept as files that nobody but the owner can read ------
EMAIL_URL = env("EMAIL_URL")
SENDS_MAIL = bool(EMAIL_URL)
MAIL_FOLDER = DATA_DIR / "mail"
_mail: dict[str, Any] = {"EMAIL_BACKEND": "lrscc.accounts.mail.KeptMail"}
if SENDS_MAIL:
    _mail = {**environ.Env.email_url_config(EMAIL_URL), "EMAIL_TIMEOUT": 10}
    _mail.pop("EMAIL_FILE_PATH", None)
if django.VERSION < (6, 1):
    vars().update(_mail)
else:  # where Django names the same things in another way
    _names = {"EMAIL_HOST_USER": "username", "EMAIL_HOST_PASSWORD": "password"}
    MAILERS = {
        "default": {
            "BACKEND": _mail.pop("EMAIL_BACKEND"),
            "OPTIONS": {
                _names.get(name, name.removeprefix("EMAIL_").lower()): value
                for name, value in _mail.items()
            },
        }
    }
DEFAULT_FROM_EMAIL = env("MAIL_FROM")

# --- HTTPS: ended by a proxy that sets X-Forwarded-Proto --------------------------------
SECURE_SSL_REDIRECT = env("HTTPS_ONLY")
if SECURE_SSL_REDIRECT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whose `X-Forwarded-For` says who asks; anybody else's is not believed.
TRUSTED_PROXIES = env("TRUSTED_PROXIES")
if TRUSTED_PROXIES is None:
    TRUSTED_PROXIES = ["127.0.0.1", "::1"] if SECURE_SSL_REDIRECT else []
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_HSTS_SECONDS = 63072000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True  # for `check --deploy`; our header asks for it once the City does
X_FRAME_OPTIONS = "DENY"

# --- API --------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COERCE_DECIMAL_TO_STRING": False,
    "EXCEPTION_HANDLER": "lrscc.errors.in_resource",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Sister Cities Register",
    "DESCRIPTION": (
        "Free, read-only JSON. No key needed. Every status is calculated from dated"
        " entries, for today or any other date."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVERS": [{"url": "/", "description": "This site"}],
    "SECURITY": [{}],  # open to everybody
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "lrscc.api_description.say_errors",
        "lrscc.api_description.say_null",
        "lrscc.api_description.say_filters",
        "lrscc.api_description.say_meanings",
    ],
    # Names of lists of choices that several records share, where the field’s name says too little.
    "ENUM_NAME_OVERRIDES": {
        "ActionKindEnum": "resolutions.course.Kind",
        "AudienceEnum": "exchanges.models.programs.Audience",
        "ClassificationEnum": "cities.models.organizations.Classification",
        "ExchangeStateEnum": "exchanges.states.State",
        "MeetingStateEnum": "resolutions.models.meetings.MeetingState",
        "MeetingKindEnum": "resolutions.models.meetings.MeetingKind",
        "MethodEnum": "resolutions.tally.Method",
        "NumberKindEnum": "resolutions.models.other_numbers.NumberKind",
        "RelationKindEnum": "resolutions.models.relations.RelationKind",
        "ResolutionKindEnum": "resolutions.models.numbering.ResolutionKind",
    },
}

# --- What is derived from the records ---------------------------------------------------
# It follows each change of a record, in the same transaction. Where a program makes many changes
# and asks nothing meanwhile, some may be paused, by the beginnings of their names ("search");
# `manage.py rebuild` then ends the work.
DERIVATIONS_PAUSED: list[str] = []

# --- History and logs -------------------------------------------------------------------
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
LOG_REQUESTS = env("LOG_REQUESTS")
LOG_FORMAT = env("LOG_FORMAT")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "lrscc.running.logs.Line",
            "format": "{asctime} {levelname} {name}: {message}{of_request}",
            "style": "{",
        },
        "json": {"()": "lrscc.running.logs.Json"},
    },
    "filters": {
        "in_request": {"()": "lrscc.running.logs.InRequest"},
        "refused": {"()": "lrscc.running.logs.RefusedWithoutTraceback"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["in_request", "refused"],
        },
    },
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL")},
    "loggers": {
        "lrscc.accounts": {"level": "INFO"},  # what happens to accounts is always logged
        "lrscc.events": {"level": "INFO"},  # so is what becomes public, and what is copied
        "lrscc.requests": {"level": "INFO"},  # if LOG_REQUESTS is on
        "waitress.queue": {"level": "ERROR"},  # it warns of each request that waits for a thread
    },
}

# Django's own setting for the change of default it announces; both go at Django 6.
FORMS_URLFIELD_ASSUME_HTTPS = True
