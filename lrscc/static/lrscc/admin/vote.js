// The clerk's desk: votes by one key in a row, and the tally as it is entered.
// Without this script the page works all the same: the server counts when the vote is saved.
"use strict";
{
  const settings = JSON.parse(document.getElementById("vote-settings")?.textContent ?? "null");
  const needed = ["requirement", "base", "required_number", "counts_abstentions"];
  const fill = (sentence, values) => Object.entries(values)
    .reduce((text, [name, value]) => text.replace(`%(${name})s`, value), sentence);
  const wasRefused = document.getElementById("errors") !== null;

  const sentence = (tally, result) => {
    const counts = Object.entries(tally)
      .filter(([choice, number]) => number || choice === "yes" || choice === "no")
      .map(([choice, number]) => settings.counts[choice].replace("%s", number)).join(", ");
    if (!result) return `${counts}.`;
    return fill(result.passes ? settings.passes : settings.fails, { counts, ...result });
  };

  // One vote: the whole form of a vote, or one item of a meeting, whose fields have a prefix.
  const begin = (part) => {
    const field = (name) => document.getElementById(`id_${part.dataset.vote}${name}`);
    const roll = part.querySelector(".roll");
    const rows = [...roll.querySelectorAll(".call")];
    const line = part.querySelector(".tally");

    const count = () => {
      const tally = Object.fromEntries(Object.keys(settings.counts).map((choice) => [choice, 0]));
      rows.forEach((row) => {
        const choice = row.querySelector("input:checked")?.value;
        if (choice) tally[choice] += 1;
      });
      return tally;
    };

    // As `resolutions.tally.result` counts.
    const resultOf = (tally) => {
      const [requirement, base] = [field("requirement").value, field("base").value];
      const number = field("required_number").value;
      if (!requirement || !base || (settings.seats === null && base === "seats") || (requirement === "number" && !/^\d+$/.test(number))) return null;
      const present = tally.yes + tally.no + tally.abstain + tally.not_voting;
      const serving = present + tally.recused + tally.absent + tally.excused;
      const cast = tally.yes + tally.no + (field("counts_abstentions").checked ? tally.abstain : 0);
      const of = { cast, present, serving, seats: settings.seats }[base];
      const needs = { number: Number(number.slice(0, 6)), two_thirds: Math.ceil((2 * of) / 3), majority: Math.floor(of / 2) + 1 }[requirement];
      const passes = tally.yes >= needs && (requirement === "number" ? needs > 0 : tally.yes > tally.no);
      return { needed: needs, of, passes };
    };

    // The rule on record for another kind of motion, until the clerk chooses one.
    const fillIn = () => {
      const rule = settings.requirements[field("kind").value] ?? {};
      needed.forEach((name) => {
        if (field(name).type === "checkbox") field(name).checked = rule[name] ?? false;
        else field(name).value = rule[name] ?? "";
      });
      const note = part.querySelector(".rule-on-record");
      if (note) note.hidden = field("kind").value !== note.dataset.kind;
    };

    // What the clerk chose stays.
    let declared = wasRefused || "entered" in part.dataset;
    let chosen = declared;
    const show = () => {
      const method = field("method").value;
      const hasRoll = method === "roll_call";
      roll.hidden = !hasRoll;
      const tally = count();
      const isNameless = field("totals_only")?.checked ?? false;
      roll.querySelectorAll(".call, .unlikely").forEach((row) => { row.hidden = isNameless; });
      const isCalled = hasRoll && !isNameless && Object.values(tally).some(Boolean);
      const result = isCalled ? resultOf(tally) : null;
      const text = isCalled ? sentence(tally, result) : "";
      if (line && line.textContent !== text) line.textContent = text;
      if (!declared && (result || settings.byConsent.includes(method))) {
        field("outcome").value = !result || result.passes ? "carried" : "lost";
      }
    };

    const go = (row) => (row?.querySelector("input:checked") ?? row?.querySelector("input"))?.focus();

    const press = (event, row) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const key = event.key.toLowerCase();
      const choice = settings.letters[key];
      if (step === undefined && choice === undefined && key !== "v") return;
      event.preventDefault();
      if (key === "v") {
        // The rows go away: what is chosen has the focus, and the arrows take it back.
        field("method").value = "voice";
        show();
        field("method").focus();
        return;
      }
      if (choice) {
        row.querySelector(`input[value="${choice}"]`).checked = true;
        show();
      }
      const open = rows.filter((each) => each.closest("details")?.open !== false);
      go(open[open.indexOf(row) + (step ?? 1)] ?? row);
    };

    rows.forEach((row) => row.addEventListener("keydown", (event) => press(event, row)));
    needed.forEach((name) => field(name).addEventListener("change", () => { chosen = true; }));
    field("kind").addEventListener("change", () => { if (!chosen) fillIn(); });
    field("outcome").addEventListener("change", () => { declared = true; });
    part.addEventListener("change", show);
    show();
  };

  if (settings) {
    document.querySelectorAll("[data-vote]").forEach(begin);
    document.addEventListener("vote:added", (event) => begin(event.target));
    (document.getElementById("errors") ?? document.getElementById("filled-in"))?.focus();
  }
}
