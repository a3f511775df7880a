// @ts-check
// A scene on a map that folium made for a notebook.

/**
 * @param {string} text
 * @returns {string} Markup that shows the text and holds nothing else, for Leaflet's controls, which take markup.
 */
function escapedMarkup(text) {
  const box = document.createElement("span");
  outside(box, text);
  return box.innerHTML;
}

/**
 * @param {L.Map} map
 * @param {string} islandId
 */
function startNotebook(map, islandId) {
  const scene = readIsland(islandId);
  map.getContainer().classList.add("gm-notebook");
  const eventMap = new EventMap(map, scene);
  /** @type {Record<string, boolean>} */
  const layers = {};
  /** @type {MapEvent[]} */
  let shown = [];
  const redraw = () => {
    const selection = selectEvents(scene, { time: null, filters: {}, layers });
    shown = selection.shown;
    eventMap.show(selection, null);
  };
  /** @param {MapEvent} event */
  const open = (event) => {
    const view = viewOf(map);
    const at = event.features.map((feature) => eventMap.anchorOf(feature, view)).find(Boolean);
    openPopup(map, at ? map.layerPointToLatLng(at) : map.getCenter(), eventPanel(scene, event, open), { placeless: !at });
  };
  map.on("click", (click) => {
    const { first, under } = eventMap.at(click.layerPoint);
    const events = [...new Set(first.map(({ event }) => event))];
    if (!events.length) {
      map.closePopup();
      return;
    }
    const also = [...new Set(under.map(({ event }) => event))].filter((event) => !events.includes(event));
    const content =
      events.length === 1
        ? eventPanel(scene, events[0], open, { also })
        : eventList(scene, [...events, ...also], open);
    openPopup(map, click.latlng, content);
  });
  /** @type {Record<string, L.LayerGroup>} */
  const overlays = {};
  for (const layer of scene.layers) {
    const group = L.layerGroup();
    group.on("add", () => { layers[layer.id] = true; redraw(); });
    group.on("remove", () => { layers[layer.id] = false; redraw(); });
    overlays[`${escapedMarkup(layer.title)} (${layer.events.length})`] = group;
  }
  for (const group of Object.values(overlays)) group.addTo(map);
  const placeless = L.layerGroup();
  placeless.on("add", () => {
    const without = shown.filter((event) => !event.features.length);
    openPopup(map, map.getCenter(), eventList(scene, without, open, "No place on the map"), { placeless: true });
  });
  if (scene.events.some((event) => !event.features.length)) overlays["List events without a place"] = placeless;
  L.control.layers({}, overlays, { collapsed: false }).addTo(map);
  map.attributionControl?.setPrefix("Leaflet");
  map.attributionControl?.addAttribution(escapedMarkup(scene.worldview));
  for (const line of scene.attribution) map.attributionControl?.addAttribution(escapedMarkup(line));
  redraw();
}

window.geomapNotebook = startNotebook;
