// The page for a whole meeting: the rolls follow the attendance, and items are added in place.
// Without this script the page works all the same: the server does both when a button is pressed.
"use strict";
{
  const form = document.querySelector(".whole-meeting form");
  const letters = JSON.parse(document.getElementById("attendance-letters")?.textContent ?? "{}");
  const voteOf = { present: "yes", absent: "absent", excused: "excused", "": "" };
  const rows = [...(form?.querySelectorAll("#attendance .call") ?? [])];
  const memberOf = (row) => row.id.replace("id_attendance-at_", "");
  const presenceOf = (row) => row.querySelector("input:checked")?.value ?? "";
  const wasOf = (row) => document.getElementById(`id_attendance-was_${memberOf(row)}`);

  // A vote that stands as it began follows the attendance; one that somebody chose stays.
  const follow = (row, item, before) => {
    const votes = document.getElementById(`id_${item.dataset.vote}vote_${memberOf(row)}`);
    const vote = votes?.querySelector("input:checked")?.value ?? "";
    if (!votes || vote !== voteOf[before]) return;
    const wanted = votes.querySelector(`input[value="${voteOf[presenceOf(row)]}"]`);
    if (!wanted || wanted.checked) return;
    wanted.checked = true;
    item.dispatchEvent(new Event("change"));
  };

  const changed = (row) => {
    form.querySelectorAll("[data-vote]").forEach((item) => follow(row, item, wasOf(row).value));
    wasOf(row).value = presenceOf(row);
  };

  const press = (event, row) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const presence = letters[event.key.toLowerCase()];
    if (step === undefined && presence === undefined) return;
    event.preventDefault();
    if (presence) {
      row.querySelector(`input[value="${presence}"]`).checked = true;
      changed(row);
    }
    const open = rows.filter((each) => each.closest("details")?.open !== false);
    const next = open[open.indexOf(row) + (step ?? 1)] ?? row;
    (next.querySelector("input:checked") ?? next.querySelector("input")).focus();
  };

  const numbered = (parts, number) => parts.forEach((part) => {
    [...part.attributes].filter(({ value }) => /__(?:prefix|number)__/.test(value)).forEach(({ name, value }) => {
      part.setAttribute(name, value.replaceAll("__prefix__", number).replaceAll("__number__", number + 1));
    });
  });

  const add = (total) => {
    const item = document.getElementById("new-item").content.cloneNode(true).querySelector(".item");
    const number = Number(total.value);
    numbered([item, ...item.querySelectorAll("*")], number);
    const legend = item.querySelector("legend");
    legend.textContent = legend.textContent.replace("__number__", number + 1);
    document.getElementById("agenda").append(item);
    total.value = number + 1;
    item.dispatchEvent(new CustomEvent("vote:added", { bubbles: true }));
    // The copy begins as the page did.
    rows.forEach((row) => follow(row, item, row.dataset.began));
    item.querySelector(".new-resolution input").focus();
  };

  if (form) {
    rows.forEach((row) => {
      row.dataset.began = presenceOf(row);
      row.addEventListener("change", () => changed(row));
      row.addEventListener("keydown", (event) => press(event, row));
    });
    const total = form.querySelector("[name=items-TOTAL_FORMS]");
    const most = Number(total.dataset.most);
    form.querySelector("[name=_add]").addEventListener("click", (event) => {
      if (Number(total.value) >= most) return; // the server says why
      event.preventDefault();
      add(total);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches("[name$='-find']")) return;
      event.preventDefault();
      event.target.closest("details").querySelector("[name=_find]").click();
    });
  }
}
