// @ts-check
// What people take away: the filtered events as files, a citation, a sheet of paper.

const CSV_COLUMNS = [
  "event_id", "feature_id", "title", "type", "subtype", "status", "modality", "t_start", "t_end", "when", "date_precision",
  "end_open", "place_name", "place_name_native", "place_role", "precision", "radius_m", "lon", "lat", "actors", "claimants",
  "sources", "source_urls", "n_origins", "summary", "workflow",
];

/**
 * The rows of what is shown, one for each drawn place; an event without one has a row, too. Texts must be open.
 * @param {Scene} scene
 * @param {EventFilter} filter
 * @param {number} row
 * @returns {{feature: number, properties: Record<string, unknown>}[]}
 */
function tableRows(scene, filter, row) {
  const { events, words, features, sites } = scene;
  const head = /** @type {Head} */ (scene.text.head(row));
  const body = /** @type {EventBody} */ (scene.text.body(row));
  const id = scene.text.idOf(row);
  const day = (/** @type {number} */ number, /** @type {string} */ clock) => (number === NO_DAY ? null : `${isoDay(number)}T${clock}Z`);
  const names = (/** @type {Lists} */ lists, /** @type {string[]} */ table) => Array.from(listOf(lists, row), (number) => table[number]);
  const shared = {
    event_id: id, title: head.title, type: scene.types[events.type[row]]?.id ?? "other", subtype: words.subtype[events.subtype[row]],
    status: scene.statuses[events.status[row]], modality: words.modality[events.modality[row]],
    t_start: day(events.first[row], "00:00:00"), t_end: day(events.last[row], "23:59:59"), when: head.edtf || null,
    date_precision: words.date_precision[events.datePrecision[row]], end_open: (events.flags[row] & END_OPEN) !== 0,
    actors: names(events.actors, words.actor.map(([name]) => name)), claimants: names(events.claimants, words.claimant), sources: names(events.sources, words.source),
    source_urls: (body.detail.sources ?? []).map((number) => asText(scene.text.sources[number].url)).filter(Boolean),
    n_origins: events.origins[row], summary: body.summary, workflow: events.flags[row] & DRAFT ? "draft" : "reviewed",
  };
  const drawn = featuresOf(scene, row).filter((f) => filter.draws(f));
  const places = drawn.length ? drawn : [-1];
  return places.map((f) => {
    if (f < 0) return { feature: f, properties: { ...shared, feature_id: `${id}#1`, precision: "none" } };
    const site = features.site[f];
    const spot = sites.spot[site];
    const isPoint = spot !== NONE && !scene.spots.badge[spot];
    return {
      feature: f,
      properties: {
        ...shared, feature_id: `${id}#${f - events.features[row] + 1}`, place_name: placeName(scene, f) || null, place_name_native: words.place[sites.place[site]]?.[1] ?? null,
        place_role: words.role[sites.role[site]], precision: scene.precisions[sites.precision[site]], radius_m: sites.radius[site] >= 0 ? sites.radius[site] : null,
        lon: isPoint ? scene.spots.lon(spot) : null, lat: isPoint ? scene.spots.lat(spot) : null,
      },
    };
  });
}

/**
 * RFC 7946, in pieces: the whole may be large. Areas are as fine as the page draws them.
 * @param {Scene} scene
 * @param {EventFilter} filter
 * @param {string} filters What was chosen, in words.
 * @returns {string[]}
 */
function toGeojson(scene, filter, filters) {
  const about = { title: scene.title, worldview: scene.worldview, attribution: scene.attribution, filters, note: "areas and lines are simplified as the page draws them" };
  const pieces = [`{"type":"FeatureCollection","metadata":${JSON.stringify(about)},"features":[`];
  let first = true;
  for (const row of filter.rows) {
    for (const { feature, properties } of tableRows(scene, filter, row)) {
      const ordered = Object.fromEntries(CSV_COLUMNS.filter((name) => name !== "lon" && name !== "lat").map((name) => [name, properties[name] ?? null]));
      const geometry = feature < 0 ? null : geojsonOf(scene, feature);
      pieces.push(`${first ? "" : ","}\n${JSON.stringify({ type: "Feature", id: properties.feature_id, geometry, properties: ordered })}`);
      first = false;
    }
  }
  pieces.push("\n]}\n");
  return pieces;
}

/**
 * @param {Scene} scene
 * @param {number} feature
 */
function geojsonOf(scene, feature) {
  const { features, sites, spots, shapesDrawn } = scene;
  const site = features.site[feature];
  const spot = sites.spot[site];
  const round = (/** @type {number} */ degrees) => Math.round(degrees * 1e6) / 1e6;
  if (spot !== NONE) return spots.badge[spot] ? null : { type: "Point", coordinates: [round(spots.lon(spot)), round(spots.lat(spot))] };
  const shape = shapesDrawn[sites.geometry[site]];
  const positions = (/** @type {Ring} */ { xy }) =>
    Array.from({ length: xy.length / 2 }, (_, i) => fromWorld(xy[2 * i], xy[2 * i + 1]).map(round));
  const parts = [
    ...shape.polygons.map((rings) => ({ type: "Polygon", coordinates: rightHanded(rings.map(positions)) })),
    ...shape.lines.map((line) => ({ type: "LineString", coordinates: positions(line) })),
  ].filter(({ type, coordinates }) => coordinates.length >= (type === "Polygon" ? 1 : 2));
  if (!parts.length) return null;
  if (parts.length === 1) return parts[0];
  const [{ type }] = parts;
  if (parts.every((part) => part.type === type)) return { type: `Multi${type}`, coordinates: parts.map((part) => part.coordinates) };
  return { type: "GeometryCollection", geometries: parts };
}

/**
 * The rings of a polygon as RFC 7946 has them: closed, the outer one counterclockwise, holes clockwise.
 * @param {number[][][]} rings
 * @returns {number[][][]} Without what is no ring; empty where the outer one is none.
 */
function rightHanded(rings) {
  const turned = rings.map((ring, number) => {
    const [first, last] = [ring[0], ring[ring.length - 1]];
    const closed = first && (first[0] !== last[0] || first[1] !== last[1]) ? [...ring, first] : ring;
    let twice = 0;
    for (let i = 0; i + 1 < closed.length; i++) twice += closed[i][0] * closed[i + 1][1] - closed[i + 1][0] * closed[i][1];
    return twice > 0 === (number === 0) ? closed : closed.toReversed();
  });
  return turned.length && turned[0].length >= 4 ? turned.filter((ring) => ring.length >= 4) : [];
}

/**
 * @param {Scene} scene
 * @param {EventFilter} filter
 * @returns {string[]}
 */
function toCsv(scene, filter) {
  const pieces = [`\ufeff${CSV_COLUMNS.join(",")}\r\n`];
  for (const row of filter.rows) {
    for (const { properties } of tableRows(scene, filter, row)) {
      pieces.push(`${CSV_COLUMNS.map((name) => csvCell(properties[name])).join(",")}\r\n`);
    }
  }
  return pieces;
}

/**
 * One cell: what a spreadsheet would take for a formula begins with an apostrophe, as OWASP advises.
 * @param {unknown} value
 */
function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = Array.isArray(value) ? value.join("; ") : String(value);
  // Programs that trim cells would find a formula behind blanks and invisible signs, too. One behind apostrophes of its
  // own gets another: the first one is always ours, and can be taken off again.
  const safe = /^'*([\t\r\n]|[\s\p{Cf}]*[=+\-@\uff1d\uff0b\uff0d\uff20])/u.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Hand a file to the reader.
 * @param {string} name
 * @param {string} type
 * @param {string[]} pieces
 */
function saveFile(name, type, pieces) {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob(pieces, { type }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/**
 * An event as one would cite it: what, when, where, according to whom.
 * @param {Scene} scene
 * @param {number} row
 */
function citation(scene, row) {
  const head = /** @type {Head} */ (scene.text.head(row));
  const { detail } = /** @type {EventBody} */ (scene.text.body(row));
  const sources = (detail.sources ?? []).map((number) => {
    const { publisher, title, published, url } = scene.text.sources[number];
    return [asText(publisher) || t("source.no_publisher"), asText(title) && quoted(asText(title)), dateText(published), asText(url)].filter(Boolean).join(", ");
  });
  const parts = [`${head.title}. ${whenText(head)}${head.place ? `, ${head.place}` : ""}.`];
  if (sources.length) parts.push(`${t("card.sources", { n: sources.length })}: ${sources.join("; ")}.`);
  parts.push(`${t("citation.map")}: ${scene.title}, ${t("citation.event", { id: scene.text.idOf(row) })}.`);
  return parts.join(" ");
}

/**
 * What is chosen, in words; empty where everything is shown.
 * @param {Scene} scene
 * @param {State} state
 * @returns {{words: string, clear: object}[]} Each with the change that takes it back.
 */
function chosenWords(scene, state) {
  /** @type {{words: string, clear: object}[]} */
  const chosen = [];
  const { filters, time, lens, layers } = state;
  const labels = /** @type {Record<string, (value: string) => string>} */ ({
    type: (value) => {
      const [kind, subtype] = partsOfType(value);
      const symbol = scene.types.find(({ id }) => id === kind);
      const label = symbol ? typeLabel(symbol) : plainWord(kind);
      return subtype ? `${label}: ${word("subtype", subtype)}` : label;
    },
    actor: (value) => scene.words.actor.find(([, id]) => id === value)?.[0] ?? value,
    status: (value) => word("status", value),
    precision: (value) => word("precision", value),
    source: (value) => sourceLabel(scene, value),
    max_km: (value) => t("filter.up_to_km", { km: value }),
    text: quoted,
  });
  for (const key of FILTER_KEYS) {
    const values = asList(filters[key]);
    for (const value of values) {
      const rest = values.filter((other) => other !== value);
      chosen.push({ words: labels[key]?.(value) ?? value, clear: { filters: { [key]: key === "max_km" || key === "text" || !rest.length ? null : rest } } });
    }
  }
  if (lens) chosen.push({ words: lens === LENS_CONFIRMED ? t("lens.confirmed") : t("lens.by", { name: lens.slice(LENS_BY.length) }), clear: { lens: null } });
  if (time) {
    const [first, last] = time.map((day) => (day ? formatDay(dayNumber(day), "short") : "…"));
    chosen.push({ words: `${first} – ${last}`, clear: { time: null } });
  }
  const off = scene.layers.filter(({ id }) => layers[id] === false);
  if (off.length) chosen.push({ words: t("layers.off", { n: off.length }), clear: { layers: null } });
  return chosen;
}

/**
 * Lay a copy over each canvas: browsers do not print the pixels of a canvas but draw it once more, and lose parts
 * of it on the way; a copy has only pixels.
 * @param {HTMLElement} container
 */
function copyCanvases(container) {
  for (const canvas of container.querySelectorAll("canvas")) {
    const copy = make("canvas", "gm-copied");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    copy.style.cssText = canvas.style.cssText;
    copy.setAttribute("aria-hidden", "true");
    copy.getContext("2d")?.drawImage(canvas, 0, 0);
    canvas.after(copy);
  }
}

/**
 * The sheet of paper: what a printed map needs to be read alone.
 * @param {Scene} scene
 * @param {State} state
 * @param {EventFilter} filter
 */
function printSheet(scene, state, filter) {
  const box = make("section", "gm-print");
  const key = make("div", "gm-print-key");
  box.lang = speech.lang;
  const chosen = chosenWords(scene, state);
  const { shown, unlocated } = filter.totals;
  const counts = make("p", undefined, `${t("totals.shown", { n: shown, total: scene.events.count })} · ${t("totals.unlocated", { n: unlocated })}`);
  const filters = make("p");
  filters.append(`${t("print.filters")}: `);
  if (!chosen.length) filters.append(t("print.no_filters"));
  chosen.forEach(({ words }, i) => {
    if (i) filters.append(" · ");
    ours(filters, words);
  });
  const legend = legendElement(scene, state.layers);
  const about = /** @type {HTMLElement} */ (legend.querySelector(".gm-about"));
  key.append(counts, filters, legend);
  box.append(key, about);
  return box;
}
