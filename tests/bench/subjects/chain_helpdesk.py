"""django-helpdesk on a mailbox: ``chain_helpdesk FOLDER URL PORT USER PASSWORD EXPECTED``; figures on the last line.

It takes letters in as its own command does, one at a time, and writes its receipts, which nobody sends: that is in its
favour. Where it stops at a letter, so do the figures, which count what became a ticket or a follow-up.
"""

import importlib
import json
import sys
import time
import types
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench.memory import most_resident_mb

_APPS = ("admin", "auth", "contenttypes", "sessions", "sites", "messages", "staticfiles", "humanize")
_URLS = "bench_urls"


def main() -> None:
    """A project made here, its tables, one queue; then the mailbox."""
    folder, url, port, user, password, expected = sys.argv[1:]
    _configure(Path(folder), url)
    call = importlib.import_module("django.core.management").call_command
    call("migrate", verbosity=0)
    call("loaddata", "emailtemplate.json", verbosity=0)
    models = importlib.import_module("helpdesk.models")
    models.Queue.objects.create(**_queue(int(port), user, password))
    began, cpu = time.monotonic(), time.process_time()
    call("get_email", quiet=True)
    wall, cpu = time.monotonic() - began, time.process_time() - cpu
    # A ticket's first letter is a follow-up, too.
    letters = models.FollowUp.objects.count()
    assert letters > int(expected) / 2, f"{letters} of {expected} letters were taken in"
    mb = most_resident_mb()
    sys.stdout.write(json.dumps({"rate": letters / wall, "cpu_ms": 1000 * cpu / letters, "mb": mb}) + "\n")


def _configure(folder: Path, url: str) -> None:
    settings: Any = importlib.import_module("django.conf").settings
    settings.configure(
        SECRET_KEY="bench",
        INSTALLED_APPS=[*(f"django.contrib.{name}" for name in _APPS), "rest_framework", "helpdesk"],
        DATABASES={"default": _database(url)},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        ROOT_URLCONF=_URLS,
        SITE_ID=1,
        USE_TZ=True,
        TIME_ZONE="Europe/Stockholm",
        MEDIA_ROOT=str(folder / "media"),
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        # Lyhörd keeps every letter as it came and every file, so it must, too.
        HELPDESK_ALWAYS_SAVE_INCOMING_EMAIL_MESSAGE=True,
        HELPDESK_VALID_EXTENSIONS=[".txt", ".eml", ".pdf", ".jpg", ".jpeg", ".png", ".html"],
        HELPDESK_TEAMS_MODE_ENABLED=False,
        LOGGING_CONFIG=None,
    )
    importlib.import_module("django").setup()
    urls: Any = importlib.import_module("django.urls")
    routes: Any = types.ModuleType(_URLS)
    routes.urlpatterns = [urls.path("", urls.include("helpdesk.urls"))]
    sys.modules[_URLS] = routes


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path}
    found: dict[str, object] = {"ENGINE": "django.db.backends.postgresql", "NAME": parts.path.strip("/")}
    return found | {"USER": parts.username, "HOST": parts.hostname, "PORT": parts.port}


def _queue(port: int, user: str, password: str) -> dict[str, object]:
    mailbox = {"type": "imap", "host": "127.0.0.1", "port": port, "ssl": False, "user": user, "pass": password}
    found: dict[str, object] = {f"email_box_{name}": value for name, value in mailbox.items()}
    found |= {"email_box_imap_folder": "INBOX", "email_box_interval": 0, "logging_type": "none"}
    found |= {"email_box_last_check": datetime.now(UTC) - timedelta(hours=1), "locale": "en"}
    found |= {"title": "Synpunkter", "slug": "syn", "email_address": "synpunkter@alvsby.example"}
    return found | {"allow_public_submission": True, "allow_email_submission": True}


if __name__ == "__main__":
    main()
