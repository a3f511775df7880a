// @ts-check
// Puts the page together: reads the data, takes folium's map, draws, and answers.

class Page {
  /**
   * @param {L.Map} map
   * @param {Scene} scene
   */
  constructor(map, scene) {
    this.map = map;
    this.scene = scene;
    this.quiet = false;
    this.turn = 0;
    this.hasTiles = false;
    /** What a click found: events to list, or what lies under the one that is open. @type {{here: number[], also: number[]}} */
    this.clicked = { here: [], also: [] };
    this.hovered = -1;
    /** Whether the sheet was down before an event raised it. */
    this.wasDown = false;
    this.seen = new SeenFeatures(scene);
    this.search = new SearchIndex(scene);
    this.filter = new EventFilter(scene, this.search);
    map.setMinZoom(1).setMaxZoom(17);
    // A frame may be as small as it likes, and not be laid out yet.
    const { x: width, y: height } = map.getSize();
    if (scene.centre) map.setView([scene.centre[1], scene.centre[0]], scene.centre[2], { animate: false });
    else if (width > 60 && height > 60) map.fitBounds(boundsOf(scene), { animate: false, padding: [18, 18] });
    else map.setView(L.latLngBounds(/** @type {L.LatLngTuple[]} */ (boundsOf(scene))).getCenter(), 3, { animate: false });
    this.beginning = initialState(scene, this.viewNow());
    this.state = this.beginning;
    this.address = new Address(this);
    this.paper = new Paper(this);
    this.notice = make("p", "gm-notice");
    this.tip = make("div", "gm-tip");
    this.side = element("geomap-side");
    this.basemap = makeBasemap(scene.basemap, { lang: () => speech.lang });
    this.ground = new CanvasLayer("geomap-ground", 200, this.basemap.ground);
    this.eventMap = new EventMap(map, scene, this.filter);
    this.contexts = new ContextMap(map, scene);
    this.asides = new AsideMap(map, scene, this.filter, this.eventMap);
    // Before the names of the basemap, which take what room is left.
    this.labels = new CanvasLayer("geomap-labels", 402, (ctx, view) => {
      this.asides.label(ctx, view, this.eventMap.taken);
      this.contexts.label(ctx, view, this.eventMap.taken, GROUND);
    });
    if (scene.asides.count || scene.contexts.length) this.labels.addTo(map);
    this.names = new CanvasLayer("geomap-names", 400, (ctx, view) => {
      const { taken, isShown } = this.eventMap;
      if (isShown) this.basemap.names(taken, this.eventMap.labelledCountries())(ctx, view);
    });
    // Tiles bring names of their own; ours stay for where they cannot be had.
    this.names.addTo(map);
    if (scene.tiles) this.addTiles(scene.tiles);
    this.addControls();
    this.calm();
    this.listen();
  }

  /** @returns {MapView} */
  viewNow() {
    const { lng, lat } = this.map.getCenter();
    const round = (/** @type {number} */ degrees) => Math.round(degrees * 1e5) / 1e5;
    return { lon: round(lng), lat: round(lat), zoom: this.map.getZoom() };
  }

  // The parts of the page, made anew when the language changes

  build() {
    const { scene } = this;
    const apply = (/** @type {object} */ change) => void this.apply(change);
    this.spoken = this.state.lang;
    speak(this.spoken, scene.messages);
    document.documentElement.dataset.lang = this.state.lang;
    // The page is in the author's language; what we say ourselves is read aloud in ours.
    for (const own of [this.map.getContainer(), this.side, ...["skip", "time", "tools"].map((id) => element(`geomap-${id}`))]) own.lang = speech.lang;
    labelControls(this.map);
    element("geomap-skip").textContent = t("page.skip");
    element("geomap-time").setAttribute("aria-label", t("time.label"));
    this.side.setAttribute("aria-label", t("page.side"));
    this.map.getContainer().setAttribute("aria-label", t("page.map"));
    this.notice.textContent = t("notice.zoom");
    this.totals = make("p", "gm-totals");
    this.totals.setAttribute("role", "status");
    this.chips = make("div", "gm-chosen-list");
    const unfolded = this.layers?.element.open ?? !window.matchMedia(PHONE).matches;
    this.layers = new LayerPanel(scene, apply);
    this.layers.element.open = unfolded;
    this.filters = new FilterPanel(scene, apply);
    this.list = new ResultsList(scene, {
      open: (row) => this.open(row),
      hover: (row) => this.hover(row ?? -1),
      choose: (key, value) => apply({ [key]: value }),
    });
    this.legend = make("div");
    this.tabs = new Tabs(OPTIONS.tab, (tab) => apply({ tab }), { events: this.list.element, filters: this.filters.element, legend: this.legend });
    const content = make("div", "gm-side-content");
    content.append(this.sheetHandle(), this.searchBox(), this.totals, this.chips, this.layers.element, this.tabs.element);
    this.side.replaceChildren(content);
    this.proof = new ProofPanel(this.side, { close: () => this.closeProof() });
    this.timeline?.stop();
    this.timeline = new Timeline(scene, apply);
    element("geomap-time").replaceChildren(this.timeline.element);
    const tools = element("geomap-tools");
    const choosing = tools.contains(document.activeElement);
    const menu = makeToolbar(this);
    tools.replaceChildren(menu);
    // Whoever chooses a language with the keyboard goes on choosing.
    menu.open = choosing;
    if (choosing) menu.querySelector("select")?.focus();
  }

  searchBox() {
    const box = make("input", "gm-search");
    box.type = "search";
    box.id = "geomap-search";
    box.placeholder = t("search.placeholder");
    box.setAttribute("aria-label", t("search.label"));
    box.autocomplete = "off";
    let timer = 0;
    // Until something is typed, its texts are read.
    box.addEventListener("focus", () => void this.search.open());
    box.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void this.apply({ filters: { text: box.value.trim() ? box.value : null } }), 120);
    });
    this.searchInput = box;
    return box;
  }

  /** On a phone the panel is a sheet that is pulled up. */
  sheetHandle() {
    const handle = make("button", "gm-sheet-handle");
    handle.type = "button";
    handle.setAttribute("aria-controls", "geomap-side");
    handle.addEventListener("click", () => this.moveSheet(this.side.dataset.sheet === "up" ? "down" : "up"));
    this.handle = handle;
    this.moveSheet(this.side.dataset.sheet === "up" ? "up" : "down");
    return handle;
  }

  /** @param {"up" | "down"} position */
  moveSheet(position) {
    const up = position === "up";
    this.side.dataset.sheet = position;
    this.handle?.setAttribute("aria-expanded", String(up));
    this.handle?.setAttribute("aria-label", t(up ? "sheet.down" : "sheet.up"));
  }

  // The state

  /**
   * Change the state from outside. Whatever is asked for is checked first; nothing changes if a part is wrong.
   * @param {unknown} change
   */
  async apply(change) {
    const next = mergeState(this.scene, this.state, change, this.beginning);
    // A list of events is open without any of them being chosen.
    if (next.event === null && Object.hasOwn(asRecord(change), "event")) this.clicked = { here: [], also: [] };
    await this.take(next);
  }

  /**
   * Make a state the one that is shown; texts that it needs are opened first.
   * @param {State} next
   */
  async take(next) {
    const row = next.event === null ? -1 : this.scene.text.rowOf(next.event);
    this.state = next;
    const turn = (this.turn += 1);
    if (asList(next.filters.text).length && !this.search.isOpen) await this.search.open();
    if (row >= 0 && !this.scene.text.body(row)) await this.scene.text.openBodies([row]);
    const opening = openSigns(this.scene, next.symbols);
    if (opening) await opening;
    // What was asked for meanwhile holds this, too, and is shown instead.
    if (turn === this.turn) this.show();
  }

  /** Show the state. */
  show() {
    const started = performance.now();
    const { state } = this;
    const before = this.shown;
    this.quiet = true;
    const rebuilt = this.spoken !== state.lang;
    const resigned = wearSigns(state.symbols);
    if (rebuilt) this.build();
    if (resigned) this.legend?.replaceChildren();
    if (!before || before.theme !== state.theme) this.dress();
    const resized = (before ?? this.beginning).embed !== state.embed;
    if (resized) this.embed();
    if (resized || (before ?? this.beginning).view !== state.view) {
      // Exactly there: a map that pans does so by whole pixels.
      this.map.setView([state.view.lat, state.view.lon], state.view.zoom, { animate: false, reset: true });
      this.state = { ...state, view: this.viewAfter(state.view) };
    }
    this.filter.apply(state);
    const row = state.event === null ? -1 : this.scene.text.rowOf(state.event);
    this.eventMap.marked = this.markedRows(row);
    this.contexts.show(state.layers);
    this.eventMap.show();
    this.asides.show(state.asides === "on");
    this.labels._update();
    this.names._update();
    this.showSide();
    this.timeline?.show(this.state, this.filter);
    if (!before || state.event !== before.event || this.clicked !== this.clickedShown || rebuilt || resigned) this.showProof(row, !before || before.event !== state.event);
    this.list?.point(row, this.hovered);
    this.shown = this.state;
    this.clickedShown = this.clicked;
    this.quiet = false;
    this.address.note();
    performance.measure("geomap:update", { start: started, end: performance.now() });
  }

  /** @param {number} row */
  markedRows(row) {
    return new Set([row, this.hovered].filter((own) => own >= 0));
  }

  showSide() {
    const { state, filter, scene } = this;
    const { totals } = filter;
    const parts = [
      totals.shown === scene.events.count ? t("totals.all", { n: totals.shown }) : t("totals.shown", { n: totals.shown, total: scene.events.count }),
      t("totals.drawn", { n: totals.features }),
      t("totals.unlocated", { n: totals.unlocated }),
    ];
    if (totals.undated) parts.push(t(state.time ? "time.undated_hidden" : "time.undated", { n: totals.undated }));
    if (this.totals) this.totals.textContent = parts.join(" · ");
    this.showChosen();
    this.layers?.show(state, totals);
    this.tabs?.show(state.tab);
    if (state.tab === "filters") this.filters?.show(state, filter.facets());
    if (state.tab === "legend" && !this.legend?.childElementCount) this.legend?.append(legendElement(scene));
    if (state.tab === "events") this.showList();
    if (this.searchInput && document.activeElement !== this.searchInput) this.searchInput.value = asList(state.filters.text).join(" ");
  }

  /** What is chosen, each with a way to take it back. */
  showChosen() {
    const chosen = chosenWords(this.scene, this.state);
    const key = JSON.stringify(chosen);
    if (this.chips?.dataset.shown === key) return;
    if (this.chips) this.chips.dataset.shown = key;
    const take = async (/** @type {object} */ change, /** @type {number} */ place) => {
      await this.apply(change);
      const left = this.chips?.querySelectorAll("button");
      (left?.[Math.min(place, left.length - 1)] ?? this.side).focus({ preventScroll: true });
    };
    const buttons = chosen.map(({ words, clear }, place) => {
      const button = make("button", "gm-chosen-chip");
      button.type = "button";
      ours(button, canvasText(words, 48));
      button.setAttribute("aria-label", t("filter.remove", { name: canvasText(words, 80) }));
      button.addEventListener("click", () => void take(clear, place));
      return button;
    });
    if (chosen.length) {
      const all = make("button", "gm-plain-button gm-clear", t("filter.clear"));
      all.type = "button";
      all.addEventListener("click", () => void take({ layers: null, filters: null, time: null, lens: null }, 0));
      buttons.push(all);
    }
    this.chips?.replaceChildren(...buttons);
  }

  showList() {
    const { filter, state, scene } = this;
    this.seen.look(viewOf(this.map));
    const counts = countScopes(scene, filter, this.seen);
    this.list?.show(listRows(scene, filter, this.seen, /** @type {Scope} */ (state.list)), state, filter.status, counts);
  }

  /**
   * What was asked for, unless the map could not go there.
   * @param {MapView} asked
   * @returns {MapView}
   */
  viewAfter(asked) {
    const now = this.viewNow();
    const same = Math.abs(now.lon - asked.lon) < 1e-4 && Math.abs(now.lat - asked.lat) < 1e-4;
    return same ? { ...asked, zoom: now.zoom } : now;
  }

  dress() {
    const { theme } = this.state;
    const wants = (/** @type {string} */ query) => window.matchMedia(query).matches;
    const worn = theme !== "auto" ? theme : wants("(prefers-contrast: more)") ? "contrast" : wants("(prefers-color-scheme: dark)") ? "dark" : "light";
    document.documentElement.dataset.theme = worn;
    setGroundTheme(/** @type {"light" | "dark" | "contrast"} */ (worn));
    if (this.map.hasLayer(this.ground)) this.ground._update();
    else this.ground.addTo(this.map);
    this.timeline?.refit();
  }

  /** Nothing glides for those who ask their device for less motion. */
  calm() {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    const { map } = this;
    const follow = () => { map._zoomAnimated = !calm.matches && map.options.zoomAnimation !== false; };
    map.panBy = (offset, options) => L.Map.prototype.panBy.call(map, offset, calm.matches ? { ...options, animate: false } : options);
    calm.addEventListener("change", follow);
    follow();
  }

  embed() {
    document.documentElement.classList.toggle("gm-embed", this.state.embed === "on");
    this.map.invalidateSize({ animate: false });
  }

  // One event

  /**
   * @param {number} row
   * @param {boolean} moved Whether another event was open before.
   */
  showProof(row, moved) {
    const { proof, scene } = this;
    if (!proof) return;
    const open = (/** @type {number} */ other) => this.open(other);
    if (row < 0) {
      const { here, also } = this.clicked;
      if (!here.length) {
        if (this.wasDown) this.moveSheet("down");
        this.wasDown = false;
        proof.close(() => this.focusSide());
        return;
      }
      const list = eventList(scene, here, open);
      if (also.length) list.append(section(t("card.also_here", { n: also.length }), buttonList(scene, also, open)));
      proof.open(list, []);
      this.raiseSheet();
      return;
    }
    if (moved) this.bringIntoView(row);
    const card = eventCard(scene, row, open, { hidden: !this.filter.shows(row), also: this.clicked.also });
    proof.open(card, this.proofTools(row));
    this.list?.reveal(row);
    this.raiseSheet();
  }

  raiseSheet() {
    this.wasDown ||= this.side.dataset.sheet === "down";
    this.moveSheet("up");
  }

  /** The list, or what there is instead of it, when what had the focus is gone. */
  focusSide() {
    const before = document.activeElement;
    for (const focus of [() => this.list?.focus(), () => this.handle?.focus(), () => this.side.focus()]) {
      focus();
      if (document.activeElement !== before) return;
    }
  }

  /** @param {number} row */
  proofTools(row) {
    const back = make("button", "gm-plain-button", t("proof.back"));
    back.type = "button";
    back.addEventListener("click", () => this.closeProof());
    return [
      back,
      copyButton(citation(this.scene, row), t("action.copy_citation"), t("action.cite")),
      copyButton(this.address.link(), t("action.copy_link"), t("action.link")),
    ];
  }

  closeProof() {
    this.clicked = { here: [], also: [] };
    void this.apply({ event: null });
  }

  /** Move the map only where the event is not in sight. @param {number} row */
  bringIntoView(row) {
    const view = viewOf(this.map);
    const at = featuresOf(this.scene, row).map((feature) => this.eventMap.anchorOf(feature, view)).find(Boolean);
    if (!at) return;
    // On a phone the sheet covers the lower part of the map.
    const { top } = this.map.getContainer().getBoundingClientRect();
    const covered = window.matchMedia(PHONE).matches ? Math.max(0, view.maxY - view.minY - (window.innerHeight * (1 - SHEET_SHARE) - top)) : 0;
    const bottom = view.maxY - covered;
    if (at[0] > view.minX && at[0] < view.maxX && at[1] > view.minY && at[1] < bottom) return;
    const centre = this.map.layerPointToLatLng([at[0], at[1] + covered / 2]);
    this.map.panTo(centre.wrap(), { animate: false });
    this.state = { ...this.state, view: this.viewNow() };
    this.eventMap.redraw();
    this.labels._update();
    this.names._update();
  }

  /** @param {number} row */
  open(row) {
    this.clicked = { here: [], also: [] };
    void this.apply({ event: this.scene.text.idOf(row) });
  }

  // The pointer

  /** @param {number} row */
  hover(row) {
    if (row === this.hovered) return;
    this.hovered = row;
    const chosen = this.state.event === null ? -1 : this.scene.text.rowOf(this.state.event);
    this.eventMap.mark(this.markedRows(chosen));
    this.list?.point(chosen, row);
  }

  /**
   * The events at a point of the map, those that lie beneath them, and the cluster that stands there.
   * @param {L.Point} point In layer points.
   * @returns {FoundEvents}
   */
  eventsAt(point) {
    const { first, under, cluster } = this.eventMap.at(point);
    const { event } = this.scene.features;
    const rows = [...new Set(first.map((feature) => event[feature]))];
    const also = [...new Set(under.map((feature) => event[feature]))].filter((row) => !rows.includes(row));
    return cluster ? { rows, also, cluster } : this.asides.join(point, { rows, also, cluster });
  }

  /** @param {L.LeafletMouseEvent} click */
  click(click) {
    const { rows, also, cluster } = this.eventsAt(click.layerPoint);
    if (cluster) {
      this.openCluster(cluster);
      return;
    }
    if (!rows.length) this.contexts.tell(this.tip, click);
    this.clicked = rows.length === 1 ? { here: [], also } : { here: rows, also };
    const { clicked } = this;
    const next = mergeState(this.scene, this.state, { event: rows.length === 1 ? this.scene.text.idOf(rows[0]) : null }, this.beginning);
    this.clicked = clicked;
    void this.take(next);
  }

  /** @param {Cluster} cluster */
  openCluster(cluster) {
    const [w, n, e, s] = this.eventMap.points.boxOf(cluster, this.filter);
    const [west, north] = fromWorld(w, n);
    const [east, south] = fromWorld(e, s);
    const bounds = L.latLngBounds([[south, west], [north, east]]);
    const zoom = Math.min(CLUSTER_ZOOM + 1, Math.max(this.map.getZoom() + 1, this.map.getBoundsZoom(bounds, false, L.point(60, 60))));
    this.map.setView(bounds.getCenter(), zoom, { animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches });
  }

  /** @param {L.LeafletMouseEvent} move */
  point(move) {
    const { rows, cluster } = this.eventsAt(move.layerPoint);
    this.map.getContainer().classList.toggle("gm-over", rows.length > 0 || cluster !== null);
    this.hover(rows.length === 1 ? rows[0] : -1);
    this.showTip(rows, cluster, move.containerPoint);
  }

  /**
   * @param {number[]} rows
   * @param {Cluster | null} cluster
   * @param {L.Point} at
   */
  showTip(rows, cluster, at) {
    const { tip, scene } = this;
    if (!rows.length && !cluster && this.contexts.keepsTip(at)) return;
    tip.hidden = !rows.length && !cluster;
    if (tip.hidden) return;
    tip.replaceChildren();
    if (cluster) {
      tip.append(make("strong", undefined, t("list.events", { n: cluster.count })));
      cluster.types.forEach((own, type) => {
        if (own) ours(tip.appendChild(make("div")), `${typeLabel(scene.types[type] ?? UNKNOWN_TYPE)}: ${speech.numbers.format(own)}`);
      });
    } else if (rows.length > 1) {
      tip.append(t("list.here", { n: rows.length }));
    } else {
      const head = scene.text.head(rows[0]);
      if (head) outside(tip, canvasText(head.title, 120));
      else void scene.text.openHeads(rows);
    }
    const { x: width } = this.map.getSize();
    tip.style.left = `${Math.min(at.x + 14, Math.max(0, width - 260))}px`;
    tip.style.top = `${at.y + 16}px`;
  }

  listen() {
    element("geomap-skip").addEventListener("click", (click) => {
      // The address is the state; it must not become the link's.
      click.preventDefault();
      if (this.side.dataset.sheet === "down") this.moveSheet("up");
      this.focusSide();
    });
    this.map.on("click", (event) => this.click(event));
    this.map.on("moveend", () => {
      this.notice.hidden = this.hasTiles || this.map.getZoom() <= BASEMAP_ZOOM;
      if (this.quiet) return;
      const view = this.viewNow();
      this.state = { ...this.state, view };
      if (this.shown) this.shown = { ...this.shown, view };
      this.address.note();
      if (this.state.tab === "events") this.showList();
    });
    // Whatever takes room from the map, Leaflet hears of it.
    new ResizeObserver(() => {
      if (!this.paper.isOut) this.map.invalidateSize({ animate: false });
    }).observe(this.map.getContainer());
    let asked = false;
    this.map.on("mousemove", (event) => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        this.point(event);
      });
    });
    this.map.on("mouseout", () => {
      this.tip.hidden = true;
      this.hover(-1);
    });
    document.addEventListener("keydown", (key) => {
      if (key.key === "Escape" && this.proof?.isOpen) this.closeProof();
    });
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
      window.matchMedia(query).addEventListener("change", () => this.dress());
    }
  }

  redrawAll() {
    this.ground._update();
    this.eventMap.redraw();
    this.contexts.layer._update();
    this.asides.layer._update();
    this.labels._update();
    this.names._update();
  }

  /** @param {"geojson" | "csv"} format */
  async download(format) {
    await this.scene.text.openBodies(this.filter.rows);
    const name = this.scene.title.normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "events";
    const chosen = chosenWords(this.scene, this.state).map(({ words }) => words).join("; ");
    if (format === "csv") saveFile(`${name}.csv`, "text/csv;charset=utf-8", toCsv(this.scene, this.filter));
    else saveFile(`${name}.geojson`, "application/geo+json", toGeojson(this.scene, this.filter, chosen));
  }

  /**
   * Online tiles over the ground, where the map's author asks for them.
   * @param {{url: string, max_zoom: number}} tiles
   */
  addTiles({ url, max_zoom: maxNativeZoom }) {
    const pane = this.map.createPane("geomap-tiles");
    pane.style.zIndex = "250";
    const layer = L.tileLayer(url, { pane: "geomap-tiles", maxNativeZoom, maxZoom: 17, referrerPolicy: "no-referrer" });
    layer.on("tileload", () => {
      this.hasTiles = true;
      this.names.getPane()?.classList.add("gm-hidden");
      this.notice.hidden = true;
    });
    layer.addTo(this.map);
  }

  addControls() {
    const container = this.map.getContainer();
    container.setAttribute("role", "region");
    this.notice.setAttribute("role", "status");
    this.notice.hidden = this.map.getZoom() <= BASEMAP_ZOOM;
    this.tip.hidden = true;
    this.tip.setAttribute("role", "tooltip");
    container.append(this.notice, this.tip);
    const attribution = make("div", "leaflet-control-attribution gm-attribution");
    attribution.lang = this.scene.language;
    attribution.append(this.contexts.credits, "Leaflet");
    // The whole list stands in the panel; on the map it would cover the map.
    const { tiles } = this.scene;
    for (const line of [...(tiles ? [tiles.attribution] : []), ...this.scene.attribution.slice(0, 2)]) {
      attribution.append(" | ");
      outside(attribution, line);
    }
    if (this.scene.attribution.length > 2) attribution.append(" | …");
    const control = new L.Control({ position: "bottomright" });
    control.onAdd = () => attribution;
    control.addTo(this.map);
    L.DomEvent.disableClickPropagation(attribution);
  }
}

const BASEMAP_ZOOM = 9;
// As in page.css.
const PHONE = "(max-width: 760px)";
const SHEET_SHARE = 0.68;

/** @param {string} id */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/**
 * @param {Scene} scene
 * @returns {L.LatLngBoundsExpression}
 */
function boundsOf(scene) {
  const [west, south, east, north] = scene.bbox;
  return [[south, west], [north, east]];
}

/** Start the page. */
async function start() {
  const scene = await readIsland("geomap-data");
  speak(scene.language, scene.messages);
  // Written again from the data: an HTML parser alters some characters that JSON keeps.
  for (const [name, words] of [["title", scene.title], ["subtitle", scene.subtitle]]) {
    const line = /** @type {HTMLElement} */ (document.querySelector(`.gm-${name}`));
    line.replaceChildren();
    outside(line, words);
    // Text that is kept apart does not tell a line where to begin.
    line.dir = getComputedStyle(/** @type {Element} */ (line.firstElementChild)).direction;
  }
  const container = /** @type {HTMLElement} */ (document.querySelector(".folium-map"));
  const map = /** @type {L.Map} */ (/** @type {Record<string, unknown>} */ (/** @type {unknown} */ (window))[container.id]);
  const page = new Page(map, scene);
  await page.take(hashToState(scene, location.hash, page.beginning));
  document.documentElement.classList.remove("gm-raised");
  return page;
}

/**
 * Say that the page cannot be shown; its messages may be what could not be read.
 * @param {unknown} problem
 */
function giveUp(problem) {
  const words = make("p", "gm-failed", "This map could not be opened; it needs a browser of 2023 or newer. ");
  words.setAttribute("role", "alert");
  words.lang = ENGLISH;
  outside(words, String(problem));
  element("geomap-side").replaceChildren(words);
}

const starting = start();
starting.catch(giveUp);
openDoor(starting);
