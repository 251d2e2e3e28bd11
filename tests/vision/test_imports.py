"""What a serving process loads."""

import os
import subprocess
import sys

READ_ONE = """
import sys
from vision import Reader
Reader.load()
import numpy as np
loaded = {name.split(".")[0] for name in sys.modules}
print(sorted(loaded & {"tensorflow", "keras", "django", "celery", "matplotlib"}))
"""


def test_the_engine_loads_neither_tensorflow_nor_django() -> None:
    done = subprocess.run([sys.executable, "-c", READ_ONE], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_neither_web_server_nor_worker_loads_tensorflow() -> None:
    code = (
        "import sys, facet.wsgi, facet.celery, facet.urls, analysis.tasks\n"
        "facet.celery.app.loader.import_default_modules()\n"
        "print(sorted({n.split('.')[0] for n in sys.modules} & {'tensorflow', 'keras'}))"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "facet.settings_test"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[]"


def test_a_worker_loads_no_pages_no_api_and_no_http_client() -> None:
    """Each of its processes would keep them in memory: 30 MB that nothing there ever calls."""
    code = (
        "import sys, facet.celery\n"
        "facet.celery.app.loader.import_default_modules()\n"
        "unused = {'facet.urls', 'analysis.views', 'analysis.api', 'drf_spectacular.openapi', 'rest_framework.views',"
        " 'fido2', 'urllib3', 'cryptography', 'accounts.webhooks.delivery'}\n"
        "print(sorted(unused & set(sys.modules)), 'analysis.tasks' in sys.modules)"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "facet.settings_test"}
    environment.pop("CELERY_SKIP_CHECKS", None)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[] True"


def test_the_standard_librarys_platform_module_is_not_shadowed() -> None:
    code = "import platform; print(platform.python_version())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("3.11")
