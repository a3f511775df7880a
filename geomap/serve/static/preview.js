// @ts-check
// Keeps the page up to date: listens for new maps, loads each without losing the view, shows what is wrong.
(() => {
  "use strict";

  /**
   * @typedef {{file: string | null, line: number | null, column: number | null, code: string, message: string}} Problem
   * @typedef {{version: string | null, drawing: boolean, problems: Problem[], left_out: number}} Told
   */

  const MAP = "/map";
  // Browsers refuse a page that writes its address more than 100 times in 30 seconds.
  const MIRROR_MS = 400;
  const SLOW_MS = 400;
  const PATIENCE_MS = 3000;

  const maps = byId("maps");
  const status = byId("status");
  const problems = /** @type {HTMLDetailsElement} */ (byId("problems"));

  /** @type {HTMLIFrameElement | null} */
  let shown = null;
  /** @type {HTMLIFrameElement | null} */
  let loading = null;
  /** @type {string | null} */
  let version = null;
  let hash = location.hash;
  let mirrored = hash;
  let slow = 0;

  /** @param {string} id */
  function byId(id) {
    return /** @type {HTMLElement} */ (document.getElementById(id));
  }

  /**
   * Text from outside: shown letter for letter, with what would hide or turn letters written as an escape.
   * @param {string} text
   */
  function visible(text) {
    return text.replace(
      /[\p{Cc}\p{Bidi_Control}\u00ad\u200b-\u200d\u2028\u2029\u2060\ufeff]/gu,
      (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }

  /** The state of the map, which it keeps in its own address; the last one known when it cannot be seen. */
  function viewHash() {
    try {
      if (shown) hash = shown.contentWindow?.location.hash ?? hash;
    } catch {
      // The frame shows an error of the browser's.
    }
    return hash;
  }

  /**
   * @param {HTMLIFrameElement} frame
   * @param {string} asked
   */
  function setHash(frame, asked) {
    frame.contentWindow?.location.replace(MAP + asked);
  }

  /** Load the map anew under the one that is shown, and show it once it is drawn. */
  function load() {
    loading?.remove();
    const frame = document.createElement("iframe");
    const asked = viewHash();
    frame.title = "Map";
    frame.src = MAP + asked;
    frame.addEventListener("load", () => isDrawn(frame).then(() => change(frame, asked)), { once: true });
    loading = frame;
    maps.prepend(frame);
  }

  /**
   * Resolves when a map has drawn itself, or takes long over it.
   * @param {HTMLIFrameElement} frame
   */
  async function isDrawn(frame) {
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    try {
      const door = /** @type {{ready: Promise<void>} | undefined} */ (frame.contentWindow?.geomap);
      await Promise.race([door?.ready, patience]);
    } catch {
      // What went wrong in the map is to be seen there.
    }
  }

  /**
   * Show a map that was loaded in the place of the one before.
   * @param {HTMLIFrameElement} frame
   * @param {string} asked The state that it was loaded with; the other may have been moved meanwhile.
   */
  function change(frame, asked) {
    if (frame !== loading) return;
    loading = null;
    if (!frame.contentDocument) {
      // The server went away in between; its next word loads the map again.
      frame.remove();
      version = null;
      return;
    }
    if (viewHash() !== asked) setHash(frame, hash);
    shown?.remove();
    shown = frame;
    document.title = frame.contentDocument.title;
  }

  /** @param {string} words */
  function say(words) {
    clearTimeout(slow);
    status.textContent = words;
    status.hidden = words === "";
  }

  /** @param {Told} told */
  function showProblems(told) {
    const items = told.problems.map((problem) => {
      const item = document.createElement("li");
      if (problem.file !== null) {
        const place = document.createElement("code");
        place.textContent = visible(`${problem.file}:${problem.line}:${problem.column}`);
        item.append(place);
      }
      const message = document.createElement("bdi");
      message.textContent = problem.message.split("\n").map(visible).join("\n");
      item.append(message);
      return item;
    });
    const count = told.problems.length + told.left_out;
    byId("problems-summary").textContent =
      `The map cannot be drawn: ${count === 1 ? "one problem" : `${count} problems`}`;
    byId("problems-list").replaceChildren(...items);
    byId("problems-note").textContent = [
      told.left_out ? `${told.left_out} more are not listed here.` : "",
      told.version === null ? "" : "Below is the last map that could be drawn.",
      "Mend and save the file: this goes away by itself.",
    ].filter(Boolean).join(" ");
    problems.open = true;
    problems.hidden = items.length === 0;
  }

  /** @param {Told} told */
  function take(told) {
    say("");
    if (told.drawing) {
      // Most maps are drawn before anybody would read that they are.
      slow = setTimeout(() => say("The map is being drawn …"), shown ? SLOW_MS : 0);
      return;
    }
    showProblems(told);
    if (told.version !== null && told.version !== version) {
      version = told.version;
      load();
    }
  }

  // The map tells nobody when it writes its address. Only what it wrote anew goes into ours, where people write too.
  setInterval(() => {
    const now = viewHash();
    if (now === mirrored) return;
    mirrored = now;
    history.replaceState(null, "", now || location.pathname);
  }, MIRROR_MS);

  window.addEventListener("hashchange", () => {
    hash = location.hash;
    if (shown) setHash(shown, hash);
  });

  const changes = new EventSource("/changes");
  changes.addEventListener("message", (message) => take(/** @type {Told} */ (JSON.parse(message.data))));
  changes.addEventListener("error", () => say("The preview has ended; geomap serve starts it again."));
})();
