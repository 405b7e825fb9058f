"use strict";

// Another date without a new page: the same answer takes the place of what is shown.
(() => {
  const main = document.querySelector("main");
  let newest = 0;

  const load = (address) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = "document"; // so that no text of ours becomes HTML
    request.open("GET", address);
    request.onload = () => (request.response ? resolve(request.response) : reject());
    request.onerror = reject;
    request.send();
  });

  const show = (page) => {
    const focused = document.activeElement;
    const href = focused.getAttribute("href");
    const status = main.querySelector("[role=status]"); // stays, or nothing is announced
    document.title = page.title;
    main.replaceChildren(...page.querySelector("main").childNodes);
    const fresh = main.querySelector("[role=status]");
    status.replaceChildren(...fresh.childNodes);
    fresh.replaceWith(status);
    const again = main.contains(focused) ? focused
      : [...main.querySelectorAll("a, button, input, select")].find((one) => href
        ? one.getAttribute("href") === href
        : one.type === focused.type && one.id === focused.id);
    again?.focus({ preventScroll: true });
  };

  const go = async (address, remember) => {
    const mine = ++newest;
    try {
      const page = await load(address);
      if (mine !== newest) return;
      if (remember) history.pushState(null, "", address);
      const moves = matchMedia("(prefers-reduced-motion: no-preference)").matches;
      if (moves && document.startViewTransition) document.startViewTransition(() => show(page));
      else show(page);
    } catch {
      location.assign(address);
    }
  };

  main.addEventListener("click", (event) => {
    const link = event.target.closest(".change-years ol a");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(link.href.split("#")[0], true);
  });
  main.addEventListener("submit", (event) => {
    event.preventDefault();
    const filters = new URLSearchParams([...new FormData(event.target)].filter(([, value]) => value));
    go(`${event.target.action}?${filters}`, true);
  });
  addEventListener("popstate", () => { if (!location.hash) go(location.href, false); });
})();
