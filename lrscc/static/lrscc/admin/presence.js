// Says who else has this form open, and lets them know that it is open here until it is left.
"use strict";
{
  const EVERY = 60000; // milliseconds
  const says = document.getElementById("open-elsewhere");
  const token = says.closest("form").elements.csrfmiddlewaretoken;
  const data = (more) => {
    const sent = new FormData();
    const all = { csrfmiddlewaretoken: token.value, kind: says.dataset.kind, key: says.dataset.key, ...more };
    for (const [name, value] of Object.entries(all)) sent.append(name, value);
    return sent;
  };
  const ask = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(says.dataset.address, { method: "POST", body: data({}) });
      if (!answer.ok || answer.redirected) return;
      const text = (await answer.json()).says;
      if (text !== says.textContent) says.textContent = text;
    } catch { /* the next one will do */ }
  };
  setInterval(ask, EVERY);
  window.addEventListener("pagehide", () => navigator.sendBeacon(says.dataset.address, data({ left: "" })));
}
