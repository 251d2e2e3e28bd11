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


def test_the_standard_librarys_platform_module_is_not_shadowed() -> None:
    code = "import platform; print(platform.python_version())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("3.11")
