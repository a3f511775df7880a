// @ts-check
// Which events and features are shown; pure functions of the scene and the state.

/**
 * @typedef {Record<string, string[] | string | number>} Filters
 * @typedef {{time: [string | null, string | null] | null, filters: Filters, layers: Record<string, boolean>}} Choice
 * @typedef {{shown: MapEvent[], features: MapFeature[], undated: number, layers: Record<string, number>}} EventSelection
 */

const FILTER_KEYS = ["type", "actor", "status", "precision", "source", "text", "max_km"];

/**
 * Fold text for searching: no marks, no case.
 * @param {string} text
 */
function foldText(text) {
  return text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase().replaceAll("ß", "ss").replaceAll("ł", "l");
}

/** @param {unknown} value @returns {string[]} */
function asList(value) {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/** @param {Choice} choice @returns {number} */
function widestMetres(choice) {
  const limits = asList(choice.filters.max_km).map(Number);
  return limits.length ? Math.max(...limits) * 1000 : Infinity;
}

/**
 * How wide a feature is, in metres, as a radius; null for a point of no stated width.
 * @param {Scene} scene
 * @param {MapFeature} feature
 */
function widthOf(scene, feature) {
  if (feature.radius_m !== null) return feature.radius_m;
  if (feature.shape === "badge") return Infinity;
  if (feature.geometry === null) return null;
  const [west, south, east, north] = scene.shapes[feature.geometry].degrees;
  const degree = (EARTH_RADIUS_M * Math.PI) / 180;
  const middle = (((south + north) / 2) * Math.PI) / 180;
  return Math.hypot((east - west) * degree * Math.cos(middle), (north - south) * degree) / 2;
}

/**
 * @param {MapEvent} event
 * @param {[string | null, string | null] | null} time Days; null on either side is open.
 */
function overlapsTime(event, time) {
  if (!time) return true;
  if (isUndated(event)) return false;
  const first = event.t_start?.slice(0, 10) ?? null;
  const last = event.t_end?.slice(0, 10) ?? null;
  return (first === null || time[1] === null || first <= time[1]) && (last === null || time[0] === null || last >= time[0]);
}

/** @param {MapEvent} event */
function isUndated(event) {
  return !event.t_start && !event.t_end;
}

/**
 * What an event itself answers to the filters; time, layers and places are asked apart.
 * @param {Scene} scene
 * @param {Choice} choice
 * @returns {(event: MapEvent) => boolean}
 */
function eventFilter(scene, choice) {
  const { filters } = choice;
  const types = new Set(asList(filters.type));
  const statuses = new Set(asList(filters.status));
  const actors = new Set(asList(filters.actor).map(foldText));
  const sources = new Set(asList(filters.source));
  const phrases = asList(filters.text).map((phrase) => foldText(phrase).split(/[^\p{L}\p{N}]+/u).filter(Boolean));
  return (event) =>
    (!types.size || types.has(event.type) || types.has(`${event.type}/${event.subtype}`)) &&
    (!statuses.size || statuses.has(event.status)) &&
    (!actors.size || event.actors.some((name) => actors.has(foldText(asText(name))))) &&
    (!sources.size || event.sources.some((id) => sources.has(id))) &&
    (!phrases.length || phrases.some((words) => words.every((word) => event.search.includes(word))));
}

/**
 * @param {Scene} scene
 * @param {Choice} choice
 * @returns {(feature: MapFeature) => boolean}
 */
function featureFilter(scene, choice) {
  const precisions = new Set(asList(choice.filters.precision));
  const widest = widestMetres(choice);
  return (feature) =>
    (!precisions.size || precisions.has(feature.precision)) &&
    (widest === Infinity || (widthOf(scene, feature) ?? 0) <= widest);
}

/**
 * Whether the layers let an event through: at least one that it stands in is on, or it stands in none.
 * @param {MapEvent} event
 * @param {Record<string, boolean>} layers
 */
function layersShow(event, layers) {
  return !event.layers.length || event.layers.some((layer) => layers[layer.id] !== false);
}

/**
 * Apply the state to the scene.
 * @param {Scene} scene
 * @param {Choice} choice
 * @returns {EventSelection}
 */
function selectEvents(scene, choice) {
  const passes = eventFilter(scene, choice);
  const drawn = featureFilter(scene, choice);
  const precisions = new Set(asList(choice.filters.precision));
  /** @type {EventSelection} */
  const selection = { shown: [], features: [], undated: 0, layers: {} };
  for (const layer of scene.layers) selection.layers[layer.id] = 0;
  for (const event of scene.events) {
    if (!passes(event)) continue;
    const features = event.features.filter(drawn);
    // An event without a drawn place is hidden only when a precision is asked for that is not "none".
    const placeless = !event.features.length && (!precisions.size || precisions.has("none"));
    if (!features.length && !placeless) continue;
    const on = layersShow(event, choice.layers);
    if (on && isUndated(event)) selection.undated += 1;
    if (!overlapsTime(event, choice.time)) continue;
    for (const layer of event.layers) selection.layers[layer.id] += 1;
    if (!on) continue;
    selection.shown.push(event);
    selection.features.push(...features);
  }
  return selection;
}

/**
 * @param {Scene} scene
 * @param {EventSelection} selection
 */
function countSelection(scene, selection) {
  const located = new Set(selection.features.map((feature) => feature.event));
  return {
    total: scene.events.length,
    shown: selection.shown.length,
    unlocated: selection.shown.length - located.size,
    undated: selection.undated,
    layers: selection.layers,
  };
}
