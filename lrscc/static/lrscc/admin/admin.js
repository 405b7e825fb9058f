// Names for what stock Django's admin leaves nameless to screen readers, and the keys of the box
// that jumps anywhere.
"use strict";
{
  const nameThem = () => {
    document.querySelectorAll(".select2-selection:not([aria-label])").forEach((box) => {
      const select = box.closest(".select2-container")?.previousElementSibling;
      const label = select && document.querySelector(`label[for="${select.id}"]`);
      const name = label ? label.textContent.replace(/:\s*$/, "").trim() : select?.getAttribute("aria-label");
      if (!name) return;
      box.setAttribute("aria-label", name);
      box.querySelectorAll("[role=textbox], .select2-search__field").forEach((part) => part.setAttribute("aria-label", name));
      box.querySelectorAll("ul").forEach((list) => list.setAttribute("role", "presentation"));
    });
    document.querySelector("#searchbar")?.setAttribute("aria-label", document.querySelector("#changelist-search [type=submit]")?.value ?? "Search");
    document.querySelectorAll(".help-tooltip[aria-label]:not([role]), .search-label-icon[aria-label]:not([role])")
      .forEach((icon) => icon.setAttribute("role", "img"));
  };
  window.addEventListener("load", () => setTimeout(nameThem, 50));
  document.addEventListener("formset:added", () => setTimeout(nameThem, 50));
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const box = document.querySelector("#jump-to");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}
