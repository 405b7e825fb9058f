"""The errors of the API (RFC 9457), as tests expect them."""

from http import HTTPStatus
from typing import Any


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    """An error with this sentence."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def refusal(**sentences: str) -> dict[str, Any]:
    """An error about parameters: a sentence for each."""
    errors = [{"parameter": name, "detail": said} for name, said in sentences.items()]
    return problem(400, " ".join(sentences.values()), errors=errors)


NOTHING_HERE = problem(404, "There is nothing at this address.")
