"""Django's settings. They read the environment and start nothing: the commands start what they need."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF, UNSAFE_INLINE

from hotline.config.databases import database
from hotline.config.environment import Environment

ENVIRONMENT = Environment()
PACKAGE_DIR = Path(__file__).resolve().parent.parent

# --- the house -------------------------------------------------------------------------------------------------------
HOTLINE_DATA_DIR: Path = ENVIRONMENT.data_path
HOTLINE_MASTER_KEY: bytes = bytes.fromhex(ENVIRONMENT.secret("master_key"))
HOTLINE_CIPHER: str = ENVIRONMENT.cipher
HOTLINE_DEMO: bool = ENVIRONMENT.demo
# Engines that read appeals, in their order; none switches machine reading off.
HOTLINE_ENGINES: list[str] = [name.strip() for name in ENVIRONMENT.engines.split(",") if name.strip()]
# Tables that only ever grow: the running role may not UPDATE, DELETE or TRUNCATE them.
APPEND_ONLY_TABLES = ["ledger_event", "ledger_anchor", "ledger_anchor_head"]

# Rooms from the ground up, in the order of the floors.
ROOMS = [
    "vault",
    "ledger",
    "files",
    "organisation",
    "residents",
    "policy",
    "clocks",
    "contact",
    "workorder",
    "understanding",
    "knowledge",
    "intake",
    "dispatch",
    "handling",
    "callback",
    "insight",
    "supervision",
    "governance",
    "ui",
    "channels",
    "desk",
]

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    *(f"hotline.{room}" for room in ROOMS),
]

# --- the web ---------------------------------------------------------------------------------------------------------
SECRET_KEY = ENVIRONMENT.secret("secret_key")
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = [
    "localhost",
    "127.0.0.1",
    "[::1]",
    *(host.strip() for host in ENVIRONMENT.allowed_hosts.split(",") if host.strip()),
]
ROOT_URLCONF = "hotline.config.urls"
WSGI_APPLICATION = "hotline.config.wsgi.application"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hotline.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hotline.ui.access.SignedInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hotline.ui.refusals.RefusedMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "hotline.ui.frame.frame",
                "hotline.desk.menu.frame",
            ],
        },
    },
]

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_MAX_AGE = 600  # seconds; names carry no hash, so browsers ask again soon and mostly hear "not changed"

# --- the database ----------------------------------------------------------------------------------------------------
DATABASES = {"default": database(ENVIRONMENT)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# --- signing in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "organisation.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
LOGIN_URL = "desk:sign-in"
LOGIN_REDIRECT_URL = "desk:home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "hotline.desk.signing.locked_out"
AXES_VERBOSE = False

# --- safety of the pages ---------------------------------------------------------------------------------------------
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600  # seconds: one shift
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.https
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ENVIRONMENT.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
CSRF_FAILURE_VIEW = "hotline.ui.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # Bars and meters set one custom property (`--p`) in a style attribute; no inline style elements.
        "style-src-attr": [UNSAFE_INLINE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # bytes of form fields, files apart
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_PERMISSIONS = 0o600

# --- the log: what happened to the machine, never to a person ---------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "hotline": {"level": "INFO"},
        # axes logs user names and addresses of every attempt; its tables keep them for whoever may look.
        "axes": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
    },
}
