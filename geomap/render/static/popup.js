// @ts-check
// What a click shows: one event with its proof, or the events that lie there.

/** @typedef {(event: MapEvent) => void} OpenEvent */

/**
 * A button that opens an event: symbol, title, and what needs to be known before reading on.
 * @param {Scene} scene
 * @param {MapEvent} event
 * @param {OpenEvent} open
 */
function eventButton(scene, event, open) {
  const button = make("button", "gm-event-button");
  button.type = "button";
  const symbol = symbolOf(scene, event);
  const glyph = smallCanvas(18, 18, (ctx) => drawGlyph(ctx, symbol, 5, "pin"));
  const words = make("span", "gm-event-words");
  outside(words, event.title);
  const line = make("span", "gm-event-line");
  outside(line, event.when || "Date not known");
  if (event.place) {
    line.append(" · ");
    outside(line, event.place);
  }
  words.append(line);
  button.append(glyph, words, ...statusChips(event));
  button.addEventListener("click", () => open(event));
  return button;
}

/**
 * @param {MapEvent} event
 * @returns {HTMLElement[]}
 */
function statusChips(event) {
  const chips = [];
  if (event.workflow === "draft") chips.push(make("span", "gm-chip gm-chip-draft", "Draft"));
  if (["disputed", "denied", "retracted"].includes(event.status)) {
    chips.push(make("span", `gm-chip gm-chip-${event.status}`, STATUS_WORDS[event.status]));
  }
  return chips;
}

/**
 * @param {Scene} scene
 * @param {MapEvent[]} events
 * @param {OpenEvent} open
 * @param {string} [title]
 */
function eventList(scene, events, open, title) {
  const box = make("div", "gm-popup");
  const heading = make("h2", "gm-popup-title", title ?? `${counted(events.length, "event")} here`);
  heading.tabIndex = -1;
  box.append(heading, buttonList(scene, events, open));
  return box;
}

/**
 * @param {Scene} scene
 * @param {MapEvent[]} events
 * @param {OpenEvent} open
 */
function buttonList(scene, events, open) {
  const list = make("ul", "gm-list");
  for (const event of events) {
    const item = make("li");
    item.append(eventButton(scene, event, open));
    list.append(item);
  }
  return list;
}

/**
 * Everything the scene says about an event.
 * @param {Scene} scene
 * @param {MapEvent} event
 * @param {OpenEvent} open
 * @param {{hidden?: boolean, also?: MapEvent[]}} [about]
 */
function eventPanel(scene, event, open, about = {}) {
  const box = make("article", "gm-popup");
  const heading = outside(make("h2", "gm-popup-title"), event.title);
  heading.tabIndex = -1;
  box.append(typeLine(scene, event), heading);
  if (about.hidden) box.append(make("p", "gm-note", "Hidden on the map by the layers or filters chosen."));
  box.append(factList(scene, event));
  if (event.summary) box.append(outside(make("p", "gm-summary"), event.summary));
  box.append(...claimGroups(event), ...detailLists(event), ...sourceList(event), ...relationList(scene, event, open));
  if (about.also?.length) box.append(section(`Also here: ${about.also.length}`, buttonList(scene, about.also, open)));
  return box;
}

/**
 * @param {Scene} scene
 * @param {MapEvent} event
 */
function typeLine(scene, event) {
  const symbol = symbolOf(scene, event);
  const line = make("p", "gm-type-line");
  const label = outside(make("span", "gm-type"), symbol.label);
  if (event.subtype) outside(label, `: ${plainWord(event.subtype)}`);
  const status = make("span", `gm-chip gm-chip-${event.status in STATUS_WORDS ? event.status : "other"}`);
  outside(status, STATUS_WORDS[event.status] ?? plainWord(event.status));
  line.append(smallCanvas(20, 20, (ctx) => drawGlyph(ctx, symbol, 5.5, "pin")), label, status);
  if (event.workflow === "draft") line.append(make("span", "gm-chip gm-chip-draft", "Draft, not reviewed"));
  return line;
}

/**
 * @param {Scene} scene
 * @param {MapEvent} event
 */
function factList(scene, event) {
  const facts = make("dl", "gm-facts");
  const add = (/** @type {string} */ term) => {
    const value = make("dd");
    facts.append(make("dt", undefined, term), value);
    return value;
  };
  const when = outside(add("When"), event.when || "Not known");
  const words = asText(event.detail.when_words);
  if (words && words !== event.when) {
    outside(when.appendChild(make("span", "gm-faint", " in the source: ")), `“${words}”`);
  }
  if (event.modality && event.modality !== "occurred") outside(add("Stage"), plainWord(event.modality));
  const where = add("Where");
  const places = placeLines(scene, event);
  if (places.length) where.append(...places);
  else outside(where, event.place || "No place on the map");
  if (event.detail.status_basis) outside(add("Status"), event.detail.status_basis);
  return facts;
}

/**
 * @param {Scene} scene
 * @param {MapEvent} event
 */
function placeLines(scene, event) {
  // An event given without details still says where it is drawn.
  const places = event.detail.places ?? event.features.map((feature) => ({ ...feature, name: feature.label, precision: scene.precisions[feature.precision], drawn: true }));
  const lines = places.map(({ name, role, precision, note, drawn }) => {
    const line = make("div");
    outside(line, asText(name) || "Unnamed place");
    const words = [plainWord(precision), role && role !== "site" ? plainWord(role) : ""];
    if (!drawn) words.push("not drawn");
    const known = words.filter(Boolean).join(", ");
    if (known) outside(line.appendChild(make("span", "gm-faint", " ")), `(${known})`);
    if (asText(note)) outside(line.appendChild(make("span", "gm-faint", " ")), note);
    return line;
  });
  if (!event.features.length) lines.push(make("div", "gm-faint", event.detail.where_unknown ? "A place was sought and not found" : "No place on the map"));
  return lines;
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
 * @param {MapEvent} event
 */
function claimGroups(event) {
  const claims = event.detail.claims ?? [];
  const groups = CLAIM_GROUPS.map(({ title, holds }) => ({ title, claims: claims.filter(holds) }));
  return groups.flatMap(({ title, claims: own }, number) => {
    const list = make("ul", "gm-claims");
    for (const claim of own) list.append(claimLine(event, claim));
    if (number === 0 && !own.length && event.sources.length) {
      const line = make("li", undefined, event.sources.length > 1 ? "The reports, in their own voice" : "The report, in its own voice");
      line.append(make("span", "gm-faint", ` ${event.sources.map((_, index) => `[${index + 1}]`).join(" ")}`));
      list.append(line);
    }
    return list.childElementCount ? [section(title, list)] : [];
  });
}

/**
 * @param {MapEvent} event
 * @param {Claim} claim
 */
function claimLine(event, claim) {
  const line = make("li");
  outside(line.appendChild(make("strong")), asText(claim.by) || "Not named");
  const about = asText(claim.about_label);
  line.append(" ");
  outside(line, STANCE_WORDS[claim.stance ?? ""] ?? plainWord(claim.stance));
  if (about) outside(line.appendChild(make("span", "gm-faint", ", on ")), about);
  if (asText(claim.text)) {
    line.append(": ");
    outside(line, claim.text);
  }
  if (asText(claim.quote)) outside(line.appendChild(make("q", "gm-quote")), claim.quote);
  const via = asText(claim.via);
  const origin = [asText(claim.when), via && `via ${via}`].filter(Boolean);
  if (origin.length) outside(line.appendChild(make("span", "gm-faint", " ")), `(${origin.join(", ")})`);
  const source = (event.detail.sources ?? []).findIndex(({ id }) => id === claim.source);
  if (source >= 0) line.append(make("span", "gm-faint", ` [${source + 1}]`));
  else if (claim.source) outside(line.appendChild(make("span", "gm-faint", " ")), `[${claim.source}]`);
  return line;
}

/** @param {MapEvent} event */
function detailLists(event) {
  const { quantities, actors, equipment, evidence, media } = event.detail;
  const named = (actors ?? []).map(({ name, role }) => (role ? `${asText(name)} (${plainWord(role)})` : asText(name)));
  return [
    { title: "Numbers, as the sources give them", items: quantities },
    { title: "Who", items: named },
    { title: "Equipment", items: equipment },
    { title: "In the words of the source", items: evidence?.map(({ quote }) => `“${asText(quote)}”`) },
    { title: "Pictures and film", items: media?.map(({ url, credit, captured }) => [url, credit, captured].map(asText).filter(Boolean).join(", ")) },
  ].flatMap(({ title, items }) => {
    if (!items?.length) return [];
    const list = make("ul", "gm-plain");
    for (const item of items) list.append(outside(make("li"), item));
    return [section(title, list)];
  });
}

/** @param {MapEvent} event */
function sourceList(event) {
  const sources = event.detail.sources ?? [];
  if (!sources.length) return [];
  const list = make("ul", "gm-plain");
  for (const [index, source] of sources.entries()) {
    const line = make("li", undefined, `[${index + 1}] `);
    outside(line.appendChild(make("strong")), asText(source.publisher) || "Publisher not stated");
    if (asText(source.title)) {
      line.append(": ");
      outside(line, source.title);
    }
    if (asText(source.published)) {
      line.append(", ");
      outside(line, source.published);
      const basis = asText(source.published_basis);
      if (basis) outside(line.appendChild(make("span", "gm-faint", " ")), `(${plainWord(basis)})`);
    }
    const more = [
      plainWord(source.kind),
      asText(source.graded_by) && `reliability ${asText(source.reliability)}, graded by ${asText(source.graded_by)}`,
      asText(source.derived_from) && `derived from ${asText(source.derived_from)}`,
    ].filter(Boolean);
    if (more.length) outside(line.appendChild(make("div", "gm-faint")), more.join(" · "));
    if (asText(source.url)) line.append(addressLine(source));
    list.append(line);
  }
  const origins = event.n_origins ? `, ${counted(event.n_origins, "origin")}` : "";
  return [section(`Sources: ${sources.length}${origins}`, list)];
}

/**
 * A link if both the build and the browser hold the address safe; else its letters.
 * @param {Source} source
 */
function addressLine(source) {
  const line = make("div", "gm-address");
  const address = source.href === source.url ? safeAddress(source.href) : null;
  if (!address) {
    outside(line, source.url);
    return line;
  }
  const link = make("a");
  link.href = address.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  outside(link, address.host);
  line.append(link);
  return line;
}

/**
 * @param {Scene} scene
 * @param {MapEvent} event
 * @param {OpenEvent} open
 */
function relationList(scene, event, open) {
  const relations = event.detail.relations ?? [];
  if (!relations.length) return [];
  const list = make("ul", "gm-plain");
  for (const relation of relations) {
    const line = make("li");
    outside(line.appendChild(make("span", "gm-faint")), RELATION_WORDS[relation.type ?? ""] ?? plainWord(relation.type));
    line.append(" ");
    const other = scene.byId.get(relation.event ?? "");
    if (other) line.append(eventButton(scene, other, open));
    else outside(line, asText(relation.title) || relation.event);
    list.append(line);
  }
  return [section("Related events", list)];
}

/**
 * Show a node in a Leaflet popup; Leaflet gets a DOM node, never text.
 * @param {L.Map} map
 * @param {L.LatLng} at
 * @param {HTMLElement} content
 * @param {{offset?: [number, number], placeless?: boolean}} [options]
 */
function openPopup(map, at, content, options = {}) {
  const size = map.getSize();
  return L.popup({
    className: options.placeless ? "gm-leaflet-popup gm-placeless" : "gm-leaflet-popup",
    maxWidth: Math.max(200, Math.min(360, size.x - 44)),
    minWidth: Math.max(180, Math.min(300, size.x - 60)),
    maxHeight: Math.max(140, Math.min(460, size.y - 90)),
    offset: options.offset ?? [0, 2],
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
