// @ts-check
// Runs before anything is shown, so that nothing jumps or changes its colour later.

(function () {
  const { classList, dataset } = document.documentElement;
  const asked = new URLSearchParams(location.hash.slice(1));
  const wants = (/** @type {string} */ query) => window.matchMedia(query).matches;
  const theme = asked.get("theme") ?? "";
  const own = wants("(prefers-contrast: more)") ? "contrast" : wants("(prefers-color-scheme: dark)") ? "dark" : "light";
  dataset.theme = ["light", "dark", "contrast"].includes(theme) ? theme : own;
  if (["", "on"].includes(asked.get("embed") ?? "off")) classList.add("gm-embed");
  // On a phone the sheet is up where an event is open.
  if (asked.has("e")) classList.add("gm-raised");
})();
