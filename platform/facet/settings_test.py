"""Settings for the tests: the same file over a throw-away environment, fast by construction."""

import os
import tempfile
from pathlib import Path

_HOME = Path(tempfile.mkdtemp(prefix="facet-test-"))
os.environ["FACET_SECRET_KEY"] = "tests-only-" + "x" * 50
os.environ["FACET_VAR_DIR"] = str(_HOME)
for _name in ("DATABASE_URL", "FACET_BROKER_URL", "FACET_CACHE_URL", "FACET_EMAIL_URL", "FACET_HTTPS", "FACET_DEBUG"):
    # set, so that a developer's own .env cannot reach the tests; empty means the default
    os.environ.pop(_name, None)
if _url := os.environ.get("FACET_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = _url

from facet.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT = _HOME / "static"
STATIC_ROOT.mkdir()
MEDIA_ROOT = _HOME / "media"
BROKER_URL = "memory://"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
