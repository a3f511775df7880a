// @ts-check
// The state of the page as one value, and the address hash as its short form; pure functions.

/**
 * @typedef {{lon: number, lat: number, zoom: number}} MapView
 * @typedef {{view: MapView, time: [string | null, string | null] | null, filters: Filters, layers: Record<string, boolean>, lens: string | null, event: string | null, lang: string, theme: string, list: string, sort: string, tab: string, mode: string, speed: string, symbols: string, asides: string, embed: string}} State
 */

/** What people choose among few: the first of each is the beginning. */
const OPTIONS = {
  theme: ["auto", "light", "dark", "contrast"],
  list: ["all", "view", "unlocated", "undated"],
  sort: ["oldest", "newest"],
  tab: ["events", "filters", "legend"],
  mode: ["window", "cumulative"],
  speed: ["1", "2", "4"],
  symbols: ["types", "neutral", "friend", "hostile", "unknown"],
  asides: ["off", "on"],
  embed: ["off", "on"],
};
const STATE_KEYS = ["view", "time", "filters", "layers", "lens", "event", "lang", ...Object.keys(OPTIONS)];
// More than any choice made by hand; browsers cut addresses that are much longer.
const LONGEST_HASH = 64_000;
// Military symbols open neutral; whose side they stand on is nobody's but the reader's to say.
const FIRST_SIDE = "neutral";
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * @param {Scene} scene
 * @param {MapView} view The view that shows the whole map.
 * @returns {State}
 */
function initialState(scene, view) {
  const options = Object.fromEntries(Object.entries(OPTIONS).map(([key, [first]]) => [key, first]));
  if (scene.symbols) options.symbols = FIRST_SIDE;
  const lang = spokenLanguage(scene.language, scene.messages);
  return /** @type {State} */ ({ view, time: null, filters: {}, layers: layersAtFirst(scene), lens: null, event: null, lang, ...options });
}

/** @param {Scene} scene @returns {string[]} Of events, then of context. */
function layerIds(scene) {
  return [...scene.layers, ...scene.contexts].map(({ id }) => id);
}

/** All layers of events are on, and those of context that say so. @param {Scene} scene */
function layersAtFirst(scene) {
  /** @type {Record<string, boolean>} */
  const layers = Object.create(null);
  for (const { id, shown } of scene.contexts) layers[id] = shown;
  for (const { id } of scene.layers) layers[id] = true;
  return layers;
}

/** @param {unknown} value @returns {Record<string, unknown>} */
function asRecord(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TypeError("expected an object");
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * Take a change into a state; a key that is given as null goes back to its beginning.
 * @param {Scene} scene
 * @param {State} state
 * @param {unknown} change
 * @param {State} beginning
 * @returns {State}
 * @throws {TypeError | RangeError} For an unknown key or a value of another kind; nothing is changed then.
 */
function mergeState(scene, state, change, beginning) {
  const next = { ...state };
  for (const [key, value] of Object.entries(asRecord(change))) {
    if (!STATE_KEYS.includes(key)) throw new RangeError(`unknown key of the state: ${key}`);
    if (value === undefined) continue;
    if (key === "view") next.view = value === null ? beginning.view : mergeView(state.view, asRecord(value));
    else if (key === "time") next.time = value === null ? null : readTime(value);
    else if (key === "filters") next.filters = value === null ? {} : mergeFilters(state.filters, asRecord(value));
    else if (key === "layers") next.layers = value === null ? beginning.layers : mergeLayers(state.layers, asRecord(value), beginning.layers);
    else if (key === "event") next.event = value === null ? null : readEvent(scene, value);
    else if (key === "lens") next.lens = value === null ? null : readLens(scene, value);
    else if (key === "lang") next.lang = value === null ? beginning.lang : readLanguage(scene, value);
    else next[/** @type {"theme"} */ (key)] = value === null ? beginning[/** @type {"theme"} */ (key)] : readOption(key, value);
  }
  if (!scene.symbols) next.symbols = OPTIONS.symbols[0];
  return next;
}

/**
 * @param {MapView} view
 * @param {Record<string, unknown>} change
 * @returns {MapView}
 */
function mergeView(view, change) {
  const limits = /** @type {Record<string, [number, number]>} */ ({ lon: [-540, 540], lat: [-90, 90], zoom: [0, 24] });
  const next = { ...view };
  for (const [key, value] of Object.entries(change)) {
    if (!Object.hasOwn(limits, key)) throw new RangeError(`unknown key of the view: ${key}`);
    const [low, high] = limits[key];
    if (typeof value !== "number" || !(value >= low && value <= high)) throw new RangeError(`view.${key} out of range`);
    // As fine as the hash tells it, about a metre; adding 0 makes -0 plain.
    next[/** @type {keyof MapView} */ (key)] = key === "zoom" ? value : Math.round(value * 1e5) / 1e5 + 0;
  }
  return next;
}

/**
 * @param {unknown} value
 * @returns {[string | null, string | null]}
 */
function readTime(value) {
  if (!Array.isArray(value) || value.length !== 2) throw new TypeError("time is [first, last] or null");
  for (const day of value) {
    if (day !== null && !(typeof day === "string" && DAY.test(day) && isDay(day))) {
      throw new RangeError(`not a day: ${String(day)}`);
    }
  }
  const [first, last] = value;
  if (first !== null && last !== null && first > last) throw new RangeError("time ends before it begins");
  return [first, last];
}

/** Whether the calendar has a day: 30 February is none. @param {string} day */
function isDay(day) {
  const number = dayNumber(day);
  return !Number.isNaN(number) && isoDay(number) === day;
}

/**
 * @param {Filters} filters
 * @param {Record<string, unknown>} change
 * @returns {Filters}
 */
function mergeFilters(filters, change) {
  const next = { ...filters };
  for (const [key, value] of Object.entries(change)) {
    if (!FILTER_KEYS.includes(key)) throw new RangeError(`unknown filter: ${key}`);
    const values = Array.isArray(value) ? value : [value];
    if (value === null || value === undefined || !values.length || value === "") {
      delete next[key];
    } else if (key === "max_km") {
      if (!values.every((limit) => typeof limit === "number" && limit >= 0)) throw new TypeError("max_km is a number");
      next[key] = Math.max(...values);
    } else if (values.every((word) => typeof word === "string")) {
      next[key] = key === "text" && !Array.isArray(value) ? values[0] : [...values];
    } else {
      throw new TypeError(`filters.${key} is a list of texts`);
    }
  }
  return next;
}

/**
 * @param {Record<string, boolean>} layers
 * @param {Record<string, unknown>} change
 * @param {Record<string, boolean>} beginning
 */
function mergeLayers(layers, change, beginning) {
  const next = Object.assign(Object.create(null), layers);
  for (const [id, on] of Object.entries(change)) {
    if (!(id in layers)) throw new RangeError(`unknown layer: ${id}`);
    if (on !== null && typeof on !== "boolean") throw new TypeError(`layers.${id} is true or false`);
    next[id] = on ?? beginning[id];
  }
  return next;
}

/** @param {Scene} scene @param {unknown} value */
function readEvent(scene, value) {
  if (typeof value !== "string" || scene.text.rowOf(value) < 0) throw new RangeError(`unknown event: ${String(value)}`);
  return value;
}

/** @param {Scene} scene @param {unknown} value */
function readLanguage(scene, value) {
  if (typeof value !== "string" || !Object.hasOwn(scene.messages, value)) throw new RangeError(`no such language here: ${String(value)}`);
  return /** @type {string} */ (value);
}

/** @param {Scene} scene @param {unknown} value */
function readLens(scene, value) {
  const known = value === LENS_CONFIRMED || (typeof value === "string" && value.startsWith(LENS_BY) && scene.words.claimant.includes(value.slice(LENS_BY.length)));
  if (!known) throw new RangeError(`nobody here tells it: ${String(value)}`);
  return /** @type {string} */ (value);
}

/** @param {string} key @param {unknown} value */
function readOption(key, value) {
  const allowed = OPTIONS[/** @type {keyof typeof OPTIONS} */ (key)];
  if (typeof value !== "string" || !allowed.includes(value)) throw new RangeError(`${key} is one of ${allowed.join(", ")}`);
  return value;
}

/** @param {string} text */
function hashPart(text) {
  return encodeURIComponent(text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd"));
}

/**
 * The short form of a state; what is as in the beginning is left out.
 * @param {Scene} scene
 * @param {State} state
 * @param {State} beginning
 */
function stateToHash(scene, state, beginning) {
  const { view, time, filters, layers, event, lang } = state;
  const parts = [`v=${[view.lon.toFixed(5), view.lat.toFixed(5), view.zoom].map(Number).join(",")}`];
  if (time) parts.push(`t=${time[0] ?? ""},${time[1] ?? ""}`);
  for (const key of FILTER_KEYS) {
    const value = filters[key];
    if (value === undefined) continue;
    // A text that stands alone is told from a list of one by its key.
    const name = key === "text" && typeof value === "string" ? "q" : key;
    parts.push(`${name}=${asList(value).map(hashPart).join(",")}`);
  }
  const changed = layerIds(scene).filter((id) => layers[id] !== beginning.layers[id]);
  for (const name of ["off", "on"]) {
    const ids = changed.filter((id) => layers[id] === (name === "on")).map(hashPart);
    if (ids.length) parts.push(`${name}=${ids.join(",")}`);
  }
  if (event !== null) parts.push(`e=${hashPart(event)}`);
  if (state.lens !== null) parts.push(`lens=${hashPart(state.lens)}`);
  if (lang !== beginning.lang) parts.push(`lang=${hashPart(lang)}`);
  for (const key of Object.keys(OPTIONS)) {
    const value = state[/** @type {"theme"} */ (key)];
    if (value !== beginning[/** @type {"theme"} */ (key)]) parts.push(key === "embed" ? "embed" : `${key}=${value}`);
  }
  return parts.join("&");
}

/**
 * Read a hash that anybody may have written: what is not understood is left out, the rest is taken.
 * @param {Scene} scene
 * @param {string} hash
 * @param {State} beginning
 * @returns {State}
 */
function hashToState(scene, hash, beginning) {
  let state = beginning;
  if (hash.length > LONGEST_HASH) return state;
  for (const part of hash.replace(/^#/, "").split("&")) {
    const split = part.indexOf("=");
    if (split < 1 && part !== "embed") continue;
    try {
      const change = split < 1 ? { embed: "on" } : hashChange(scene, part.slice(0, split), part.slice(split + 1).split(",").map(decodeURIComponent));
      if (change) state = mergeState(scene, state, change, beginning);
    } catch {
      continue;
    }
  }
  return state;
}

/**
 * @param {Scene} scene
 * @param {string} key
 * @param {string[]} values
 * @returns {object | null}
 */
function hashChange(scene, key, values) {
  const numbers = () => values.map((value) => (value.trim() ? Number(value) : NaN));
  if (key === "v") {
    const [lon, lat, zoom] = numbers();
    return { view: { lon, lat, zoom } };
  }
  if (key === "t") return { time: [values[0] || null, values[1] || null] };
  if (key === "q") return { filters: { text: values[0] } };
  if (key === "max_km") return { filters: { max_km: numbers()[0] } };
  if (FILTER_KEYS.includes(key)) return { filters: { [key]: values } };
  // A layer that the map no longer has takes nothing from the others.
  if (key === "off" || key === "on") return { layers: Object.fromEntries(layerIds(scene).filter((id) => values.includes(id)).map((id) => [id, key === "on"])) };
  if (key === "e") return { event: values[0] };
  if (key === "lang") return { lang: values[0] };
  // A name may hold a comma.
  if (key === "lens") return { lens: values.join(",") };
  if (Object.hasOwn(OPTIONS, key)) return { [key]: values[0] };
  return null;
}
