"""What is left, kept, announced, agreed to and looked at: the tests of all that, over PostgreSQL and Redis."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from facet.env import BASE_DIR

pytestmark = pytest.mark.services

FILES = (
    "tests/safety/test_nothing_left.py",
    "tests/safety/test_personal.py",
    "tests/accounts/test_exports.py",
    "tests/accounts/test_orphans.py",
    "tests/accounts/test_receipts.py",
    "tests/accounts/test_delete.py",
    "tests/analysis/test_keeping.py",
    "tests/analysis/renewal/test_queueing.py",
    "tests/analysis/renewal/test_together.py",
    "tests/accounts/webhooks/test_delivery.py",
    "tests/analysis/test_announcing.py",
    "tests/analysis/test_disk.py",
    "tests/accounts/test_consent.py",
    "tests/analysis/test_withdrawal.py",
    "tests/safety/test_consent_holds.py",
    "tests/accounts/test_access_log.py",
    "tests/api/test_review.py",
)


def test_nothing_is_found_there_either(tmp_path: Path) -> None:
    redis = urlsplit(os.environ["FACET_TEST_REDIS_URL"])
    servers = {
        "FACET_TEST_ON_DATABASE_URL": os.environ["FACET_TEST_DATABASE_URL"],
        "FACET_TEST_ON_FACET_CACHE_URL": redis._replace(path="/14").geturl(),
        "FACET_TEST_ON_FACET_BROKER_URL": redis._replace(path="/15").geturl(),
    }
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [*command, *FILES], env=environment | servers, cwd=BASE_DIR, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-6000:]
