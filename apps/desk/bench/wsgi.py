"""What the measured server loads: the production program, plus the empty page and the count."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

settings.ROOT_URLCONF = "apps.desk.bench.urls"
settings.MIDDLEWARE = ["apps.desk.bench.views.count_queries", *settings.MIDDLEWARE]

application = get_wsgi_application()
