"""What the web server runs."""

import os

from django.core.wsgi import get_wsgi_application

from panro.site import environment

environment.run_with_runtime_rights()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "panro.site.settings")

application = get_wsgi_application()
