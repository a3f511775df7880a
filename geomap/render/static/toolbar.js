// @ts-check
// The tools at the top: language, appearance, symbols, link, files, paper.

/** @param {Page} page */
function makeToolbar(page) {
  const { scene, state } = page;
  const box = make("details", "gm-menu");
  const summary = make("summary", "gm-plain-button", t("menu.title"));
  const sheet = make("div", "gm-menu-sheet");
  const apply = (/** @type {object} */ change) => void page.apply(change);
  const languages = Object.keys(scene.messages).map((lang) => [lang, languageName(scene, lang)]);
  const choices = [
    { key: /** @type {const} */ ("lang"), label: t("menu.language"), options: languages, value: state.lang, choose: (/** @type {string} */ lang) => apply({ lang }) },
    { key: /** @type {const} */ ("theme"), label: t("menu.theme"), options: OPTIONS.theme.map((id) => [id, t(`theme.${id}`)]), value: state.theme, choose: (/** @type {string} */ theme) => apply({ theme }) },
  ];
  const sides = OPTIONS.symbols.map((id) => [id, t(`symbols.${id}`)]);
  const symbols = { key: /** @type {const} */ ("symbols"), label: t("menu.symbols"), options: sides, value: state.symbols, choose: (/** @type {string} */ side) => apply({ symbols: side }) };
  for (const { key, label, options, value, choose } of scene.symbols ? [...choices, symbols] : choices) {
    const row = make("label", "gm-menu-row", label);
    const select = selectBox(label, options, choose);
    select.value = value;
    row.append(select);
    sheet.append(row);
    box.addEventListener("toggle", () => { select.value = page.state[key]; });
  }
  const actions = [
    { words: t("action.link"), act: () => copyText(page.address.link()), done: true },
    { words: t("action.geojson"), act: () => page.download("geojson") },
    { words: t("action.csv"), act: () => page.download("csv") },
    { words: t("action.print"), act: () => window.print() },
  ];
  for (const { words, act, done } of actions) {
    const button = make("button", "gm-menu-action", words);
    button.type = "button";
    button.addEventListener("click", async () => {
      const result = await act();
      if (!done) return;
      button.textContent = t(result ? "action.copied" : "action.copy_failed");
      setTimeout(() => { button.textContent = words; }, 1600);
    });
    sheet.append(button);
  }
  box.append(summary, sheet);
  box.addEventListener("keydown", (key) => {
    if (key.key !== "Escape" || !box.open) return;
    box.open = false;
    summary.focus();
    key.stopPropagation();
  });
  // What lies under the sheet could have the focus and not be seen.
  box.addEventListener("focusout", ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !box.contains(relatedTarget)) box.open = false;
  });
  document.addEventListener("pointerdown", (down) => {
    if (down.target instanceof Node && !box.contains(down.target)) box.open = false;
  });
  return box;
}

/** A language by its own name. @param {Scene} scene @param {string} lang */
function languageName({ messages }, lang) {
  return String(messages[lang]["language.own"]);
}

class Tabs {
  /**
   * @param {string[]} ids
   * @param {(id: string) => void} choose
   * @param {Record<string, HTMLElement | undefined>} contents
   */
  constructor(ids, choose, contents) {
    this.element = make("div", "gm-tabs");
    const bar = make("div", "gm-tab-bar");
    bar.setAttribute("role", "tablist");
    bar.setAttribute("aria-label", t("tabs.label"));
    this.tabs = ids.map((id) => {
      const tab = make("button", "gm-tab", t(`tab.${id}`));
      tab.type = "button";
      tab.id = `geomap-tab-${id}`;
      tab.setAttribute("role", "tab");
      tab.setAttribute("aria-controls", `geomap-panel-${id}`);
      tab.addEventListener("click", () => choose(id));
      const panel = make("div", "gm-tab-panel");
      panel.id = `geomap-panel-${id}`;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", tab.id);
      const content = contents[id];
      if (content) panel.append(content);
      bar.append(tab);
      return { id, tab, panel };
    });
    bar.addEventListener("keydown", (key) => {
      const at = this.tabs.findIndex(({ tab }) => tab === document.activeElement);
      const step = { ArrowRight: 1, ArrowLeft: -1, Home: -at, End: this.tabs.length - 1 - at }[key.key];
      if (step === undefined || at < 0) return;
      key.preventDefault();
      const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
      next.tab.focus();
      choose(next.id);
    });
    this.element.append(bar, ...this.tabs.map(({ panel }) => panel));
  }

  /** @param {string} chosen */
  show(chosen) {
    for (const { id, tab, panel } of this.tabs) {
      tab.setAttribute("aria-selected", String(id === chosen));
      tab.tabIndex = id === chosen ? 0 : -1;
      panel.hidden = id !== chosen;
      // What has nothing to stop at in it is scrolled by itself.
      if (panel.querySelector("input, select, button")) panel.removeAttribute("tabindex");
      else panel.tabIndex = 0;
    }
  }
}
