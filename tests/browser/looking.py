"""What a check reads of a page that is open in a browser."""

from collections.abc import Iterator
from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 320, "height": 640}
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


COLORS = ["color-contrast", "link-in-text-block"]
"""Rules whose answer follows from the colors."""


def faults(tab: Page, rules: list[str] | None = None) -> dict[str, list[str]]:
    """What axe finds on the page as it is shown now, by all rules or by these: places by rule."""
    wanted = {"type": "tag", "values": STANDARDS}
    if rules:
        wanted = {"type": "rule", "values": rules}
    only = {"runOnly": wanted, "resultTypes": ["violations"]}
    found = Axe().run(tab, options=only).response["violations"]
    return {
        rule["id"]: [f"{node['target']}: {node['failureSummary']}" for node in rule["nodes"]]
        for rule in found
    }


@contextmanager
def complaints(context: BrowserContext, home: str) -> Iterator[list[str]]:
    """What the browser complains of meanwhile, and each request that leaves the site.

    That a page which is not there answers 404 is its purpose, and no complaint.
    """
    heard: list[str] = []

    def hear(message) -> None:
        if message.type in ("error", "warning") and message.location["url"] != message.page.url:
            heard.append(f"{message.page.url} {message.type}: {message.text}")

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


def style(tab: Page, css: str) -> None:
    """Let the reader's own style sheet change the page: our policy does not bind readers."""
    tab.evaluate(
        """css => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet];
        }""",
        css,
    )


def cut_off(tab: Page) -> list[str]:
    """What sticks out of the window sideways, and text that its box cuts off."""
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


RING = """
    const hasRing = (part) => [part, ...(part.ownerSVGElement ? part.querySelectorAll("*") : [])]
        .some((one) => {
            const look = getComputedStyle(one);
            return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
        });
"""
"""In a drawing the ring may be around what a link draws."""

STOPS = """
    const stops = () => [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]"
    )].filter((part) => !part.disabled && part.tabIndex >= 0
        && part.checkVisibility({visibilityProperty: true})
        && !(part.type === "radio" && !part.checked
             && document.querySelector(`input[name="${part.name}"]:checked`)));
"""


def stops(tab: Page) -> list[str]:
    """What a keyboard has to reach, in the order of the page; each gets a number for `here`."""
    return tab.evaluate(
        f"""() => {{
            {STOPS}
            return stops().map((part, number) => {{
                part.dataset.stop = number;
                return part.outerHTML.slice(0, 160);
            }});
        }}"""
    )


def here(tab: Page) -> dict:
    """Where the keyboard is: the number of the stop, and what is wrong with how it shows."""
    return tab.evaluate(
        "() => {"
        + RING
        + """
            const part = document.activeElement;
            if (!part || part === document.body) return {stop: null, wrong: []};
            const wrong = [];
            const box = part.getClientRects()[0] ?? part.getBoundingClientRect();
            const shown = (from, to, room) => [Math.max(from, 0), Math.min(to, room)];
            const [left, right] = shown(box.left, box.right, innerWidth);
            const [above, below] = shown(box.top, box.bottom, innerHeight);
            const top = document.elementFromPoint((left + right) / 2, (above + below) / 2);
            if (right - left < 2 || below - above < 2 || !top) wrong.push("is not in the window");
            else if (!part.contains(top) && !top.contains(part) && !part.labels?.length) {
                wrong.push(`is covered by ${top.outerHTML.slice(0, 160)}`);
            }
            if (!hasRing(part) && part.localName !== "main") wrong.push("shows no ring");
            return {stop: part.dataset.stop ?? null, name: part.outerHTML.slice(0, 160), wrong};
        }"""
    )


def without_ring(tab: Page) -> list[str]:
    """What shows no ring when a keyboard comes to it."""
    return tab.evaluate(
        f"""() => {{
            {STOPS}
            {RING}
            return stops().filter((part) => {{
                part.focus({{focusVisible: true}});
                return !hasRing(part);
            }}).map((part) => part.outerHTML.slice(0, 160));
        }}"""
    )


def walk(tab: Page) -> tuple[list[str], list[str]]:
    """Go through the page by Tab: what was not reached, and what was wrong on the way."""
    waiting = dict(enumerate(stops(tab)))
    wrong: list[str] = []
    last = -1
    for __ in range(len(waiting) + 10):
        tab.keyboard.press("Tab")
        place = here(tab)
        wrong += [f"{place['name']} {fault}" for fault in place["wrong"]]
        if place["stop"] is None:
            continue  # a box that scrolls, or the window itself
        number = int(place["stop"])
        if waiting.pop(number, None) is None and not waiting:
            break  # round again
        if 0 < number < last:  # after the last comes the first
            wrong.append(f"{place['name']} comes out of order")
        last = number
    return list(waiting.values()), wrong


def faults_in_every_light(tab: Page) -> dict[tuple[int, str], dict[str, list[str]]]:
    """What axe finds at both widths, light and dark; where only the colors change, by those."""
    found = {}
    for width in (WIDE, NARROW):
        tab.set_viewport_size(width)
        for colors, rules in (("light", None), ("dark", COLORS)):
            tab.emulate_media(color_scheme=colors, reduced_motion="reduce")
            found[width["width"], colors] = faults(tab, rules)
    return {shown: places for shown, places in found.items() if places}
