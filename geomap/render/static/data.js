// @ts-check
// The data island, read once into rows.

/**
 * @typedef {{by?: unknown, stance?: string, about?: unknown, about_label?: unknown, text?: unknown, quote?: unknown, when?: unknown, source?: string, via?: unknown}} Claim
 * @typedef {{id: string, publisher?: unknown, title?: unknown, url?: unknown, href?: string | null, published?: unknown, published_basis?: unknown, kind?: string, reliability?: unknown, graded_by?: unknown, derived_from?: unknown}} Source
 * @typedef {{when_words?: unknown, claims?: Claim[], sources?: Source[], actors?: {name?: unknown, role?: string}[], quantities?: unknown[], equipment?: unknown[], relations?: {type?: string, event?: string, title?: unknown}[], places?: {name?: unknown, role?: string | null, precision?: string, note?: unknown, drawn?: boolean}[], evidence?: {quote?: unknown}[], media?: {url?: unknown, credit?: unknown, captured?: unknown}[], where_unknown?: boolean, status_basis?: unknown}} Detail
 * @typedef {{row: number, id: string, title: string, type: string, subtype: string | null, status: string, modality: string | null, workflow: string | null, when: string | null, t_start: string | null, t_end: string | null, date_precision: string | null, end_open: boolean | null, place: string | null, summary: string | null, actors: string[], claimants: string[], sources: string[], n_origins: number | null, search: string, detail: Detail, features: MapFeature[], layers: Layer[]}} MapEvent
 * @typedef {{row: number, id: string, event: MapEvent, shape: string, precision: string, role: string | null, label: string | null, note: string | null, lon: number | null, lat: number | null, radius_m: number | null, geometry: number | null}} MapFeature
 * @typedef {{id: string, label: string, colour: string, glyph: string}} TypeSymbol
 * @typedef {{id: string, title: string, group: string, events: number[]}} Layer
 * @typedef {{window: number[], world: GeoShape, land: GeoShape, borders: GeoShape, disputed: GeoShape, regions: GeoShape, towns: [number, number, string, number][], countries: [number, number, string][]}} Basemap
 * @typedef {{title: string, subtitle: string, language: string, worldview: string, attribution: string[], bbox: [number, number, number, number], centre: [number, number, number] | null, worldview_note: string, types: Map<string, TypeSymbol>, precisions: Record<string, string>, layers: Layer[], events: MapEvent[], byId: Map<string, MapEvent>, features: MapFeature[], shapes: Shape[], basemap: Basemap}} Scene
 */

/** @type {TypeSymbol} */
const UNKNOWN_TYPE = { id: "", label: "Other", colour: "#777777", glyph: "dot" };

/**
 * @param {Record<string, any[]>} columns
 * @returns {any[]}
 */
function rowsOf(columns) {
  const names = Object.keys(columns);
  const count = names.length ? columns[names[0]].length : 0;
  return Array.from({ length: count }, (_, row) => {
    /** @type {Record<string, unknown>} */
    const value = { row };
    for (const name of names) value[name] = columns[name][row];
    return value;
  });
}

/**
 * Read the island with this id.
 * @param {string} id
 * @returns {Scene}
 */
function readIsland(id) {
  const raw = JSON.parse(document.getElementById(id)?.textContent ?? "null");
  /** @type {MapEvent[]} */
  const events = rowsOf(raw.events);
  for (const event of events) Object.assign(event, { features: [], layers: [], detail: event.detail ?? {} });
  /** @type {MapFeature[]} */
  const features = rowsOf(raw.features);
  for (const feature of features) {
    feature.event = events[/** @type {any} */ (feature).event];
    feature.event.features.push(feature);
  }
  for (const layer of raw.layers) for (const row of layer.events) events[row].layers.push(layer);
  return {
    ...raw,
    types: new Map(raw.types.map((/** @type {TypeSymbol} */ symbol) => [symbol.id, symbol])),
    events,
    features,
    byId: new Map(events.map((event) => [event.id, event])),
    shapes: raw.geometries.map(readShape),
  };
}

/**
 * @param {Scene} scene
 * @param {MapEvent} event
 */
function symbolOf(scene, event) {
  return scene.types.get(event.type) ?? UNKNOWN_TYPE;
}

/**
 * Which group of the side list a feature belongs to; null for what is shown as a point.
 * @param {MapFeature} feature
 */
function listGroupOf(feature) {
  if (feature.shape === "pin" || feature.shape === "ring") return null;
  if (feature.shape === "badge") return "badge";
  if (feature.precision === "waters") return "waters";
  return feature.shape === "area" && feature.precision !== "line" ? "area" : "line";
}
