"""What a check reads of a page that is open in a browser."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Error, Page

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

COLOR_RULES = ["color-contrast", "link-in-text-block"]
"""Rules of axe whose answer follows from the colors."""


def outcome(check: Callable[..., list[str]], *given) -> list[str]:
    """Return what the check finds; where the browser gave up, why."""
    try:
        return check(*given)
    except Error as error:
        return [str(error)]


def assert_nothing_found(found: dict[str, list[str]]) -> None:
    """Fail with one line for each fault, which begins with the name of its check."""
    faults = [f"{check}: {fault}" for check, faults in found.items() for fault in faults]
    assert not faults, "\n".join(faults)


def reset(tab: Page) -> None:
    """Give the open page a wide light window, no style of the reader, and the keyboard at its top.

    Else Tab begins where it was before, and leaves the page for the browser after the last stop:
    nobody can say when it comes back from there.
    """
    tab.mouse.move(0, 0)
    tab.set_viewport_size(WIDE)
    tab.emulate_media(
        media="null", color_scheme="null", reduced_motion="null", forced_colors="null"
    )
    tab.evaluate(
        """() => {
            document.adoptedStyleSheets = [];
            const top = document.createElement("span");
            top.tabIndex = -1;
            document.body.prepend(top);
            top.focus();
            top.remove();
            window.scrollTo(0, 0);
        }"""
    )


def _axe(tab: Page, rules: list[str] | None) -> list[str]:
    """Run axe, which the page has loaded, by all our standards or only by these rules."""
    wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": STANDARDS}
    violations = tab.evaluate(
        "async (options) => (await axe.run(options)).violations",
        {"runOnly": wanted, "resultTypes": ["violations"]},
    )
    return [
        f"{rule['id']} at {node['target']}: {node['failureSummary']}"
        for rule in violations
        for node in rule["nodes"]
    ]


def axe_faults(tab: Page) -> list[str]:
    """Find what axe does at both widths, light and dark; in the dark only by rules of color.

    Axe requests style sheets again, and the browser may complain about it: not the page's fault.
    """
    tab.evaluate(AXE_SCRIPT)
    found = []
    for window in (WIDE, NARROW):
        tab.set_viewport_size(window)
        for colors, rules in (("light", None), ("dark", COLOR_RULES)):
            tab.emulate_media(color_scheme=colors, reduced_motion="reduce")
            found += [f"{window['width']} px, {colors}: {fault}" for fault in _axe(tab, rules)]
    return found


@contextmanager
def complaints(context: BrowserContext, home: str) -> Iterator[list[str]]:
    """Collect what the browser complains of meanwhile, and each request that leaves the site.

    That a missing page answers 404 is its purpose, and no complaint.
    """
    heard: list[str] = []

    def hear(message) -> None:
        address = message.page.url.partition("#")[0]
        if message.type in ("error", "warning") and message.location["url"] != address:
            heard.append(f"{address} {message.type}: {message.text}")

    def see(request) -> None:
        if not request.url.startswith(home + "/"):
            heard.append(f"It asked {request.url}")

    listeners = {
        "console": hear,
        "request": see,
        "requestfailed": lambda request: heard.append(f"It could not get {request.url}"),
        "weberror": lambda error: heard.append(str(error.error)),
    }
    for event, listener in listeners.items():
        context.on(event, listener)
    yield heard
    for event, listener in listeners.items():
        context.remove_listener(event, listener)


def _style(tab: Page, css: str) -> None:
    """Let the reader's own style sheet change the page: our policy does not bind readers."""
    tab.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
        }""",
        css,
    )


def _cut_off(tab: Page) -> list[str]:
    """Find what sticks out of the window sideways, and text that its box cuts off."""
    return tab.evaluate(
        """() => {
            const name = (part) => part.outerHTML.slice(0, 160);
            const hidden = (part) => !part.checkVisibility() || part.closest(".visually-hidden");
            const wide = document.documentElement.clientWidth + 1;
            const inBox = (part) => {
                const box = part.parentElement;
                if (box === document.documentElement) return false;
                return ["auto", "scroll"].includes(getComputedStyle(box).overflowX) || inBox(box);
            };
            const found = [];
            for (const part of document.body.querySelectorAll("*")) {
                if (hidden(part) || part.ownerSVGElement) continue;  // a drawing has an edge
                const look = getComputedStyle(part);
                const right = part.getBoundingClientRect().right;
                if (right > wide && !inBox(part)) found.push(`sticks out: ${name(part)}`);
                const cuts = (overflow) => ["hidden", "clip"].includes(overflow);
                if (cuts(look.overflowX) && part.scrollWidth > part.clientWidth + 1
                    || cuts(look.overflowY) && part.scrollHeight > part.clientHeight + 1) {
                    if (part.innerText?.trim()) found.push(`is cut off: ${name(part)}`);
                }
            }
            return found;
        }"""
    )


def width_of(tab: Page) -> int:
    """Return how wide the page is, what lies beyond the window included."""
    return tab.evaluate("document.documentElement.scrollWidth")


_SPACED = """
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
        word-spacing: 0.16em !important }
    p { margin-block-end: 2em !important }
"""
"""The spacing of text that WCAG 1.4.12 names."""

_TWICE = "html { font-size: 212.5% !important }"
"""Text twice as large as ours (WCAG 1.4.4)."""

_HALF_AGAIN = "html { font-size: 159.5% !important }"
"""Text half as large again, as many people set their telephone."""

_WINDOWS = {
    "narrow": (320, ""),
    "narrow, large": (320, _HALF_AGAIN),
    "narrow, spaced": (320, _SPACED),
    "large": (640, _TWICE),
    "wide, spaced": (1280, _SPACED),
}
"""Each with its width and the reader's own style."""


def window_faults(tab: Page) -> list[str]:
    """Find what does not fit: in a narrow window, with wide spacing, with large text."""
    found = []
    for name, (width, css) in _WINDOWS.items():
        tab.set_viewport_size({"width": width, "height": 640})
        _style(tab, css)
        found += [f"{name}: {fault}" for fault in _cut_off(tab)]
        if (is_wide := width_of(tab)) > width:
            found.append(f"{name}: the page is {is_wide} px wide")
    return found


def motion_faults(tab: Page) -> list[str]:
    """Find what moves although the reader wants no motion."""
    tab.emulate_media(reduced_motion="reduce")
    return tab.evaluate(
        """() => [...document.querySelectorAll("*")].filter((part) => {
            const look = getComputedStyle(part);
            const seconds = `${look.transitionDuration},${look.animationDuration}`;
            return seconds.split(",").some((time) => parseFloat(time) > 0)
                || look.scrollBehavior === "smooth";
        }).map((part) => part.outerHTML.slice(0, 160))"""
    )
