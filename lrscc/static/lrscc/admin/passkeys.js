// Passkeys: a form with data-passkey asks the browser for one, then sends its answer.
"use strict";
{
  const problem = document.querySelector(".passkey-problem");
  const say = (what) => {
    problem.textContent = problem.dataset[what];
    problem.hidden = false;
    problem.focus();
  };
  const isNumber = /^[\d.]+$|^\[/.test(location.hostname);

  const optionsOf = async (form) => {
    if (!form.dataset.options) return JSON.parse(document.getElementById("passkey-options").textContent);
    const answer = await fetch(form.dataset.options, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    return answer.json();
  };

  document.querySelectorAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      problem.hidden = true;
      if (isNumber) return say("number");
      if (!window.webauthnJSON?.supported()) return say("unsupported");
      try {
        const options = await optionsOf(form);
        const credential = form.dataset.passkey === "create"
          ? await webauthnJSON.create(options.creation_options)
          : await webauthnJSON.get(options.request_options);
        form.elements.credential.value = JSON.stringify(credential);
        form.submit();
      } catch {
        say("failed");
      }
    });
  });
}
