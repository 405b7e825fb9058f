// Keeps what somebody types into a form, so that nothing is lost if the form is never saved.
"use strict";
{
  const EVERY = 3000; // milliseconds
  const says = document.getElementById("unsaved"), form = says.closest("form");
  const typed = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  };
  const asText = (data) => JSON.stringify([...data].filter(([name]) => name !== "csrfmiddlewaretoken"));
  let kept = asText(typed()), isTouched = false, isSending = false;

  const show = (text) => { says.textContent = text; says.hidden = false; };
  const keep = async () => {
    const data = typed(), text = asText(data);
    if (text === kept || isSending) return;
    isSending = true;
    try {
      const answer = await fetch(says.dataset.address, { method: "POST", body: data });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      kept = text;
      show(says.dataset.kept.replace("%s", await answer.text()));
    } catch { show(says.dataset.failed); }
    isSending = false;
  };
  const keepOnLeaving = () => {
    const data = typed(), text = asText(data);
    if (text !== kept && navigator.sendBeacon(says.dataset.address, data)) kept = text;
  };

  form.querySelector(".submit-row")?.append(says);
  ["keydown", "pointerdown", "input"].forEach((name) => {
    form.addEventListener(name, () => { isTouched = true; }, { capture: true, once: true });
  });
  // What other scripts fill in while the page is loaded is nothing that somebody typed.
  window.addEventListener("load", () => setTimeout(() => { if (!isTouched) kept = asText(typed()); }, 300));
  setInterval(keep, EVERY);
  form.addEventListener("submit", keepOnLeaving);
  window.addEventListener("pagehide", keepOnLeaving);
  document.addEventListener("visibilitychange", () => { if (document.hidden) keepOnLeaving(); });
}
