"""What a check finds out by keyboard on a page that is open in a browser."""

from playwright.sync_api import Page

_RING = """
    const hasRing = (part) => [part, ...(part.ownerSVGElement ? part.querySelectorAll("*") : [])]
        .some((one) => {
            const look = getComputedStyle(one);
            return look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
        });
"""
"""In a drawing the ring may be around what a link draws."""

_STOPS = """
    const stops = () => [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, [tabindex]"
    )].filter((part) => !part.disabled && part.tabIndex >= 0
        && part.checkVisibility({visibilityProperty: true})
        && !(part.type === "radio" && part !== (
            document.querySelector(`input[name="${part.name}"]:checked`)
            ?? document.querySelector(`input[name="${part.name}"]`))));
"""
"""Of a group of choices Tab stops at the one that is chosen, else at the first."""


def _number_stops(tab: Page) -> list[str]:
    """Find what a keyboard has to reach, in the page's order, and number it for `_here`."""
    return tab.evaluate(
        f"""() => {{
            {_STOPS}
            return stops().map((part, number) => {{
                part.dataset.stop = number;
                return part.outerHTML.slice(0, 160);
            }});
        }}"""
    )


def _here(tab: Page) -> dict:
    """Return the number of the stop where the keyboard is, and what is wrong with how it shows."""
    return tab.evaluate(
        "() => {"
        + _RING
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


def forced_color_faults(tab: Page) -> list[str]:
    """Find what has no edge in forced colors, or shows no ring when a keyboard comes to it."""
    tab.emulate_media(forced_colors="active")
    return tab.evaluate(
        f"""() => {{
            {_STOPS}
            {_RING}
            const name = (part) => part.outerHTML.slice(0, 160);
            const fields = "button, input:not([type=hidden]), select";
            const edgeless = [...document.querySelectorAll(fields)]
                .filter((part) => parseFloat(getComputedStyle(part).borderTopWidth) < 1);
            const ringless = stops().filter((part) => {{
                part.focus({{focusVisible: true}});
                return !hasRing(part);
            }});
            return [...edgeless.map((part) => `no edge: ${{name(part)}}`),
                    ...ringless.map((part) => `no ring: ${{name(part)}}`)];
        }}"""
    )


def first_stop_faults(tab: Page) -> list[str]:
    """Find out whether the first stop, on a page just opened, leads to the main text."""
    found = []
    tab.keyboard.press("Tab")
    if tab.evaluate("document.activeElement.className") != "skip":
        found.append("it is another link")
    tab.keyboard.press("Enter")
    if tab.evaluate("document.activeElement.id") != "main":
        found.append("it does not move the keyboard")
    tab.keyboard.press("Tab")
    if tab.evaluate(
        "document.querySelector('main a[href], main input') &&"
        " !document.activeElement.closest('main')"
    ):
        found.append("the next stop is not in the main text")
    return found


def walk_faults(tab: Page) -> list[str]:
    """Go through the page by Tab: find what is not reached, and what is wrong on the way."""
    waiting = dict(enumerate(_number_stops(tab)))
    found: list[str] = []
    last = -1
    for __ in range(len(waiting) + 10):
        tab.keyboard.press("Tab")
        place = _here(tab)
        found += [f"{place['name']} {fault}" for fault in place["wrong"]]
        if place["stop"] is None:
            continue  # a box that scrolls, or the window itself
        number = int(place["stop"])
        if number < last:
            found.append(f"{place['name']} comes out of order")
        last = number
        waiting.pop(number, None)
        if not waiting:
            break
    return found + [f"{part} is not reached" for part in waiting.values()]
