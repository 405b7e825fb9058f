"""Links to other sites."""

from urllib.parse import urlsplit


def is_plain_link(address: str) -> bool:
    """Return whether a link leads to a web page and names no user.

    `https://lansingmi.gov@example.org/` looks like a link to the one, and leads to the other.
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "@" not in parts.netloc
