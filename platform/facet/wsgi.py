"""The WSGI entry point: `gunicorn facet.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facet.settings")
application = get_wsgi_application()
