"""The WSGI application, served by ``openpbc serve``; under any server it refuses a role that the wall does not keep."""

import os

from django.core.wsgi import get_wsgi_application

from openpbc.site.collecting import collect_less
from openpbc.site.privileges import refuse_unwalled

collect_less()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openpbc.site.settings")
application = get_wsgi_application()
refuse_unwalled()
