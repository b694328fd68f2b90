"""Django's settings. Everything a user may change comes from the environment; `docs/configuration.md` lists it."""

import secrets
from pathlib import Path

import dj_database_url

from config import environment
from rust_ai_ide.home import data_directory, private_file

BASE_DIR = Path(__file__).resolve().parent.parent
HOME = data_directory()
environment.declare(
    "RUST_AI_IDE_HOME", "~/.rust-ai-ide", "The data directory: database, clones, analysis store."
)
environment.declare(
    "RUST_AI_IDE_MODEL_KEY",
    "~/.config/rust-ai-ide/model.key",
    "The file with the key of encrypted models, outside the data directory.",
)


# Signs sessions; made once and kept in the data directory.
SECRET_KEY = private_file("secret-key", lambda: secrets.token_urlsafe(48).encode()).decode()
DEBUG = environment.flag("RUST_AI_IDE_DEBUG", False, "Show tracebacks in the browser. For developing only.")
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *environment.listed("RUST_AI_IDE_HOSTS", "Further host names that the server answers to."),
]
CSRF_TRUSTED_ORIGINS = environment.listed(
    "RUST_AI_IDE_ORIGINS",
    "Addresses, such as `https://rust.example`, under which a proxy shows the workbench.",
)
TRUSTED_HOSTS = environment.listed(
    "RUST_AI_IDE_TRUSTED_HOSTS",
    "Hosts (`name` or `name:port`) that may be cloned from although they are private addresses or speak plain HTTP.",
)
OPEN_BY_PATH = environment.flag(
    "RUST_AI_IDE_OPEN_BY_PATH",
    True,
    "Let the user open any folder of this machine. Turn it off on a shared server.",
)
UPLOAD_LIMIT_MB = environment.number(
    "RUST_AI_IDE_UPLOAD_LIMIT_MB", 200, "The largest upload, in megabytes.", least=1, most=10_000
)
STORE_LIMIT_MB = environment.number(
    "RUST_AI_IDE_STORE_LIMIT_MB",
    512,
    "How large the analysis store may grow, in megabytes.",
    least=16,
    most=100_000,
)
TRAINING_FREE_MEMORY_MB = environment.number(
    "RUST_AI_IDE_TRAINING_FREE_MEMORY_MB",
    512,
    "A training pauses where less memory is free, in megabytes.",
    least=0,
    most=1_000_000,
)
TRAINING_FREE_DISK_MB = environment.number(
    "RUST_AI_IDE_TRAINING_FREE_DISK_MB",
    1024,
    "A training pauses where less of the disk is free, in megabytes.",
    least=0,
    most=10_000_000,
)
BODY_LIMIT = 2 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = BODY_LIMIT
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_HANDLERS = ["apps.projects.uploading.CarefulUploadHandler"]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "django_htmx",
    "rest_framework",
    "apps.common",
    "apps.projects",
    "apps.reviews",
    "apps.architecture",
    "apps.models",
    "apps.training",
    "apps.assistant",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.common.middleware.ProtectBrowser",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.common.middleware.RequireSignIn",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "apps.common.middleware.ExplainErrors",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.common.context.shell",
            ],
            "builtins": ["apps.common.templatetags.shell"],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader"],
                )
            ],
        },
    }
]

_database_url = environment.address(
    "DATABASE_URL",
    "A PostgreSQL database in UTF-8 (`postgresql://user:password@host/name`). "
    "Without it, SQLite in the data directory.",
    schemes=("postgresql", "postgres"),
)
if _database_url:
    DATABASES = {"default": dj_database_url.parse(_database_url, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "workbench.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = environment.address(
    "REDIS_URL",
    "A Redis server for the task queue and for waking open pages. Without it, files in the data directory and polling.",
    schemes=("redis", "rediss"),
)
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
    }
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CELERY_BROKER_URL = "filesystem://localhost"
    CELERY_BROKER_TRANSPORT = "config.message_folder:Transport"
    _queue = HOME / "queue"
    (_queue / "control").mkdir(mode=0o700, parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_queue / "control"),
        "polling_interval": 0.1,
    }
RUNTIME_URLS = environment.listed(
    "RUNTIME_URLS",
    "Addresses of model runtimes, such as `http://10.0.0.2:8791`. Without it, `serve` starts one on this machine.",
)
ALLOW_CLOUD = environment.flag(
    "RUST_AI_IDE_ALLOW_CLOUD",
    False,
    "Let OpenAI and Anthropic answer where they are set up. Code then leaves the machine.",
)
ALLOW_DOWNLOADS = environment.flag(
    "RUST_AI_IDE_ALLOW_DOWNLOADS", False, "Let models be downloaded from Hugging Face, or from `HF_ENDPOINT`."
)
MODEL_HUB = environment.text(
    "HF_ENDPOINT", "https://huggingface.co", "The hub that models are downloaded from."
)
RUNTIME_KEY = environment.text(
    "RUNTIME_KEY", "", "The key of those runtimes. Without it, the key in the data directory."
)
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CONCURRENCY = environment.number(
    "RUST_AI_IDE_WORKERS", 2, "How many runs one worker process works on at a time.", least=1, most=64
)

SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_NAME = "rust-ai-ide-session"
SESSION_COOKIE_AGE = 90 * 24 * 3600
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "rust-ai-ide-csrf"
CSRF_FAILURE_VIEW = "apps.common.views.csrf_refused"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []

LANGUAGE_CODE = "en-gb"
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "apps.common.api.explain",
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "apps.common.logs.PrintableFormatter",
            "fmt": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "apps": {"level": "INFO"},
        "daphne": {"level": "WARNING"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
