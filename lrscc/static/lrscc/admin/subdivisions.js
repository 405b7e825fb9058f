// Offers the states and provinces of the country that is chosen in the form of a city.
// Without this script the list is that of the country with which the form was opened.
"use strict";
{
  const input = document.querySelector("[id$=subdivision][data-names]");
  const country = input && document.getElementById(input.id.replace(/subdivision$/, "country"));

  const offerNames = async () => {
    const answer = await fetch(`${input.dataset.names}?country=${encodeURIComponent(country.value)}`);
    if (!answer.ok) return;
    const { names } = await answer.json();
    input.list.replaceChildren(...names.map(({ name, label }) => Object.assign(document.createElement("option"), { value: name, label })));
  };

  if (country && input.list) country.addEventListener("change", offerNames);
}
