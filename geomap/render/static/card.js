// @ts-check
// One event with its proof, or the events of one place, as elements: for the panel and for notebook maps.

/** @typedef {(row: number) => void} OpenEvent */

const VOUCHING = ["asserts", "confirms", "attributes", "justifies", "accuses"];
const OPPOSING = ["denies", "disputes"];

/**
 * Who says what, in the order of the panel; what is said of a part of an event is not said of the event.
 * @type {{title: string, holds: (claim: Claim) => boolean}[]}
 */
const CLAIM_GROUPS = [
  { title: "claims.vouching", holds: ({ stance, about }) => VOUCHING.includes(stance ?? "") && about === "event" },
  { title: "claims.about", holds: ({ stance, about }) => stance === "qualifies" || (VOUCHING.includes(stance ?? "") && about !== "event") },
  { title: "claims.denying", holds: ({ stance, about }) => OPPOSING.includes(stance ?? "") && about === "event" },
  { title: "claims.disputing_part", holds: ({ stance, about }) => OPPOSING.includes(stance ?? "") && about !== "event" },
  { title: "claims.silent", holds: ({ stance }) => ![...VOUCHING, ...OPPOSING, "qualifies"].includes(stance ?? "") },
];

/**
 * A button that opens an event: symbol, title, and what needs to be known before reading on. Its texts may
 * still have to be opened; they follow at once.
 * @param {Scene} scene
 * @param {number} row
 * @param {OpenEvent} open
 */
function eventButton(scene, row, open) {
  const button = make("button", "gm-event-button");
  button.type = "button";
  const glyph = eventIcon(scene, row);
  const words = make("span", "gm-event-words");
  button.append(glyph, words, ...statusChips(scene, row));
  const fill = () => {
    const head = scene.text.head(row);
    if (!head) return;
    outside(words, head.title);
    const line = make("span", "gm-event-line");
    ours(line, whenText(head));
    if (head.place) {
      line.append(" · ");
      outside(line, head.place);
    }
    words.append(line);
  };
  if (scene.text.head(row)) fill();
  else void scene.text.openHeads([row]).then(fill);
  button.addEventListener("click", () => open(row));
  return button;
}

/**
 * @param {Scene} scene
 * @param {number} row
 * @param {number} [told] The status that the lens tells, if it is another.
 * @returns {HTMLElement[]}
 */
function statusChips(scene, row, told) {
  const chips = [];
  if (scene.events.flags[row] & DRAFT) chips.push(make("span", "gm-chip gm-chip-draft", t("chip.draft")));
  const status = scene.statuses[told ?? scene.events.status[row]];
  if (["disputed", "denied", "retracted", "confirmed", "corroborated"].includes(status)) {
    chips.push(make("span", `gm-chip gm-chip-${status}`, word("status", status)));
  }
  return chips;
}

/**
 * @param {Scene} scene
 * @param {number[]} rows
 * @param {OpenEvent} open
 * @param {string} [title]
 */
function eventList(scene, rows, open, title) {
  const box = make("div", "gm-card");
  const heading = make("h2", "gm-card-title", title ?? t("list.here", { n: rows.length }));
  heading.tabIndex = -1;
  box.append(heading, buttonList(scene, rows, open));
  return box;
}

// Past so many a list is no longer read; the list beside the map has no such limit.
const LONGEST_LIST = 300;

/**
 * @param {Scene} scene
 * @param {number[]} rows
 * @param {OpenEvent} open
 */
function buttonList(scene, rows, open) {
  const list = make("ul", "gm-list");
  for (const row of rows.slice(0, LONGEST_LIST)) {
    const item = make("li");
    item.append(eventButton(scene, row, open));
    list.append(item);
  }
  if (rows.length > LONGEST_LIST) list.append(make("li", "gm-faint", t("list.more", { n: rows.length - LONGEST_LIST })));
  return list;
}

/**
 * Everything the scene says about an event; its texts must be open.
 * @param {Scene} scene
 * @param {number} row
 * @param {OpenEvent} open
 * @param {{hidden?: boolean, also?: number[]}} [about]
 */
function eventCard(scene, row, open, about = {}) {
  const head = /** @type {Head} */ (scene.text.head(row));
  const { summary, detail } = /** @type {EventBody} */ (scene.text.body(row));
  const sources = (detail.sources ?? []).map((number) => scene.text.sources[number]);
  const box = make("article", "gm-card");
  const heading = outside(make("h2", "gm-card-title"), head.title);
  heading.tabIndex = -1;
  box.append(typeLine(scene, row), heading);
  if (about.hidden) box.append(make("p", "gm-note", t("card.hidden")));
  box.append(factList(scene, row, head, detail));
  if (summary) box.append(outside(make("p", "gm-summary"), summary));
  box.append(...claimGroups(scene, row, detail, sources), ...detailLists(detail, Array.from(listOf(scene.events.actors, row), (number) => scene.words.actor[number][0])), ...sourceList(scene, row, detail, sources), ...relationList(scene, detail, open));
  if (about.also?.length) box.append(section(t("card.also_here", { n: about.also.length }), buttonList(scene, about.also, open)));
  return box;
}

/**
 * @param {Scene} scene
 * @param {number} row
 */
function typeLine(scene, row) {
  const symbol = symbolOf(scene, row);
  const line = make("p", "gm-type-line");
  const label = ours(make("span", "gm-type"), typeLabel(symbol));
  const subtype = scene.words.subtype[scene.events.subtype[row]];
  if (subtype) ours(label, `: ${word("subtype", subtype)}`);
  const id = scene.statuses[scene.events.status[row]];
  const status = ours(make("span", `gm-chip gm-chip-${id}`), word("status", id));
  line.append(eventIcon(scene, row, 20), label, status);
  if (scene.events.flags[row] & DRAFT) line.append(make("span", "gm-chip gm-chip-draft", t("mark.draft_long")));
  return line;
}

/**
 * @param {Scene} scene
 * @param {number} row
 * @param {Head} head
 * @param {Detail} detail
 */
function factList(scene, row, head, detail) {
  const facts = make("dl", "gm-facts");
  const add = (/** @type {string} */ key) => {
    const value = make("dd");
    facts.append(make("dt", undefined, t(key)), value);
    return value;
  };
  const when = ours(add("fact.when"), whenText(head));
  const words = asText(detail.when_words);
  if (words && words !== head.when) {
    outside(when.appendChild(make("div", "gm-faint", `${t("fact.in_the_source")} `)), quoted(words));
  }
  const basis = detail.when_basis;
  if (basis && basis !== "stated" && basis !== "unknown") when.append(make("div", "gm-faint", word("basis", basis)));
  const modality = scene.words.modality[scene.events.modality[row]];
  if (modality && modality !== "occurred") ours(add("fact.stage"), word("modality", modality));
  const where = add("fact.where");
  const places = placeLines(scene, row, detail);
  if (places.length) where.append(...places);
  else if (head.place) outside(where, head.place);
  else ours(where, t("place.none"));
  if (detail.status_reason || detail.status_basis) ours(add("fact.status"), reasonText(detail));
  return facts;
}

/** Why an event has its status. @param {Detail} detail */
function reasonText({ status_reason: reason, status_basis: basis }) {
  const key = `reason.${reason?.code}`;
  return reason && messageOf(key) ? t(key, reason) : asText(basis);
}

/**
 * @param {Scene} scene
 * @param {number} row
 * @param {Detail} detail
 */
function placeLines(scene, row, detail) {
  const features = featuresOf(scene, row);
  const { words, sites, spots } = scene;
  /** @type {PlaceDetail[]} */
  const drawn = features.map((f) => {
    const site = scene.features.site[f];
    const spot = sites.spot[site];
    const isPoint = spot !== NONE && !spots.badge[spot];
    return {
      name: placeName(scene, f), role: words.role[sites.role[site]], precision: scene.precisions[sites.precision[site]],
      relation: words.relation[sites.relation[site]] ?? undefined, method: words.method[sites.method[site]] ?? undefined,
      note: words.note[sites.note[site]], drawn: true, radius_m: sites.radius[site] > 0 ? sites.radius[site] : null,
      lon: isPoint ? spots.lon(spot) : null, lat: isPoint ? spots.lat(spot) : null,
    };
  });
  // A detail that tells of drawn places, too, tells of all.
  const told = detail.places ?? [];
  const places = told.some((place) => place.drawn) ? told : [...drawn, ...told];
  const lines = places.map((place) => placeLine(place));
  if (!features.length) lines.push(make("div", "gm-faint", t(detail.where_unknown ? "place.not_found" : "place.none")));
  return lines;
}

/** @param {PlaceDetail} place */
function placeLine({ name, role, precision, relation, note, drawn, method, lon, lat, radius_m: radius }) {
  const line = make("div", "gm-place");
  if (asText(name)) outside(line, name);
  else ours(line, t("place.unnamed"));
  const known = relation && messageOf(`place_relation.${relation}`) ? word("place_relation", relation) : word("precision", precision);
  const words = [known, role && role !== "site" ? word("role", role) : "", method && method !== "gazetteer" ? word("method", method) : ""];
  if (!drawn) words.push(t("place.not_drawn"));
  const shown = words.filter(Boolean).join(", ");
  if (shown) ours(line.appendChild(make("span", "gm-faint", " ")), `(${shown})`);
  if (asText(note)) outside(line.appendChild(make("span", "gm-faint", " ")), note);
  if (typeof lon === "number" && typeof lat === "number") line.append(coordinates(lon, lat, radius));
  return line;
}

/**
 * Coordinates to read and to copy, latitude first as people write them.
 * @param {number} lon
 * @param {number} lat
 * @param {number | null | undefined} radius
 */
function coordinates(lon, lat, radius) {
  const text = `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
  const line = make("div", "gm-coordinates");
  line.append(make("code", undefined, text));
  if (radius) line.append(make("span", "gm-faint", ` ± ${distanceText(radius)}`));
  line.append(" ", copyButton(text, t("action.copy_coordinates")));
  return line;
}

/**
 * @param {string} text
 * @param {string} label What it copies.
 * @param {string} [words] What stands on it.
 */
function copyButton(text, label, words = t("action.copy")) {
  const button = make("button", "gm-plain-button gm-copy");
  button.type = "button";
  button.setAttribute("aria-live", "polite");
  const show = () => {
    button.textContent = words;
    // People who speak to their device say what they see: it must be part of the name.
    if (label.includes(words)) button.setAttribute("aria-label", label);
    else button.title = label;
  };
  button.addEventListener("click", async () => {
    const copied = await copyText(text);
    button.removeAttribute("aria-label");
    button.textContent = t(copied ? "action.copied" : "action.copy_failed");
    setTimeout(show, 1600);
  });
  show();
  return button;
}

/**
 * Put text on the clipboard; a page from a file may lack the newer way.
 * @param {string} text
 */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = make("textarea", "gm-offscreen");
    area.value = text;
    const focused = document.activeElement;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
    return copied;
  }
}

/**
 * @param {string} title
 * @param {...Node} content
 */
function section(title, ...content) {
  const box = make("section", "gm-section");
  box.append(make("h3", undefined, title), ...content);
  return box;
}

/**
 * Who says what, the event itself apart from what is said of its parts. Where nobody is named who says that it
 * happened, the report does.
 * @param {Scene} scene
 * @param {number} row
 * @param {Detail} detail
 * @param {Source[]} sources
 */
function claimGroups(scene, row, detail, sources) {
  const claims = detail.claims ?? [];
  const groups = CLAIM_GROUPS.map(({ title, holds }) => ({ title, claims: claims.filter(holds) }));
  const count = listOf(scene.events.sources, row).length;
  return groups.flatMap(({ title, claims: own }, number) => {
    const list = make("ul", "gm-claims");
    for (const claim of own) list.append(claimLine(sources, claim));
    if (number === 0 && !own.length && count) {
      const line = make("li", undefined, t("claims.own_voice", { n: count }));
      line.append(make("span", "gm-faint", ` ${Array.from({ length: count }, (_, index) => `[${index + 1}]`).join(" ")}`));
      list.append(line);
    }
    return list.childElementCount ? [section(t(title), list)] : [];
  });
}

/**
 * @param {Source[]} sources
 * @param {Claim} claim
 */
function claimLine(sources, claim) {
  const line = make("li");
  const by = line.appendChild(make("strong"));
  if (asText(claim.by)) outside(by, claim.by);
  else ours(by, t("claims.not_named"));
  const about = asText(claim.about_label);
  line.append(" ");
  ours(line, word("stance", claim.stance));
  if (about) ours(line.appendChild(make("span", "gm-faint", `, ${t("claims.on")} `)), aboutText(claim));
  if (asText(claim.text)) {
    line.append(": ");
    outside(line, claim.text);
  }
  if (asText(claim.quote)) outside(line.appendChild(make("q", "gm-quote")), claim.quote);
  const via = asText(claim.via);
  const origin = [dateText(claim.when), via && t("claims.via", { name: via })].filter(Boolean);
  if (origin.length) ours(line.appendChild(make("span", "gm-faint", " ")), `(${origin.join(", ")})`);
  const source = sources.findIndex(({ id }) => id === claim.source);
  if (source >= 0) line.append(make("span", "gm-faint", ` [${source + 1}]`));
  else if (claim.source) outside(line.appendChild(make("span", "gm-faint", " ")), `[${claim.source}]`);
  return line;
}

/**
 * What a claim is about, where that is not the event: a part of it, or what somebody says.
 * @param {Claim} claim
 */
function aboutText({ about, about_by: by, about_label: label }) {
  if (asText(by)) return t("about.claim", { name: asText(by) });
  const known = messageOf(`about.${about}`);
  return typeof known === "string" ? known : asText(label);
}

/**
 * @param {Detail} detail
 * @param {string[]} names Of its actors.
 */
function detailLists({ quantities, actors, equipment, evidence, media }, names) {
  const named = (actors ?? []).map((actor, i) => {
    const { name, role } = typeof actor === "string" ? { name: names[i], role: actor } : actor;
    return role ? `${asText(name)} (${word("actor_role", role)})` : asText(name);
  });
  return [
    { title: "card.numbers", items: quantities },
    { title: "card.who", items: named },
    { title: "card.equipment", items: equipment },
    { title: "card.words", items: evidence?.map(({ quote }) => quoted(asText(quote))) },
    { title: "card.media", items: media?.map(({ url, credit, captured }) => [asText(url), asText(credit), dateText(captured)].filter(Boolean).join(", ")) },
  ].flatMap(({ title, items }) => {
    if (!items?.length) return [];
    const list = make("ul", "gm-plain");
    for (const item of items) list.append(outside(make("li"), item));
    return [section(t(title), list)];
  });
}

/**
 * @param {Scene} scene
 * @param {number} row
 * @param {Detail} detail
 * @param {Source[]} sources
 */
function sourceList(scene, row, detail, sources) {
  if (!sources.length) return [];
  const list = make("ul", "gm-plain");
  for (const [index, source] of sources.entries()) list.append(sourceLine(source, index + 1));
  const origins = scene.events.origins[row];
  const title = [t("card.sources", { n: sources.length }), origins ? t("card.origins", { n: origins }) : ""].filter(Boolean).join(", ");
  return [section(title, list)];
}

/**
 * @param {Source} source
 * @param {number} number
 */
function sourceLine(source, number) {
  const line = make("li", undefined, `[${number}] `);
  const publisher = line.appendChild(make("strong"));
  if (asText(source.publisher)) outside(publisher, source.publisher);
  else ours(publisher, t("source.no_publisher"));
  for (const part of [source.author, source.title].map(asText).filter(Boolean)) {
    line.append(": ");
    outside(line, part);
  }
  if (asText(source.published)) {
    line.append(", ");
    ours(line, dateText(source.published));
    const basis = asText(source.published_basis);
    if (basis) outside(line.appendChild(make("span", "gm-faint", " ")), `(${plainWord(basis)})`);
  }
  const more = [
    word("source_kind", source.kind),
    asText(source.graded_by)
      ? t("source.reliability", { grade: asText(source.reliability), name: asText(source.graded_by) })
      : asText(source.reliability) && t("source.ungraded", { grade: asText(source.reliability) }),
    asText(source.derived_from) && t("source.derived", { name: asText(source.derived_from) }),
  ].filter(Boolean);
  if (more.length) ours(line.appendChild(make("div", "gm-faint")), more.join(" · "));
  if (asText(source.url)) line.append(addressLine(source.url, source.href));
  if (asText(source.archive_url)) {
    const archived = addressLine(source.archive_url, source.archive_href);
    archived.prepend(`${t("source.archived")} `);
    line.append(archived);
  }
  return line;
}

/**
 * A link if both the build and the browser hold the address safe; else its letters.
 * @param {unknown} url
 * @param {string | null | undefined} href
 */
function addressLine(url, href) {
  const line = make("div", "gm-address");
  const address = href === url ? safeAddress(href) : null;
  if (!address) {
    outside(line, url);
    return line;
  }
  const link = make("a");
  link.href = address.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  // Of a letter's address there is no host: the whole of it is shown.
  outside(link, address.host || address.pathname);
  line.append(link);
  return line;
}

/**
 * @param {Scene} scene
 * @param {Detail} detail
 * @param {OpenEvent} open
 */
function relationList(scene, { relations = [] }, open) {
  if (!relations.length) return [];
  const list = make("ul", "gm-plain");
  for (const relation of relations) {
    const line = make("li");
    ours(line.appendChild(make("span", "gm-faint")), word("relation", relation.type));
    line.append(" ");
    const other = scene.text.rowOf(relation.event ?? "");
    if (other >= 0) line.append(eventButton(scene, other, open));
    else outside(line, asText(relation.title) || relation.event);
    list.append(line);
  }
  return [section(t("card.related"), list)];
}
