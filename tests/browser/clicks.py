"""Counts the clicks and the page loads of a task that somebody walks at the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
"""A phone that is touched, as the browser makes one."""

LETTERS_TO_CHOOSE = 3
"""Letters that somebody types in a menu until what they mean is chosen."""


@dataclass
class Clicks:
    """What a task has cost so far. A key that presses a button counts as a click."""

    tab: Page
    clicks: int = 0
    loads: int = 0
    fields: int = 0
    letters: int = 0
    by_touch: bool = False

    @property
    def seconds(self) -> float:
        """How long a practiced hand takes, by the keystroke-level model, without the server."""
        return 1.3 * self.clicks + 1.35 * self.fields + 0.25 * self.letters

    def click(self, target: Locator) -> None:
        self.clicks += 1
        if self.by_touch:
            target.tap()
        else:
            target.click()

    def press(self, keys: str) -> None:
        """Press keys that choose something or press a button."""
        self.clicks += 1
        self.tab.keyboard.press(keys)

    def fill(self, **fields: str) -> None:
        """Type into fields by their ids, and choose from menus by their labels: no clicks."""
        for name, value in fields.items():
            field = self.tab.locator(f"#id_{name.replace('__', '-')}")
            self.fields += 1
            if field.evaluate("part => part.localName") == "select":
                field.select_option(label=value)
                self.letters += LETTERS_TO_CHOOSE
            else:
                field.fill(value)
                self.letters += len(value)

    def paste(self, **fields: str) -> None:
        """Paste into fields by their ids: the keys for it count as a click."""
        for name, value in fields.items():
            self.clicks += 1
            self.fields += 1
            self.tab.locator(f"#id_{name.replace('__', '-')}").fill(value)


@contextmanager
def counted(tab: Page) -> Iterator[Clicks]:
    """Count what happens in a tab from here on; the page that is open now is no load."""
    found = Clicks(tab, by_touch=tab.evaluate("navigator.maxTouchPoints > 0"))

    def note(frame: object) -> None:
        found.loads += frame == tab.main_frame

    tab.on("framenavigated", note)
    yield found
    tab.remove_listener("framenavigated", note)
