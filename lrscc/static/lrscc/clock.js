// Adds the time of day beside a time difference. The page itself says only what holds all day.
"use strict";
{
  const clocks = [...document.querySelectorAll("[data-time-zone]")];

  const show = () => {
    for (const clock of clocks) {
      const format = { timeZone: clock.dataset.timeZone, weekday: "long", hour: "numeric", minute: "2-digit" };
      const now = new Date();
      clock.querySelector("span").textContent = now.toLocaleString(document.documentElement.lang, format);
      clock.hidden = false;
    }
  };

  const everyMinute = () => {
    show();
    setTimeout(everyMinute, 60_000 - (Date.now() % 60_000));
  };

  everyMinute();
}
