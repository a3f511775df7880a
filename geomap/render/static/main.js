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
    /** @type {L.Popup | null} */
    this.popup = null;
    /** @type {HTMLElement | null} */
    this.opener = null;
    this.quiet = false;
    /** @type {{clicked?: L.LatLng, also?: MapEvent[]}} */
    this.opening = {};
    /** @type {string | undefined} */
    this.written = undefined;
    this.notice = make("p", "gm-notice", BASEMAP_NOTICE);
    map.setMinZoom(1).setMaxZoom(17);
    if (scene.centre) map.setView([scene.centre[1], scene.centre[0]], scene.centre[2], { animate: false });
    else map.fitBounds(boundsOf(scene), { animate: false, padding: [18, 18] });
    this.beginning = initialState(scene, this.viewNow());
    this.state = this.beginning;
    const basemap = makeBasemap(scene.basemap);
    new CanvasLayer("geomap-ground", 200, basemap.ground).addTo(map);
    this.eventMap = new EventMap(map, scene);
    this.nameLayer = new CanvasLayer("geomap-names", 400, (ctx, view) =>
      basemap.names(this.eventMap.taken, this.eventMap.labelledCountries())(ctx, view),
    );
    this.nameLayer.addTo(map);
    this.selection = selectEvents(scene, this.state);
    const side = /** @type {HTMLElement} */ (document.getElementById("geomap-side"));
    this.panel = new SidePanel(side, scene, {
      open: (event) => this.openFromList(event),
      setLayer: (id, on) => this.apply({ layers: { [id]: on } }),
      clear: () => this.apply({ layers: null, filters: null, time: null }),
    });
    this.addControls();
    this.listen();
    this.take(hashToState(scene, location.hash, this.beginning));
  }

  /** @returns {MapView} */
  viewNow() {
    const { lng, lat } = this.map.getCenter();
    const round = (/** @type {number} */ degrees) => Math.round(degrees * 1e5) / 1e5;
    return { lon: round(lng), lat: round(lat), zoom: this.map.getZoom() };
  }

  /**
   * Change the state from outside.
   * @param {unknown} change
   */
  apply(change) {
    const next = mergeState(this.scene, this.state, change, this.beginning);
    // A list of events is open without any of them being chosen.
    if (next.event === null && /** @type {Record<string, unknown>} */ (change).event === null) this.closePopup();
    this.take(next);
  }

  /**
   * Make a state the one that is shown.
   * @param {State} next
   */
  take(next) {
    const started = performance.now();
    const before = this.state;
    this.state = next;
    this.quiet = true;
    if (next.view !== before.view) {
      this.map.setView([next.view.lat, next.view.lon], next.view.zoom, { animate: false });
      this.state = { ...next, view: this.viewAfter(next.view) };
    }
    this.selection = selectEvents(this.scene, this.state);
    const chosen = this.scene.byId.get(next.event ?? "") ?? null;
    this.eventMap.show(this.selection, chosen);
    this.nameLayer._update();
    this.panel.show(this.selection, this.state);
    if (next.event !== before.event) this.showChosen(chosen);
    this.quiet = false;
    this.writeHash();
    performance.measure("geomap:update", { start: started, end: performance.now() });
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

  /** @param {MapEvent | null} event */
  showChosen(event) {
    if (!event) {
      this.closePopup();
      return;
    }
    const view = viewOf(this.map);
    const at = event.features.map((feature) => this.eventMap.anchorOf(feature, view)).find(Boolean);
    const visible = at && at[0] > view.minX && at[0] < view.maxX && at[1] > view.minY && at[1] < view.maxY;
    // A layer point is good for one view only: moving the map far away starts the points anew.
    const anchor = at ? this.map.layerPointToLatLng(at) : null;
    const place = visible ? anchor : anchor?.wrap() ?? null;
    if (place && !visible && !this.opening.clicked) {
      this.map.panTo(place, { animate: false });
      this.state = { ...this.state, view: this.viewNow() };
    }
    const hidden = !this.selection.shown.includes(event);
    const { clicked, also } = this.opening;
    const panel = eventPanel(this.scene, event, (other) => this.open(other), { hidden, also });
    this.showPopup(panel, clicked ?? place ?? this.map.getCenter(), !place && !clicked);
  }

  /**
   * @param {HTMLElement} content
   * @param {L.LatLng} at
   * @param {boolean} placeless
   */
  showPopup(content, at, placeless) {
    this.closePopup();
    const popup = openPopup(this.map, at, content, { placeless });
    this.popup = popup;
    const element = popup.getElement();
    const heading = /** @type {HTMLElement | null} */ (content.querySelector(".gm-popup-title"));
    if (element && heading) {
      heading.id = "geomap-popup-title";
      element.setAttribute("role", "dialog");
      element.setAttribute("aria-labelledby", heading.id);
      heading.focus({ preventScroll: true });
    }
    popup.on("remove", () => {
      if (this.popup !== popup) return;
      this.popup = null;
      if (this.state.event !== null) this.apply({ event: null });
      this.opener?.focus({ preventScroll: true });
      this.opener = null;
    });
  }

  closePopup() {
    const popup = this.popup;
    this.popup = null;
    popup?.remove();
  }

  /**
   * @param {MapEvent} event
   * @param {{clicked?: L.LatLng, also?: MapEvent[]}} [opening] Where it was clicked, and what else lies there.
   */
  open(event, opening = {}) {
    this.opening = opening;
    if (this.state.event === event.id) this.showChosen(event);
    else this.apply({ event: event.id });
    this.opening = {};
  }

  /** @param {MapEvent} event */
  openFromList(event) {
    const opener = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.open(event);
    this.opener = opener;
    this.map.getContainer().scrollIntoView({ block: "nearest" });
  }

  /** @param {L.LeafletMouseEvent} click */
  click(click) {
    const { first, under } = this.eventMap.at(click.layerPoint);
    const events = [...new Set(first.map(({ event }) => event))];
    if (!events.length) {
      if (this.state.event !== null) this.apply({ event: null });
      else this.closePopup();
      return;
    }
    const also = [...new Set(under.map(({ event }) => event))].filter((event) => !events.includes(event));
    this.opener = null;
    if (events.length === 1) {
      this.open(events[0], { clicked: click.latlng, also });
      return;
    }
    if (this.state.event !== null) this.apply({ event: null });
    const open = (/** @type {MapEvent} */ event) => this.open(event);
    const list = eventList(this.scene, events, open);
    if (also.length) list.append(section(`Also here: ${also.length}`, buttonList(this.scene, also, open)));
    this.showPopup(list, click.latlng, false);
  }

  listen() {
    this.map.on("click", (event) => this.click(event));
    this.map.on("moveend", () => {
      this.notice.hidden = this.map.getZoom() <= BASEMAP_ZOOM;
      if (this.quiet) return;
      this.state = { ...this.state, view: this.viewNow() };
      this.writeHash();
    });
    let asked = false;
    this.map.on("mousemove", (event) => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        const over = this.eventMap.at(event.layerPoint).first.length > 0;
        this.map.getContainer().classList.toggle("gm-over", over);
      });
    });
    document.addEventListener("keydown", (key) => {
      if (key.key === "Escape" && this.popup) this.map.closePopup(this.popup);
    });
    window.addEventListener("hashchange", () => {
      if (location.hash.slice(1) !== this.written) this.take(hashToState(this.scene, location.hash, this.beginning));
    });
  }

  addControls() {
    const container = this.map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", "Map");
    this.notice.setAttribute("role", "status");
    this.notice.hidden = this.map.getZoom() <= BASEMAP_ZOOM;
    container.append(this.notice);
    const attribution = make("div", "leaflet-control-attribution gm-attribution");
    attribution.append("Leaflet");
    // The whole list stands in the panel; on the map it would cover the map.
    for (const line of this.scene.attribution.slice(0, 2)) {
      attribution.append(" | ");
      outside(attribution, line);
    }
    if (this.scene.attribution.length > 2) attribution.append(" | more credits in the legend");
    const control = new L.Control({ position: "bottomright" });
    control.onAdd = () => attribution;
    control.addTo(this.map);
    L.DomEvent.disableClickPropagation(attribution);
  }

  /** The address follows the state where the browser lets a page change it. */
  writeHash() {
    const hash = stateToHash(this.scene, this.state);
    if (hash === this.written || !/^(https?|file):$/.test(location.protocol)) return;
    try {
      history.replaceState(null, "", `#${hash}`);
      this.written = location.hash.slice(1);
    } catch {
      this.written = undefined;
    }
  }
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
function start() {
  const scene = readIsland("geomap-data");
  // Written again from the data: an HTML parser alters some characters that JSON keeps.
  const title = document.querySelector(".gm-title");
  const subtitle = document.querySelector(".gm-subtitle");
  title?.replaceChildren();
  subtitle?.replaceChildren();
  if (title instanceof HTMLElement) outside(title, scene.title);
  if (subtitle instanceof HTMLElement) outside(subtitle, scene.subtitle);
  const container = /** @type {HTMLElement} */ (document.querySelector(".folium-map"));
  const map = /** @type {L.Map} */ (/** @type {Record<string, unknown>} */ (/** @type {unknown} */ (window))[container.id]);
  const page = new Page(map, scene);
  openDoor(scene, {
    state: () => page.state,
    apply: (change) => page.apply(change),
    selection: () => page.selection,
    eventMap: page.eventMap,
  });
}

start();
