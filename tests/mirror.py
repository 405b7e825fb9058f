"""The client that docs/api.md prints."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "api.md"


def printed_client() -> Callable[..., None]:
    """Return the function `follow` of the Python in docs/api.md, as a reader would copy it."""
    [code] = re.findall(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert code.count("\n") <= 60
    found: dict[str, Any] = {}
    exec(code, found)
    return found["follow"]
