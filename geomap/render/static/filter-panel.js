// @ts-check
// Choosing: layers, filters with live counts, and whose telling is shown.

const FIRST_CHOICES = 8;
const MOST_CHOICES = 300;

/**
 * @typedef {{key: string, value: string, label: string, count: () => number, means?: (wanted: string) => boolean, indent?: boolean, shown?: () => boolean, symbol?: TypeSymbol}} FilterChoice
 */

class FilterPanel {
  /**
   * @param {Scene} scene
   * @param {(change: object) => void} apply
   */
  constructor(scene, apply) {
    this.scene = scene;
    this.apply = apply;
    /** @type {State | null} */
    this.state = null;
    /** @type {Facets | null} */
    this.facets = null;
    /** @type {FilterGroup[]} */
    this.groups = [];
    this.element = make("div", "gm-filters");
    this.lens = make("select", "gm-select");
    this.asides = asideBox(scene, apply);
    this.element.append(this.lensBox(), ...this.filterGroups(), this.widthBox(), this.asides.element);
  }

  lensBox() {
    const box = make("fieldset", "gm-filter-group");
    this.lens.id = "geomap-lens";
    this.lens.setAttribute("aria-label", t("lens.label"));
    this.lens.addEventListener("change", () => this.apply({ lens: this.lens.value || null }));
    box.append(make("legend", undefined, t("lens.label")), this.lens, make("p", "gm-faint", t("lens.help")));
    return box;
  }

  /** @returns {HTMLElement[]} */
  filterGroups() {
    const { scene } = this;
    const { words } = scene;
    const counts = (/** @type {(facets: Facets) => number} */ read) => () => (this.facets ? read(this.facets) : 0);
    const { type: typeOf, subtype: subtypeOf } = scene.events;
    const size = words.subtype.length;
    const known = new Uint8Array((scene.types.length + 1) * size);
    for (let row = 0; row < typeOf.length; row++) known[typeOf[row] * size + subtypeOf[row]] = 1;
    /** @type {FilterChoice[]} */
    const types = scene.types.flatMap((symbol, type) => {
      // The first is that of no subtype.
      const subtypes = Array.from(words.subtype.keys()).filter((subtype) => subtype && known[type * size + subtype]);
      return [
        { key: "type", value: symbol.id, label: typeLabel(symbol), count: counts(({ type: own }) => own[type]), symbol },
        ...subtypes.map((subtype) => ({
          key: "type", value: `${symbol.id}/${words.subtype[subtype]}`, label: word("subtype", words.subtype[subtype]), indent: true,
          count: counts((facets) => facets.subtype.get(type * 65_536 + subtype) ?? 0),
          shown: () => this.isChosen({ key: "type", value: symbol.id }) || this.isChosen({ key: "type", value: `${symbol.id}/${words.subtype[subtype]}` }),
        })),
      ];
    });
    const statuses = scene.statuses.map((id, status) => ({ key: "status", value: id, label: word("status", id), count: counts((facets) => facets.status[status]) }));
    const precisions = scene.precisions.map((id, precision) => ({ key: "precision", value: id, label: word("precision", id), count: counts((facets) => facets.precision[precision]) }));
    // An actor that is written in several ways is one choice.
    /** @type {Map<number, [string, string | null][]>} */
    const written = new Map();
    sameActors(scene).forEach((first, actor) => gather(written, first, words.actor[actor]));
    const actors = [...written].map(([actor, ways]) => ({
      key: "actor", value: ways[0][0], label: ways[0][0], count: counts((facets) => facets.actor[actor]),
      means: (/** @type {string} */ wanted) => ways.some(actorMatch(scene, wanted)),
    }));
    const sources = words.source.map((id, source) => ({ key: "source", value: id, label: sourceLabel(scene, id), count: counts((facets) => facets.source[source]) }));
    return [
      new FilterGroup(t("filter.type"), types, this, { ordered: true }),
      new FilterGroup(t("filter.actor"), actors, this, {}),
      new FilterGroup(t("filter.status"), statuses, this, { ordered: true, present: true }),
      new FilterGroup(t("filter.precision"), precisions, this, { ordered: true, present: true }),
      new FilterGroup(t("filter.source"), sources, this, {}),
    ].map((group) => {
      this.groups.push(group);
      return group.element;
    });
  }

  widthBox() {
    const box = make("fieldset", "gm-filter-group");
    const slider = make("input");
    slider.type = "range";
    [slider.min, slider.max, slider.step] = ["0", String(WIDTH_STEPS.length - 1), "1"];
    slider.setAttribute("aria-label", t("filter.max_km"));
    const shown = make("output", "gm-count");
    slider.addEventListener("input", () => {
      const km = WIDTH_STEPS[Number(slider.value)];
      this.apply({ filters: { max_km: km === Infinity ? null : km } });
    });
    box.append(make("legend", undefined, t("filter.max_km")), slider, shown, make("p", "gm-faint", t("filter.max_km_help")));
    this.width = { slider, shown };
    return box;
  }

  /** @param {Pick<FilterChoice, "key" | "value" | "means">} choice */
  isChosen({ key, value, means }) {
    return this.state !== null && asList(this.state.filters[key]).some((other) => other === value || means?.(other));
  }

  /**
   * @param {FilterChoice} choice
   * @param {boolean} on
   */
  choose({ key, value, means }, on) {
    const others = asList(this.state?.filters[key]).filter((other) => other !== value && !means?.(other));
    this.apply({ filters: { [key]: on ? [...others, value] : others } });
  }

  /**
   * @param {State} state
   * @param {Facets} facets
   */
  show(state, facets) {
    this.state = state;
    this.facets = facets;
    for (const group of this.groups) group.show();
    this.showLens(state, facets);
    this.asides.box.checked = state.asides === "on";
    const km = state.filters.max_km === undefined ? Infinity : Number(asList(state.filters.max_km)[0]);
    if (this.width) {
      const step = WIDTH_STEPS.findIndex((limit) => limit >= km);
      this.width.slider.value = String(step);
      const words = km === Infinity ? t("filter.any_width") : t("unit.km", { n: km });
      this.width.slider.setAttribute("aria-valuetext", words);
      this.width.shown.textContent = words;
    }
  }

  /**
   * @param {State} state
   * @param {Facets} facets
   */
  showLens(state, facets) {
    const { words } = this.scene;
    const named = words.claimant.map((name, number) => ({ name, count: facets.claimant[number] })).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
    const options = [
      { value: "", words: t("lens.all") },
      { value: LENS_CONFIRMED, words: `${t("lens.confirmed")} (${facets.confirmed})` },
      ...named.slice(0, MOST_CHOICES).map(({ name, count }) => ({ value: LENS_BY + name, words: `${t("lens.by", { name: canvasText(name, 60) })} (${count})` })),
    ];
    const chosen = state.lens ?? "";
    if (chosen && !options.some(({ value }) => value === chosen)) options.push({ value: chosen, words: t("lens.by", { name: chosen.slice(LENS_BY.length) }) });
    this.lens.replaceChildren(
      ...options.map(({ value, words: text }) => {
        const option = make("option", undefined, text);
        option.value = value;
        return option;
      }),
    );
    this.lens.value = chosen;
  }
}

const WIDTH_STEPS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, Infinity];

/**
 * A source in a few words: who published it and when.
 * @param {Scene} scene
 * @param {string} id
 */
function sourceLabel(scene, id) {
  const source = scene.text.sources.find((known) => known.id === id);
  const words = [asText(source?.publisher) || asText(source?.title), dateText(source?.published)].filter(Boolean);
  return words.length ? `${words.join(", ")} [${id}]` : id;
}

/** Choices of one kind: those that show most events first, the chosen ones always in sight. */
class FilterGroup {
  /**
   * @param {string} title
   * @param {FilterChoice[]} choices
   * @param {FilterPanel} panel
   * @param {{ordered?: boolean, present?: boolean}} options `ordered`: keep the order given; `present`: leave out what no event has.
   */
  constructor(title, choices, panel, { ordered = false, present = false }) {
    this.panel = panel;
    this.choices = choices;
    this.ordered = ordered;
    this.present = present;
    this.all = false;
    this.wanted = "";
    /** @type {Map<FilterChoice, {row: HTMLElement, box: HTMLInputElement, count: HTMLElement}>} */
    this.made = new Map();
    this.list = make("div", "gm-choices");
    this.more = make("button", "gm-plain-button");
    this.more.type = "button";
    this.more.addEventListener("click", () => {
      this.all = !this.all;
      this.show();
    });
    this.search = make("input", "gm-choice-search");
    this.search.type = "search";
    this.search.placeholder = t("filter.find");
    this.search.setAttribute("aria-label", `${t("filter.find")}: ${title}`);
    this.search.addEventListener("input", () => {
      this.wanted = this.search.value;
      this.show();
    });
    this.element = make("fieldset", "gm-filter-group");
    this.element.append(make("legend", undefined, title), this.search, this.list, this.more);
    this.element.hidden = !choices.length;
    this.search.hidden = ordered || choices.length <= 20;
  }

  show() {
    const { panel } = this;
    const rows = this.choices
      .map((choice) => ({ choice, count: choice.count(), chosen: panel.isChosen(choice) }))
      .filter(({ choice, count, chosen }) => chosen || ((choice.shown?.() ?? true) && (!this.present || count > 0)));
    const folds = panel.scene.folds;
    const wanted = foldText(this.wanted, folds);
    const found = wanted ? rows.filter(({ choice }) => foldText(choice.label, folds).includes(wanted)) : rows;
    if (!this.ordered) found.sort((a, b) => Number(b.chosen) - Number(a.chosen) || b.count - a.count || (a.choice.label < b.choice.label ? -1 : 1));
    const most = this.ordered ? Infinity : this.all || wanted ? MOST_CHOICES : FIRST_CHOICES;
    const shown = found.slice(0, most);
    const elements = shown.map(({ choice, count, chosen }) => {
      const made = this.make(choice);
      made.box.checked = chosen;
      const words = speech.numbers.format(count);
      if (made.count.textContent !== words) made.count.textContent = words;
      made.row.classList.toggle("gm-zero", !count && !chosen);
      return made.row;
    });
    // Only where it differs: the focus stays on what is being used.
    if (elements.length !== this.list.childElementCount || elements.some((element, i) => element !== this.list.children[i])) {
      const focused = document.activeElement;
      this.list.replaceChildren(...elements);
      if (focused instanceof HTMLElement && this.list.contains(focused)) focused.focus();
    }
    this.more.hidden = this.ordered || wanted !== "" || found.length <= FIRST_CHOICES;
    this.more.textContent = this.all ? t("filter.fewer") : t("filter.all", { n: found.length });
  }

  /** @param {FilterChoice} choice */
  make(choice) {
    let made = this.made.get(choice);
    if (!made) {
      made = checkRow(choice.label, (on) => this.panel.choose(choice, on), choice.symbol, choice.key === "actor" ? speech.author : speech.lang);
      if (choice.indent) made.row.classList.add("gm-indent");
      this.made.set(choice, made);
    }
    return made;
  }
}

/**
 * @param {string} label
 * @param {(on: boolean) => void} choose
 * @param {TypeSymbol} [symbol]
 * @param {string} [lang]
 */
function checkRow(label, choose, symbol, lang) {
  const row = make("label", "gm-layer");
  const box = make("input");
  box.type = "checkbox";
  box.addEventListener("change", () => choose(box.checked));
  const count = make("span", "gm-count");
  row.append(box, ...(symbol ? [glyphIcon(symbol)] : []), outside(make("span", "gm-layer-title"), label, lang), count);
  return { row, box, count };
}

/**
 * The author's title of a layer, or ours where the layer was made of the events of one type.
 * @param {string} id
 * @param {string} title
 */
function layerTitle(id, title) {
  return speech.english[`type.${id}`] === title ? word("type", id) : title;
}

class LayerPanel {
  /**
   * @param {Scene} scene
   * @param {(change: object) => void} apply
   */
  constructor(scene, apply) {
    this.scene = scene;
    /** @type {{id: string, box: HTMLInputElement, count: HTMLElement}[]} */
    this.rows = [];
    this.element = make("details", "gm-layer-box");
    this.element.open = true;
    this.element.append(make("summary", undefined, t("layers.title")));
    /** @type {Map<string, HTMLFieldSetElement>} */
    const groups = new Map();
    for (const { id, title, group } of scene.layers) {
      let box = groups.get(group);
      if (!box) {
        box = make("fieldset", "gm-layers");
        const legend = make("legend");
        if (group) outside(legend, group);
        else legend.append(make("span", "gm-offscreen", t("layers.title")));
        box.append(legend);
        groups.set(group, box);
      }
      const words = layerTitle(id, title);
      const made = checkRow(words, (on) => apply({ layers: { [id]: on } }), undefined, words === title ? speech.author : speech.lang);
      box.append(made.row);
      this.rows.push({ id, ...made });
    }
    this.contexts = new ContextRows(scene, apply);
    this.element.append(...groups.values(), this.contexts.element);
    this.element.hidden = !scene.layers.length && !scene.contexts.length;
  }

  /**
   * @param {State} state
   * @param {Totals} totals
   */
  show(state, totals) {
    this.contexts.show(state);
    this.rows.forEach(({ id, box, count }, number) => {
      box.checked = state.layers[id] !== false;
      count.textContent = speech.numbers.format(totals.layers[number]);
    });
  }
}
