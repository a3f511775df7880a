// @ts-check
// A scene on a map that folium made for a notebook.

/**
 * @param {string} text
 * @returns {string} Markup that shows the text and holds nothing else, for Leaflet's controls, which take markup.
 */
function escapedMarkup(text) {
  const box = document.createElement("span");
  outside(box, text);
  // The one place that reads markup: what the browser itself escapes of a text node, for a control that takes no nodes.
  // Two characters it leaves as they are, which a parser would read as others.
  // eslint-disable-next-line no-restricted-properties
  return box.innerHTML.replaceAll("\r", "&#13;").replaceAll("\0", "&#65533;");
}

/**
 * Show a node in a Leaflet popup; Leaflet gets a DOM node, never text.
 * @param {L.Map} map
 * @param {L.LatLng} at
 * @param {HTMLElement} content
 * @param {boolean} [placeless]
 */
function openPopup(map, at, content, placeless) {
  const size = map.getSize();
  L.popup({
    className: placeless ? "gm-leaflet-popup gm-placeless" : "gm-leaflet-popup",
    maxWidth: Math.max(200, Math.min(360, size.x - 44)),
    minWidth: Math.max(180, Math.min(300, size.x - 60)),
    maxHeight: Math.max(140, Math.min(460, size.y - 90)),
    offset: [0, 2],
    // Clear of the zoom buttons and of the attribution.
    autoPanPaddingTopLeft: [46, 10],
    autoPanPaddingBottomRight: [9, 24],
    autoClose: true,
    closeOnClick: false,
  })
    .setLatLng(at)
    .setContent(content)
    .openOn(map);
}

/**
 * @param {L.Map} map
 * @param {string} islandId
 */
async function startNotebook(map, islandId) {
  const scene = await readIsland(islandId);
  speak(scene.language, scene.messages);
  await openSigns(scene, "neutral");
  wearSigns(scene.symbols ? "neutral" : "types");
  map.getContainer().classList.add("gm-notebook");
  const filter = new EventFilter(scene, new SearchIndex(scene));
  const eventMap = new EventMap(map, scene, filter);
  /** @type {Record<string, boolean>} */
  const layers = Object.create(null);
  const redraw = () => {
    filter.apply({ time: null, filters: {}, layers, lens: null });
    eventMap.show();
  };
  /**
   * @param {number} row
   * @param {{at?: L.LatLng, also?: number[]}} [about]
   */
  const open = async (row, { at, also } = {}) => {
    await scene.text.openBodies([row]);
    const view = viewOf(map);
    const found = featuresOf(scene, row).map((feature) => eventMap.anchorOf(feature, view)).find(Boolean);
    const place = at ?? (found ? map.layerPointToLatLng(found) : undefined);
    openPopup(map, place ?? map.getCenter(), eventCard(scene, row, (other) => void open(other), { also }), !place);
  };
  map.on("click", (click) => {
    const { first, under, cluster } = eventMap.at(click.layerPoint);
    const rows = [...new Set(first.map((feature) => scene.features.event[feature]))];
    const also = [...new Set(under.map((feature) => scene.features.event[feature]))].filter((row) => !rows.includes(row));
    if (cluster) map.setView(click.latlng, map.getZoom() + 2);
    else if (!rows.length) map.closePopup();
    else if (rows.length === 1) void open(rows[0], { at: click.latlng, also });
    else openPopup(map, click.latlng, eventList(scene, [...rows, ...also], (row) => void open(row)));
  });
  /** @type {Record<string, L.LayerGroup>} */
  const overlays = {};
  scene.layers.forEach((layer, number) => {
    const group = L.layerGroup();
    group.on("add", () => { layers[layer.id] = true; redraw(); });
    group.on("remove", () => { layers[layer.id] = false; redraw(); });
    let count = 0;
    for (const own of scene.events.layers.values) if (own === number) count += 1;
    overlays[`${escapedMarkup(layer.title)} (${count})`] = group;
  });
  const contexts = new ContextMap(map, scene);
  const shown = /** @type {Record<string, boolean>} */ ({});
  for (const context of scene.contexts) {
    const group = L.layerGroup();
    group.on("add", () => { shown[context.id] = true; contexts.show(shown); });
    group.on("remove", () => { shown[context.id] = false; contexts.show(shown); });
    const words = escapedMarkup(`${context.title}: ${contextWords(context)}`);
    L.control.layers({}, { [words]: group }, { collapsed: false, position: "topright" }).addTo(map);
    if (context.shown) group.addTo(map);
    map.attributionControl?.addAttribution(words);
  }
  redraw();
  for (const group of Object.values(overlays)) group.addTo(map);
  const { features, count } = scene.events;
  const placeless = L.layerGroup();
  placeless.on("add", () => {
    const without = [...filter.rows].filter((row) => features[row] === features[row + 1]);
    openPopup(map, map.getCenter(), eventList(scene, without, (row) => void open(row), t("place.none")), true);
  });
  if (Array.from({ length: count }, (_, row) => row).some((row) => features[row] === features[row + 1])) overlays[t("notebook.placeless")] = placeless;
  L.control.layers({}, overlays, { collapsed: false }).addTo(map);
  map.attributionControl?.setPrefix("Leaflet");
  map.attributionControl?.addAttribution(escapedMarkup(scene.worldview));
  for (const line of scene.attribution) map.attributionControl?.addAttribution(escapedMarkup(line));
}

window.geomapNotebook = startNotebook;
