// @ts-check
// The data island: columns of numbers for every event and feature, and their texts in blocks opened when needed.

/**
 * @typedef {{by?: unknown, stance?: string, about?: unknown, about_label?: unknown, about_by?: unknown, text?: unknown, quote?: unknown, when?: unknown, source?: string, via?: unknown, credibility?: unknown}} Claim
 * @typedef {{id: string, publisher?: unknown, author?: unknown, title?: unknown, url?: unknown, href?: string | null, archive_url?: unknown, archive_href?: string | null, published?: unknown, published_basis?: unknown, kind?: string, reliability?: unknown, graded_by?: unknown, derived_from?: unknown, licence?: unknown}} Source
 * @typedef {{name?: unknown, role?: string | null, precision?: string, relation?: string, note?: unknown, drawn?: boolean, method?: string, lon?: number | null, lat?: number | null, radius_m?: number | null}} PlaceDetail
 * @typedef {{when_words?: unknown, when_basis?: string, claims?: Claim[], sources?: number[], actors?: (string | {name?: unknown, role?: string})[], quantities?: unknown[], equipment?: unknown[], relations?: {type?: string, event?: string, title?: unknown}[], places?: PlaceDetail[], evidence?: {quote?: unknown, source?: unknown, field?: string}[], media?: {url?: unknown, credit?: unknown, captured?: unknown}[], where_unknown?: boolean, status_basis?: unknown, status_reason?: Record<string, string | number>}} Detail
 * @typedef {{title: string, when: string | null, edtf: string, place: string}} Head
 * @typedef {{summary: string | null, detail: Detail}} EventBody
 * @typedef {{id: string, label: string, colour: string, glyph: string}} TypeSymbol
 * @typedef {{id: string, title: string, group: string}} Layer
 * @typedef {Uint8Array | Uint16Array | Uint32Array} Numbers As narrow as they can be: nobody writes into them, for columns that are alike share their memory.
 * @typedef {{starts: Uint32Array, values: Numbers}} Lists
 * @typedef {{count: number, type: Numbers, subtype: Numbers, status: Uint8Array, modality: Uint8Array, datePrecision: Uint8Array, flags: Uint8Array, first: Int32Array, last: Int32Array, origins: Uint16Array, actors: Lists, claimants: Lists, stances: Uint8Array, reason: Uint32Array, actorRoles: Uint8Array, sources: Lists, layers: Lists, features: Uint32Array}} EventColumns
 * @typedef {{count: number, event: Uint32Array, site: Uint32Array}} FeatureColumns
 * @typedef {{count: number, shape: Uint8Array, precision: Uint8Array, role: Uint8Array, note: Uint32Array, place: Uint32Array, spot: Uint32Array, ring: Uint32Array, geometry: Uint32Array, radius: Float32Array, width: Float32Array, relation: Uint8Array, method: Uint8Array}} SiteColumns What all features at one place share.
 * @typedef {{count: number, event: Uint32Array, shape: Uint8Array, role: Uint8Array, place: Uint32Array, x: Float64Array, y: Float64Array, lon: Float64Array, lat: Float64Array, radius: Float32Array, geometry: Uint32Array}} AsideColumns
 * @typedef {{id: string, title: string, date: string, edtf: string, credit: string, url: string, href: string | null, licence: string, colour: string, shown: boolean, labels: string[], shapes: Shape[]}} Context
 * @typedef {{count: number, spot: Uint32Array, radius: Float32Array, near: Uint8Array}} Rings
 * @typedef {{subtype: (string | null)[], modality: (string | null)[], date_precision: (string | null)[], role: (string | null)[], note: (string | null)[], actor: [string, string | null][], relation: (string | null)[], method: (string | null)[], claimant: string[], source: string[], place: [string | null, string | null, string][], actor_role: (string | null)[], reason: (Record<string, string | number> | null)[]}} Words
 * @typedef {{title: string, subtitle: string, language: string, worldview: string, worldview_note: string, attribution: string[], bbox: [number, number, number, number], centre: [number, number, number] | null, types: TypeSymbol[], statuses: string[], precisions: string[], shapes: string[], layers: Layer[], events: EventColumns, features: FeatureColumns, sites: SiteColumns, spots: Spots, rings: Rings, words: Words, shapesDrawn: Shape[], basemap: any, tiles: {url: string, attribution: string, max_zoom: number} | null, text: TextStore, asides: AsideColumns, contexts: Context[], folds: Map<string, string>, movements: {event: number, from: [number, number] | null, to: [number, number] | null, label: string, country: boolean}[], messages: Record<string, Messages>, symbols: MilitarySymbols | null}} Scene
 * @typedef {{bytes: Uint8Array, vocabulary: string[]}} CodedTexts Texts whose words are numbers of a vocabulary, see `readTexts`.
 * @typedef {unknown} Part A part of the island: as it is, or as base64 of deflated bytes.
 */

const NO_DAY = -(2 ** 31);
const NONE = 2 ** 32 - 1;
const DRAFT = 1;
const ONE_OF = 2;
const END_OPEN = 4;
const UNKNOWN_PLACE = 8;
/** How a claimant stands to an event whom its lens tells as denied. */
const OPPOSES = 2;

/** @type {TypeSymbol} */
const UNKNOWN_TYPE = { id: "", label: "", colour: "#777777", glyph: "dot" };

// How many parts of the world's height are told apart where whole numbers stand for y: 64 to a pixel at the nearest zoom.
const DOWN_PARTS = 2 ** 31;

/** Positions as whole steps: four numbers with a fraction for each of a million would take three times the memory. */
class Spots {
  /**
   * @param {{west: Uint32Array, south: Uint32Array, corner: [number, number], parts: number, badge: Uint8Array}} steps
   */
  constructor({ west, south, corner, parts, badge }) {
    this.count = west.length;
    /** So many steps east of the corner, and north of it. */
    this.west = west;
    this.south = south;
    this.corner = corner;
    /** Steps of a degree. */
    this.parts = parts;
    this.badge = badge;
    /** The world's y, in `DOWN_PARTS`. */
    this.down = new Uint32Array(this.count);
    for (let spot = 0; spot < this.count; spot++) this.down[spot] = Math.round(this.y(spot) * DOWN_PARTS);
  }

  /** @param {number} spot */
  lon(spot) {
    return (this.west[spot] + this.corner[0]) / this.parts;
  }

  /** @param {number} spot */
  lat(spot) {
    return (this.south[spot] + this.corner[1]) / this.parts;
  }

  /** @param {number} spot */
  x(spot) {
    return this.xOf(this.west[spot]);
  }

  /** @param {number} spot */
  y(spot) {
    return worldY(this.lat(spot));
  }

  /** The world's x of so many steps, or of their mean. @param {number} west */
  xOf(west) {
    return worldX((west + this.corner[0]) / this.parts);
  }
}

/**
 * Read the island with this id.
 * @param {string} id
 * @returns {Promise<Scene>}
 */
async function readIsland(id) {
  const raw = JSON.parse(document.getElementById(id)?.textContent ?? "null");
  speech.author = raw.language;
  const text = new TextStore(raw.events);
  const [events, { features, sites }, spots, rings, words, geometries, basemap, messages, asides, contexts, symbols] = await Promise.all([
    readEvents(raw.events),
    readFeatures(raw.features),
    readSpots(raw.features.spots),
    readRings(raw.features.rings),
    readWords(raw.words),
    readPart(raw.geometries),
    readPart(raw.basemap),
    readPart(raw.messages),
    readAsides(raw.asides),
    readContexts(raw.contexts),
    readPart(raw.symbols),
    text.open(),
  ]);
  const shapesDrawn = geometries.map(readShape);
  events.features = features.starts;
  text.complete = (row, head) => completeHead(scene, row, head);
  text.completeDetail = (row, detail) => completeDetail(scene, row, detail);
  rings.radius = sharing(rings.radius, sites.radius);
  sites.width = widths(sites, shapesDrawn, raw.shapes.indexOf("badge"));
  /** @type {Scene} */
  const scene = {
    ...raw, events, features, sites, spots, rings, words, shapesDrawn, basemap, messages, text, asides, contexts, folds: readFolds(raw.folds),
    symbols: symbols && { ...symbols, kinds: new Map(Object.entries(symbols.kinds)) },
  };
  return scene;
}

/**
 * A head with what the columns say already: a plain day as EDTF, and its places in words.
 * @param {Scene} scene
 * @param {number} row
 * @param {Record<string, unknown>} head
 * @returns {Head}
 */
function completeHead(scene, row, head) {
  const { first, last } = scene.events;
  const isDay = !head.edtf && head.when === null && first[row] !== NO_DAY && first[row] === last[row];
  return {
    title: String(head.title), when: /** @type {string | null} */ (head.when),
    edtf: isDay ? isoDay(first[row]) : String(head.edtf ?? ""), place: head.place ? String(head.place) : placesText(scene, row),
  };
}

/**
 * A detail with what the columns say already: sources, actors with their parts, the reason of its status.
 * @param {Scene} scene
 * @param {number} row
 * @param {Detail} detail
 * @returns {Detail}
 */
function completeDetail(scene, row, detail) {
  const { events, words } = scene;
  const { starts } = events.actors;
  const roles = words.actor_role.length ? Array.from(events.actorRoles.subarray(starts[row], starts[row + 1]), (role) => words.actor_role[role]) : [];
  const reason = words.reason[events.reason[row]];
  return {
    ...detail,
    sources: Array.from(listOf(events.sources, row)),
    ...(!detail.actors && roles.some(Boolean) ? { actors: roles.map((role) => role ?? "") } : {}),
    ...(reason && { [reason.code ? "status_reason" : "status_basis"]: reason.code ? reason : reason.basis }),
    ...(events.flags[row] & UNKNOWN_PLACE && { where_unknown: true }),
  };
}

/**
 * The drawn places of an event, in words.
 * @param {Scene} scene
 * @param {number} row
 */
function placesText(scene, row) {
  const { words, features, sites } = scene;
  const order = ["origin", "route", "destination", "overflown", "target", "site"];
  const places = featuresOf(scene, row).map((f) => ({ name: placeName(scene, f), role: words.role[sites.role[features.site[f]]] ?? "site" }));
  places.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  const shown = places.filter(({ name }) => name).map(({ name, role }) => (messageOf(`toward.${role}`) ? t(`toward.${role}`, { place: name }) : name));
  return [...new Set(shown)].join("; ");
}

/**
 * @param {any} raw
 * @returns {Promise<EventColumns>}
 */
async function readEvents(raw) {
  const [type, subtype, status, modality, datePrecision, flags, first, last, origins, stances, reason, actorRoles] = await Promise.all([
    readColumn(raw.type, Uint16Array), readColumn(raw.subtype, Uint16Array), readColumn(raw.status, Uint8Array),
    readColumn(raw.modality, Uint8Array), readColumn(raw.date_precision, Uint8Array), readColumn(raw.flags, Uint8Array),
    readColumn(raw.first, Int32Array), readColumn(raw.last, Int32Array), readColumn(raw.n_origins, Uint16Array),
    readColumn(raw.stances, Uint8Array), readColumn(raw.reason, Uint32Array), readColumn(raw.actor_roles, Uint8Array),
  ]);
  const [actors, claimants, sources, layers] = await Promise.all(
    [raw.actors, raw.claimants, raw.sources, raw.layers].map(readLists),
  );
  return {
    count: raw.count, type: narrowed(type), subtype: narrowed(subtype), status, modality, datePrecision, flags, first, last: sharing(last, first), origins, stances, reason, actorRoles,
    actors, claimants, sources, layers, features: new Uint32Array(raw.count + 1),
  };
}

/**
 * Features name a site each, which says all that features at one place share.
 * @param {any} raw
 * @returns {Promise<{features: FeatureColumns & {starts: Uint32Array}, sites: SiteColumns}>}
 */
async function readFeatures(raw) {
  const own = raw.sites;
  const [site, note, place, spot, ring, geometry] = await Promise.all(
    [raw.site, own.note, own.place, own.spot, own.ring, own.geometry].map(async (part) => sharing(await readColumn(part, Uint32Array))),
  );
  const [shape, precision, role, relation, method] = await Promise.all(
    [own.shape, own.precision, own.role, own.relation, own.method].map((part) => readColumn(part, Uint8Array)),
  );
  const radius = await readColumn(own.radius, Float32Array);
  const starts = startsOf(await readColumn(raw.lengths, Uint16Array));
  const isPlain = isCounting(starts);
  const event = isPlain ? countingTo(site.length) : new Uint32Array(site.length);
  if (!isPlain) for (let row = 0; row + 1 < starts.length; row++) for (let f = starts[row]; f < starts[row + 1]; f++) event[f] = row;
  return {
    features: { count: site.length, event, site, starts },
    sites: { count: shape.length, shape, precision, role, note, place, spot, ring, geometry, radius, width: radius, relation, method },
  };
}

/**
 * @param {any} raw
 * @returns {Promise<Spots>}
 */
async function readSpots(raw) {
  const [west, south] = await Promise.all([raw.lon, raw.lat].map((part) => readColumn(part, Uint32Array)));
  return new Spots({ west, south, corner: raw.corner, parts: raw.parts, badge: await readColumn(raw.badge, Uint8Array) });
}

/**
 * @param {any} raw
 * @returns {Promise<AsideColumns>}
 */
async function readAsides(raw) {
  const [event, place, geometry] = await Promise.all([raw.event, raw.place, raw.geometry].map((part) => readColumn(part, Uint32Array)));
  const [shape, role] = await Promise.all([raw.shape, raw.role].map((part) => readColumn(part, Uint8Array)));
  const [lon, lat] = await Promise.all([raw.lon, raw.lat].map((part) => readColumn(part, Float64Array)));
  return { count: raw.count, event, shape, role, place, lon, lat, x: lon.map(worldX), y: lat.map(worldY), radius: await readColumn(raw.radius, Float32Array), geometry };
}

/**
 * @param {Part} part
 * @returns {Promise<Context[]>}
 */
async function readContexts(part) {
  const raw = /** @type {(Omit<Context, "shapes"> & {shapes: GeoShape[]})[]} */ ((await readPart(part)) ?? []);
  return raw.map((context) => ({ ...context, shapes: context.shapes.map(readShape) }));
}

/**
 * @param {any} raw
 * @returns {Promise<Rings>}
 */
async function readRings(raw) {
  const spot = sharing(await readColumn(raw.spot, Uint32Array));
  const radius = await readColumn(raw.radius, Float32Array);
  return { count: spot.length, spot, radius, near: await readColumn(raw.near, Uint8Array) };
}

/**
 * @param {Record<string, Part>} raw
 * @returns {Promise<Words>}
 */
async function readWords(raw) {
  const read = await Promise.all(Object.entries(raw).map(async ([name, part]) => [name, await readPart(part)]));
  const empty = { subtype: [], modality: [], date_precision: [], role: [], note: [], actor: [], relation: [], method: [], claimant: [], source: [], place: [], actor_role: [], reason: [] };
  return { ...empty, ...Object.fromEntries(read) };
}

/**
 * @param {[number, string][]} runs
 * @returns {Map<string, string>}
 */
function readFolds(runs) {
  /** @type {Map<string, string>} */
  const folds = new Map();
  for (const [first, run] of runs) {
    run.split("|").forEach((fold, i) => folds.set(String.fromCodePoint(first + i), fold));
  }
  return folds;
}

/**
 * How wide each site is, in metres, as a radius: 0 for a point of no stated width, infinite for a country.
 * @param {SiteColumns} sites
 * @param {Shape[]} shapes
 * @param {number} badge
 */
function widths(sites, shapes, badge) {
  const degree = (EARTH_RADIUS_M * Math.PI) / 180;
  const reach = shapes.map(({ degrees: [west, south, east, north] }) => {
    const middle = (((south + north) / 2) * Math.PI) / 180;
    return Math.hypot((east - west) * degree * Math.cos(middle), (north - south) * degree) / 2;
  });
  const { count, radius, shape, geometry } = sites;
  let stated = 0;
  while (stated < count && radius[stated] >= 0) stated += 1;
  if (stated === count) return radius;
  const wide = radius.slice();
  for (let site = stated; site < count; site++) {
    if (radius[site] >= 0) continue;
    wide[site] = shape[site] === badge ? Infinity : geometry[site] === NONE ? 0 : reach[geometry[site]];
  }
  return wide;
}

/**
 * @template K, T
 * @param {Map<K, T[]>} groups
 * @param {K} key
 * @param {T} member
 */
function gather(groups, key, member) {
  const group = groups.get(key);
  if (group) group.push(member);
  else groups.set(key, [member]);
}

/**
 * @param {Scene} scene
 * @param {number} row
 */
function symbolOf(scene, row) {
  return scene.types[scene.events.type[row]] ?? UNKNOWN_TYPE;
}

/**
 * Rows of the features of an event, from the first to before the last.
 * @param {Scene} scene
 * @param {number} row
 * @returns {number[]}
 */
function featuresOf(scene, row) {
  const { features } = scene.events;
  return Array.from({ length: features[row + 1] - features[row] }, (_, i) => features[row] + i);
}

/**
 * @param {Scene} scene
 * @param {number} feature
 */
function shapeOf(scene, feature) {
  return scene.shapes[scene.sites.shape[scene.features.site[feature]]];
}

/**
 * What the features at a site count as in the legend: their shape, with airspace and waters apart.
 * @param {Scene} scene
 * @param {number} site
 */
function kindOf({ sites, shapes, precisions }, site) {
  const shape = shapes[sites.shape[site]];
  if (shape !== "area") return shape;
  const precision = precisions[sites.precision[site]];
  return precision === "waters" ? "waters" : precision === "line" ? "line" : "area";
}

/**
 * The place of a feature as it is written, or empty.
 * @param {Scene} scene
 * @param {number} feature
 */
function placeName(scene, feature) {
  return siteName(scene, scene.features.site[feature]);
}

/**
 * The place of a site as it is written; one without a name by its position, latitude first.
 * @param {Scene} scene
 * @param {number} site
 */
function siteName({ words, sites, spots }, site) {
  const name = words.place[sites.place[site]]?.[0];
  const spot = sites.spot[site];
  if (name || name === "" || spot === NONE || spots.badge[spot]) return name ?? "";
  return `${Number(spots.lat(spot).toPrecision(6))}, ${Number(spots.lon(spot).toPrecision(6))}`;
}
