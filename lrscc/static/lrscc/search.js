// Suggests records by name as somebody types: a combobox with a list, after the ARIA Authoring
// Practices. Without this script the field is a plain search.
"use strict";
{
  const box = document.querySelector(".search-box");
  const field = box.querySelector("input");
  const list = box.querySelector("[role=listbox]");
  const status = box.querySelector("[role=status]");
  let chosen = -1;
  let timer;
  let request;

  const options = () => [...list.children];

  const choose = (at) => {
    const all = options();
    chosen = all.length ? (at + all.length) % all.length : -1;
    all.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
    if (chosen < 0) {
      field.removeAttribute("aria-activedescendant");
    } else {
      field.setAttribute("aria-activedescendant", all[chosen].id);
      all[chosen].scrollIntoView({ block: "nearest" });
    }
  };

  const close = () => {
    clearTimeout(timer);
    request?.abort();
    list.hidden = true;
    list.replaceChildren();
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };

  const show = (suggestions) => {
    chosen = -1;
    field.removeAttribute("aria-activedescendant");
    list.replaceChildren(...suggestions.map(({ title, kind, standing, url }, number) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = url;
      const name = document.createElement("span");
      name.textContent = title;
      const what = document.createElement("small");
      what.textContent = standing || kind;
      option.append(name, " ", what);
      return option;
    }));
    list.hidden = suggestions.length === 0;
    field.setAttribute("aria-expanded", String(!list.hidden));
    const words = suggestions.length === 1 ? status.dataset.one : status.dataset.many;
    status.textContent = suggestions.length ? words.replace("{count}", suggestions.length) : "";
  };

  const suggest = async () => {
    const beginning = field.value.trim();
    if (!beginning) return close();
    request?.abort();
    request = new AbortController();
    try {
      const address = `${box.dataset.suggest}?q=${encodeURIComponent(beginning.slice(0, 100))}`;
      const answer = await fetch(address, { signal: request.signal });
      if (answer.ok) show((await answer.json()).suggestions);
    } catch {
      // Nothing is suggested then; the search itself works as before.
    }
  };

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-controls", list.id);

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(suggest, 150);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault(); // closes the list; pressed again, the browser empties the field
      close();
    } else if (event.key === "ArrowDown" && list.hidden) {
      event.preventDefault();
      suggest();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      choose(chosen + 1);
    } else if (event.key === "ArrowUp" && !list.hidden) {
      event.preventDefault();
      choose(chosen < 0 ? -1 : chosen - 1);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(options()[chosen].dataset.url);
    }
  });
  field.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) location.assign(option.dataset.url);
  });
}
