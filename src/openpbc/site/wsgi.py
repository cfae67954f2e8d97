"""The WSGI application, served by ``openpbc serve``."""

import os

from django.core.wsgi import get_wsgi_application

from openpbc.site.collecting import collect_less

collect_less()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpbc.site.settings")
application = get_wsgi_application()
