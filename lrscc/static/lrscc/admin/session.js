// Warns before the session ends, and makes it last longer by one key; who types stays signed in.
"use strict";
{
  const WARNING = 180, ASK_AGAIN = 300; // seconds
  const box = document.getElementById("session-end");
  const says = document.getElementById("session-end-says");
  const button = box.querySelector("button"), link = box.querySelector("a");
  const now = () => Date.now() / 1000;
  let asked = now(), ends = asked + Number(box.dataset.left), isFinal = box.dataset.isFinal === "True";
  let isActive = false, before = null;

  const tokens = () => document.querySelectorAll("[name=csrfmiddlewaretoken]");
  const ask = async (method) => {
    const headers = { Accept: "application/json" };
    if (method === "POST") headers["X-CSRFToken"] = tokens()[0]?.value ?? "";
    try {
      const answer = await fetch(box.dataset.address, { method, headers });
      const state = await answer.json();
      asked = now();
      ends = asked + state.left;
      isFinal = Boolean(state.is_final);
      if (state.token) tokens().forEach((field) => { field.value = state.token; });
    } catch { /* the site is away: the next try may reach it */ }
    isActive = false;
  };

  const show = (text, { canStay, canSignIn }) => {
    if (says.textContent !== text) says.textContent = text;
    button.hidden = !canStay;
    link.hidden = !canSignIn;
    if (!box.hidden) return;
    before = document.activeElement;
    box.hidden = false;
    (canStay ? button : box).focus();
  };
  const hide = () => {
    if (box.hidden) return;
    box.hidden = true;
    before?.focus();
  };

  const look = () => {
    const left = ends - now();
    if (left > WARNING) return hide();
    if (left <= 0) return show(box.dataset.over, { canStay: false, canSignIn: true });
    const minutes = String(Math.max(1, Math.round(left / 60)));
    show(box.dataset[isFinal ? "final" : "idle"].replace("%s", minutes), { canStay: !isFinal, canSignIn: false });
  };

  const tick = async () => {
    const left = ends - now();
    if (isActive && box.hidden && now() - asked > ASK_AGAIN) await ask("POST");
    else if (left <= WARNING && box.hidden) await ask("GET"); // another tab may have been used
    look();
  };

  button.addEventListener("click", async () => { await ask("POST"); look(); });
  ["keydown", "pointerdown", "input"].forEach((name) => {
    document.addEventListener(name, (event) => { if (!box.contains(event.target)) isActive = true; });
  });
  document.addEventListener("visibilitychange", async () => {
    if (!document.hidden && !box.hidden) { await ask("GET"); look(); }
  });
  setInterval(tick, 1000);
}
