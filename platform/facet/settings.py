"""One settings file, driven by the environment; `.env.example` explains every variable."""

from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from facet import env, logs
from facet.answer_headers import HEADERS

BASE_DIR = env.BASE_DIR
VAR_DIR = env.folder("FACET_VAR_DIR", BASE_DIR / "var")

SECRET_KEY = env.text("FACET_SECRET_KEY")
SECRET_KEY_FALLBACKS = env.words("FACET_SECRET_KEY_FALLBACKS", [])  # keys of before, which still count
DEBUG = env.flag("FACET_DEBUG", default=False)
ALLOWED_HOSTS = env.words("FACET_ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("FACET_TRUSTED_ORIGINS", [])
HTTPS = env.flag("FACET_HTTPS", default=False)

INSTALLED_APPS = [
    "facet.apps.FacetConfig",
    "accounts",
    "analysis",
    "suggestions",
    "facet.apps.FacetAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",  # always: what an account once connected is erased with it, whatever is set now
    "allauth.usersessions",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "rest_framework",
    "simple_history",
]

MIDDLEWARE = [
    "facet.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "facet.middleware.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.SeenMiddleware",
    "accounts.middleware.RateLimitMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "facet.urls"
WSGI_APPLICATION = "facet.wsgi.application"
ASGI_APPLICATION = "facet.asgi.application"

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
                "facet.context.mail",
            ],
        },
    },
]

# --- database ---------------------------------------------------------------------------------------------------------

# IMMEDIATE: a transaction that starts reading and then writes would fail at once with "database is locked" instead of
# waiting. synchronous=FULL: a job that was accepted must survive a power cut. secure_delete: what was erased is
# overwritten in the file too.
SQLITE_OPTIONS: dict[str, Any] = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;"
        "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-20000;"
    ),
}
# TCP alone waits many minutes for an answer to what was sent, and for ever when nothing was. A worker host that is cut
# off must notice within seconds; so must the server, where its open transaction locks rows that nobody else can claim.
# Nor may a worker that froze hold its row for longer than its lease.
# `?options=...` in DATABASE_URL replaces the server's part, for poolers that refuse it.
ANALYSIS_LEASE_S = env.integer("FACET_ANALYSIS_LEASE_S", 30, least=1)  # renewed while a photo is being read
POSTGRES_OPTIONS: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
    "options": "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=3 -c tcp_keepalives_count=3"
    f" -c tcp_user_timeout=15000 -c idle_in_transaction_session_timeout={ANALYSIS_LEASE_S}s"
    " -c jit=off",  # compiling a query costs more than our queries do: none of them is to read much
}
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.env.db_url("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'facet.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"]["OPTIONS"] = POSTGRES_OPTIONS | DATABASES["default"].get("OPTIONS", {})
DATABASES["default"]["CONN_MAX_AGE"] = 60
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHE_URL = env.text("FACET_CACHE_URL", "")
CACHES: dict[str, dict[str, Any]] = {
    "default": env.env.cache_url_config(CACHE_URL)
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # the embedded web server is one process
}
if CACHES["default"]["BACKEND"] == "django.core.cache.backends.redis.RedisCache":
    CACHES["default"]["BACKEND"] = "facet.cache.SpareRedisCache"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"

# --- people -----------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.OneCheckBackend",  # first: it lets no other look at a password
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Facet: "
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # before addresses and second factors change
ACCOUNT_EMAIL_NOTIFICATIONS = True  # of such changes, to the person
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key"}  # the others are allauth's own

MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Facet"
# Against somebody who signs up with another's address and locks it with a second factor; but an address is proven
# before the first sign-in wherever there is mail to prove it, and the bar would keep people from changing theirs.
MFA_ALLOW_UNVERIFIED_EMAIL = True

OIDC_ISSUER = env.text("FACET_OIDC_ISSUER", "")  # empty: nobody signs in through an identity provider
OIDC_CLIENT_ID = env.text("FACET_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = env.text("FACET_OIDC_CLIENT_SECRET", "")
OIDC_NAME = env.text("FACET_OIDC_NAME", "single sign-on")
OIDC = bool(OIDC_ISSUER and OIDC_CLIENT_ID and OIDC_CLIENT_SECRET)
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
SOCIALACCOUNT_STORE_TOKENS = False
if OIDC:
    INSTALLED_APPS.append("allauth.socialaccount.providers.openid_connect")
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "single-sign-on",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": OIDC_CLIENT_SECRET,
                "settings": {"server_url": OIDC_ISSUER},
            }
        ],
    }

EMAIL_URL = env.text("FACET_EMAIL_URL", "consolemail://")
vars().update(env.env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env.text("FACET_EMAIL_FROM", "Facet <facet@localhost>")
# Mail that only goes to the terminal must not lock anybody out; with a real mail server the address is proven first.
ACCOUNT_EMAIL_VERIFICATION = "optional" if EMAIL_URL.startswith("consolemail") else "mandatory"

# --- photos and the engine --------------------------------------------------------------------------------------------

MEDIA_ROOT = env.folder("FACET_MEDIA_DIR", VAR_DIR / "media")
S3_BUCKET = env.text("FACET_S3_BUCKET", "")  # empty: photos are files in MEDIA_ROOT
S3_ENDPOINT_URL = env.text("FACET_S3_ENDPOINT_URL", "")
S3_ACCESS_KEY = env.text("FACET_S3_ACCESS_KEY", "")
S3_SECRET_KEY = env.text("FACET_S3_SECRET_KEY", "")
if S3_BUCKET and not find_spec("storages"):  # models need the storage, so a system check would come too late
    raise ImproperlyConfigured(
        "FACET_S3_BUCKET is set, but what speaks to S3 is not installed. Install requirements/scale.txt."
    )
PHOTO_MAX_MEGABYTES = env.integer("FACET_PHOTO_MAX_MEGABYTES", 25, least=1)
PHOTO_MAX_MEGAPIXELS = env.integer("FACET_PHOTO_MAX_MEGAPIXELS", 50, least=1)
UPLOAD_MAX_FILES = env.integer("FACET_UPLOAD_MAX_FILES", 50, least=1)
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_MAX_FILES
FILE_UPLOAD_HANDLERS = [
    "facet.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = env.env.str("FACET_UPLOAD_TEMP_DIR", None)

# --- background work --------------------------------------------------------------------------------------------------

BROKER_URL = env.text("FACET_BROKER_URL", "filesystem://")
BROKER_DIR = VAR_DIR / "broker"
ANALYSIS_MAX_ATTEMPTS = env.integer("FACET_ANALYSIS_MAX_ATTEMPTS", 3, least=1)
ANALYSIS_SOFT_LIMIT_S = env.integer("FACET_ANALYSIS_SOFT_LIMIT_S", 45, least=1)
ANALYSIS_HARD_LIMIT_S = env.integer("FACET_ANALYSIS_HARD_LIMIT_S", 60, least=2)
SWEEP_EVERY_S = env.integer("FACET_SWEEP_EVERY_S", 10, least=1)
QUEUE_MAX = env.integer("FACET_QUEUE_MAX", 20_000, least=1)
PHOTOS_PER_DAY = env.integer("FACET_PHOTOS_PER_DAY", 10_000, least=0)  # of one person; 0: as many as they like
if ANALYSIS_HARD_LIMIT_S <= ANALYSIS_SOFT_LIMIT_S:
    raise ImproperlyConfigured("FACET_ANALYSIS_HARD_LIMIT_S must be greater than FACET_ANALYSIS_SOFT_LIMIT_S.")

WORKPLACE = env.flag("FACET_WORKPLACE", default=False)  # at work and in education: no expressions, whoever agrees
KEEP = env.choice("FACET_KEEP", "photo", ("photo", "faces", "results"))  # of a photo once it was read, at the most
KEEP_DAYS = env.integer("FACET_KEEP_DAYS", 0)  # after which everything of a photo goes; 0: no bound
BACKUP_DAYS = env.integer("FACET_BACKUP_DAYS", 0)  # for how long backups are kept, for receipts; 0: not told
ACCESS_LOG_DAYS = env.integer("FACET_ACCESS_LOG_DAYS", 365, least=1)  # for which people see who looked at their data

# Set where nginx hands out the files by X-Accel-Redirect; empty: the web server sends them itself.
MEDIA_ACCEL_PREFIX = env.text("FACET_MEDIA_ACCEL_PREFIX", "")

# --- API --------------------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["accounts.api.permissions.Scoped"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "facet.schema.FacetSchema",
    "EXCEPTION_HANDLER": "facet.problems.exception_handler",
    "DEFAULT_VERSIONING_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": ["accounts.api.limits.Limits"],
}
API_RATES = {
    "default": env.rate("FACET_API_RATE", "600/min"),  # of one person
    "upload": env.rate("FACET_API_UPLOAD_RATE", "240/min"),
    "try": env.rate("FACET_API_TRY_RATE", "30/min"),  # read while the request waits
    "anonymous": env.rate("FACET_API_ANONYMOUS_RATE", "120/min"),  # of one address
}
TRY = env.flag("FACET_TRY", default=True)  # read a photo in the web process without keeping it
WEB_WAITERS = env.integer("FACET_WEB_WAITERS", 4)  # threads of one web process that may wait for results, of its 8
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105
REST_KNOX = {"TOKEN_TTL": None, "TOKEN_LIMIT_PER_USER": 20, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "Facet API",
    "VERSION": "1",
    "DESCRIPTION": "Upload photos and read the age, gender and expression shown that Facet estimates for every face.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "APPEND_COMPONENTS": {"headers": HEADERS},
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "facet.schema.describe_parts",
        "facet.schema.link_operations",
    ],
    "ENUM_NAME_OVERRIDES": {
        "GenderEnum": "analysis.models.face.GENDERS",
        "EmotionEnum": "analysis.models.face.EMOTION_CHOICES",
        "KeepEnum": "analysis.models.keeping.Keep",
        "VerdictEnum": "analysis.models.face.Verdict",
    },
}

# --- webhooks ---------------------------------------------------------------------------------------------------------

WEBHOOKS_PRIVATE = env.flag("FACET_WEBHOOKS_PRIVATE", default=False)  # also http, private addresses and any port

# --- web --------------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = env.folder("FACET_STATIC_DIR", BASE_DIR / "var" / "static")  # made from the code
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "facet.file_storage.DurableFileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if S3_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "facet.object_storage.PrivateBucket",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": S3_ENDPOINT_URL or None,
            "region_name": env.text("FACET_S3_REGION", "") or None,
            "access_key": S3_ACCESS_KEY or None,
            "secret_key": S3_SECRET_KEY or None,
        },
    }
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "png", "gif", "webp", "gz", "br", "woff2", "map")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}
if OIDC:  # browsers hold the redirect that answers a form to this too
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append("{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER)))
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.flag("FACET_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # or everybody would have the proxy's address, and share its throttle

LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "facet.formats"
TIME_ZONE = env.text("FACET_TIME_ZONE", "UTC")
USE_TZ = True

# --- operating it -----------------------------------------------------------------------------------------------------

LOG_LEVEL = env.text("FACET_LOG_LEVEL", "INFO")
LOG_STYLE = env.text("FACET_LOG", "lines")
if LOG_STYLE not in logs.STYLES:
    raise ImproperlyConfigured(f"FACET_LOG must be one of {', '.join(logs.STYLES)}, not {LOG_STYLE!r}.")
LOGGING = logs.configuration(style=LOG_STYLE, level=LOG_LEVEL)
METRICS_TOKEN = env.text("FACET_METRICS_TOKEN", "")  # empty: there is no /metrics
METRICS_DIR = VAR_DIR / "metrics"
SILENCED_SYSTEM_CHECKS: list[str] = []
