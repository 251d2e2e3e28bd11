"""Settings for the tests: the same file over a throw-away environment, fast by construction."""

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="facet-test-"))
# neither the developer's own .env nor their shell may reach the tests
for _name in [name for name in os.environ if name.startswith("FACET_") or name == "DATABASE_URL"]:
    if not _name.startswith(("FACET_TEST_", "FACET_SHARED")):
        del os.environ[_name]
os.environ["FACET_ENV_FILE"] = os.devnull
os.environ["FACET_SECRET_KEY"] = "tests-only-" + "x" * 50
os.environ["FACET_VAR_DIR"] = str(_HOME)

# the same tests over the servers of a larger installation: tests/services/test_nothing_left.py
for _name in ("DATABASE_URL", "FACET_CACHE_URL", "FACET_BROKER_URL"):
    if _url := os.environ.get(f"FACET_TEST_ON_{_name}"):
        os.environ[_name] = _url

from facet.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT = _HOME / "static"
STATIC_ROOT.mkdir()
MEDIA_ROOT = _HOME / "media"
BROKER_URL = os.environ.get("FACET_BROKER_URL", "memory://")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if "FACET_TEST_ON_DATABASE_URL" in os.environ:
    # the table of knox's own tokens, which ours replace, refers to people; PostgreSQL then cannot empty theirs
    MIGRATION_MODULES = {"knox": None}
