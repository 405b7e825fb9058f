"""The release that runs, and what its pages show of its settings."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

_FOLDERS = ("lrscc", "cities", "exchanges", "resolutions", "templates")
_SHOWN = (
    "ADMIN_PATH",
    "LANGUAGE_CODE",
    "LOG_REQUESTS",
    "SECURE_REFERRER_POLICY",
    "STATIC_URL",
    "TIME_ZONE",
)
"""Settings that pages or their headers show."""


@cache
def release() -> str:
    """Return a hash of the code, the templates, the lock file and the settings that show.

    Every process of one release has the same. It is read once, as a process starts.
    """
    seen = hashlib.sha256()
    root = Path(settings.BASE_DIR)
    files = [path for folder in _FOLDERS for path in (root / folder).rglob("*") if path.is_file()]
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    for path in sorted([*files, root / "uv.lock", manifest]):
        if path.suffix in (".py", ".html", ".css", ".js", ".svg", ".mo", ".json", ".lock"):
            seen.update(path.name.encode())
            seen.update(path.read_bytes() if path.exists() else b"")
    for name in _SHOWN:
        seen.update(f"{name}={getattr(settings, name)}\n".encode())
    return seen.hexdigest()
