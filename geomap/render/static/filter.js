// @ts-check
// Which events and features are shown, and how many would be: pure functions of columns and choices.

/**
 * @typedef {Record<string, string[] | string | number>} Filters
 * @typedef {{time: [string | null, string | null] | null, filters: Filters, layers: Record<string, boolean>, lens: string | null}} Choice
 * @typedef {{type: Uint32Array, subtype: Map<number, number>, actor: Uint32Array, status: Uint32Array, precision: Uint32Array, source: Uint32Array, claimant: Uint32Array, confirmed: number}} Facets
 * @typedef {{shown: number, unlocated: number, undated: number, features: number, layers: Uint32Array}} Totals
 */

const FILTER_KEYS = ["type", "actor", "status", "precision", "source", "text", "max_km"];
const LENS_CONFIRMED = "confirmed";
const LENS_BY = "by:";

// One bit for each thing but the time that can hide an event: the counts beside a choice leave out its own bit.
const BY_TYPE = 1;
const BY_ACTOR = 2;
const BY_STATUS = 4;
const BY_PLACE = 8;
const BY_SOURCE = 16;
const BY_TEXT = 32;
const BY_LAYER = 64;
const BY_LENS = 128;

/** @param {unknown} value @returns {string[]} */
function asList(value) {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

/**
 * Days since 1970 of an ISO day.
 * @param {string} day
 */
function dayNumber(day) {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / 86_400_000);
}

/** @param {number} number */
function isoDay(number) {
  return new Date(number * 86_400_000).toISOString().slice(0, 10);
}

/**
 * The numbers of some names in their table.
 * @param {(string | null)[]} table
 * @param {Iterable<string>} names
 */
function numbersOf(table, names) {
  const wanted = new Set(names);
  const numbers = new Set();
  table.forEach((name, number) => {
    if (name !== null && wanted.has(name)) numbers.add(number);
  });
  return numbers;
}

/**
 * A type and its subtype; null where the whole type is meant.
 * @param {string} value
 * @returns {[string, string | null]}
 */
function partsOfType(value) {
  const at = value.indexOf("/");
  return at < 0 ? [value, null] : [value.slice(0, at), value.slice(at + 1)];
}

/**
 * For each actor the number of the first one whose name folds the same: one actor, written in several ways.
 * @param {Scene} scene
 */
function sameActors({ words, folds }) {
  /** @type {Map<string, number>} */
  const first = new Map();
  return Uint32Array.from(words.actor, ([name], number) => {
    const folded = foldText(name, folds) || name;
    const known = first.get(folded);
    if (known === undefined) first.set(folded, number);
    return known ?? number;
  });
}

/**
 * Whether an asked-for actor is this one: by id, or by name in any spelling.
 * @param {Scene} scene
 * @param {string} wanted
 * @returns {(actor: [string, string | null]) => boolean}
 */
function actorMatch({ folds }, wanted) {
  const folded = foldText(wanted, folds);
  return ([name, id]) => wanted === id || wanted === name || (folded !== "" && foldText(name, folds) === folded);
}

/** The events that pass, kept up to date: what a change does not touch is not asked again. */
class EventFilter {
  /**
   * @param {Scene} scene
   * @param {SearchIndex} search Open before a text is asked for.
   */
  constructor(scene, search) {
    this.scene = scene;
    this.search = search;
    const { events, features, sites } = scene;
    this.days = new DayIndex(events);
    this.layerSets = new LayerSets(events);
    /** What hides each event, apart from the time. */
    this.fails = new Uint8Array(events.count);
    /** Which of its bits stand in `fails` at all. */
    this.hiding = 0;
    /** 1 for each site whose features are drawn. */
    this.drawnSites = new Uint8Array(sites.count).fill(1);
    /** The days asked for; null for all time. @type {{from: number, to: number} | null} */
    this.window = null;
    /** The status of each event as the lens tells it. @type {Uint8Array} */
    this.status = events.status;
    this.alike = new AlikeFeatures(scene, this.status);
    /** Numbers of the statuses asked for; null for all. @type {Set<number> | null} */
    this.wantedStatuses = null;
    /** How wide a place may be, in metres. */
    this.widest = Infinity;
    /** @type {Uint32Array | null} */
    this.actorsAsOne = null;
    /** @type {Record<string, string>} */
    this.asked = {};
    /** Grows with every change but that of the time alone. */
    this.version = 0;
    /** Grows with every change. */
    this.revision = 0;
    this.counted = "";
    // Made once: every change of a slider would leave new ones to be collected.
    const several = rowsWhere(events.count, (row) => events.features[row + 1] - events.features[row] > 1);
    this.room = { rows: new Uint32Array(events.count), several };
    /** The events that are shown, in the order of the scene; until the next change. */
    this.rows = this.room.rows.subarray(0, 0);
    /** Those of them that have several features, drawn or not. */
    this.several = several.subarray(0, 0);
    /** How many of the shown events have no feature at all. */
    this.placeless = 0;
    /** Whether every event has one feature, under its own number, that stands for itself. */
    this.isPlain = features.count === events.count && isCounting(features.event) && !this.alike.isShared;
    /** How many events of a single feature are shown of each of the alike, and which of these there are. */
    this.alikeCounts = this.newCounts();
    this.alikeShown = new Uint32Array(0);
    /** Where those are written down. */
    this.listed = new Uint32Array(this.isPlain ? 0 : this.alike.count);
    /** @type {Totals} */
    this.totals = { shown: 0, unlocated: 0, undated: 0, features: 0, layers: new Uint32Array(scene.layers.length) };
  }

  /** @param {number} row */
  shows(row) {
    const { window } = this;
    return this.fails[row] === 0 && (window === null || this.days.holds(row, window.from, window.to));
  }

  /** @param {number} feature */
  draws(feature) {
    const { site, event } = this.scene.features;
    return this.drawnSites[site[feature]] === 1 && this.shows(event[feature]);
  }

  /** Whether a shown event may lie outside the time: it happened on one day of a span that reaches out of it. @param {number} row */
  isMaybe(row) {
    const { events } = this.scene;
    if (this.window === null || !(events.flags[row] & ONE_OF)) return false;
    // Nobody knows how early an open span begins, which is the least of all days, or how late one ends.
    const { from, to } = this.window;
    return events.first[row] < from || (events.last[row] === NO_DAY ? to < -NO_DAY : events.last[row] > to);
  }

  /** @param {Choice} choice */
  apply(choice) {
    const { filters } = choice;
    const { events, words } = this.scene;
    this.ask(BY_LENS, choice.lens, () => this.hideOthersThan(choice.lens));
    this.ask(BY_TYPE, filters.type, () => this.hideTypes(asList(filters.type)));
    this.ask(BY_STATUS, [filters.status, choice.lens], () => this.hideStatuses(asList(filters.status)));
    this.ask(BY_ACTOR, filters.actor, () => this.hideActors(asList(filters.actor)));
    this.ask(BY_SOURCE, filters.source, () => this.hideLists(BY_SOURCE, events.sources, words.source.length, numbersOf(words.source, asList(filters.source)), filters.source));
    this.ask(BY_PLACE, [filters.precision, filters.max_km], () => this.hidePlaces(filters));
    this.ask(BY_TEXT, filters.text, () => this.hideTexts(asList(filters.text)));
    this.ask(BY_LAYER, Object.entries(choice.layers).filter(([, on]) => !on), () => this.hideLayers(choice.layers));
    this.window = choice.time && {
      from: choice.time[0] === null ? NO_DAY : dayNumber(choice.time[0]), to: choice.time[1] === null ? -NO_DAY : dayNumber(choice.time[1]),
    };
    const key = JSON.stringify([this.version, this.window]);
    if (key === this.counted) return;
    this.counted = key;
    this.revision += 1;
    this.count();
  }

  /**
   * Set the bit of each event that is hidden by what is asked, if this is not what was asked before.
   * @param {number} bit
   * @param {unknown} asked
   * @param {() => boolean} hide Sets the bit of every event, or says that it hides none.
   */
  ask(bit, asked, hide) {
    const key = JSON.stringify(asked) ?? "";
    if (this.asked[bit] === key) return;
    this.asked[bit] = key;
    this.version += 1;
    const hides = hide();
    if (!hides && this.hiding & bit) for (let row = 0, { fails } = this; row < fails.length; row++) fails[row] &= ~bit;
    this.hiding = hides ? this.hiding | bit : this.hiding & ~bit;
  }

  /**
   * @param {number} bit
   * @param {ArrayLike<number>} numbers Of each event.
   * @param {ArrayLike<number>} passes 1 for each number that passes.
   */
  hideNumbers(bit, numbers, passes) {
    const { fails } = this;
    const marks = Uint8Array.from(passes, (own) => (own ? 0 : bit));
    for (let row = 0; row < fails.length; row++) fails[row] = (fails[row] & ~bit) | marks[numbers[row]];
    return true;
  }

  /** @param {string[]} wanted */
  hideTypes(wanted) {
    if (!wanted.length) return false;
    const { types, words, events } = this.scene;
    const { fails } = this;
    const size = words.subtype.length;
    // A type that has no number stands after all others.
    const marks = new Uint8Array((types.length + 1) * size).fill(BY_TYPE);
    for (const value of wanted) {
      const [kind, part] = partsOfType(value);
      const type = types.findIndex(({ id }) => id === kind);
      if (type < 0) continue;
      const subtype = part === null ? -1 : words.subtype.indexOf(part);
      if (part === null) marks.fill(0, type * size, (type + 1) * size);
      else if (subtype >= 0) marks[type * size + subtype] = 0;
    }
    const { type, subtype } = events;
    for (let row = 0; row < fails.length; row++) fails[row] = (fails[row] & ~BY_TYPE) | marks[type[row] * size + subtype[row]];
    return true;
  }

  /** @param {string[]} wanted */
  hideStatuses(wanted) {
    this.wantedStatuses = null;
    if (!wanted.length) return false;
    const numbers = (this.wantedStatuses = numbersOf(this.scene.statuses, wanted));
    return this.hideNumbers(BY_STATUS, this.status, this.scene.statuses.map((_, status) => Number(numbers.has(status))));
  }

  /** Actors are named by their id, or by their name in any spelling. @param {string[]} wanted */
  hideActors(wanted) {
    if (!wanted.length) return false;
    const { events, words } = this.scene;
    const matches = wanted.map((name) => actorMatch(this.scene, name));
    const meant = words.actor.flatMap((actor, number) => (matches.some((holds) => holds(actor)) ? [number] : []));
    return this.hideLists(BY_ACTOR, events.actors, words.actor.length, meant, wanted);
  }

  /**
   * @param {number} bit
   * @param {Lists} lists
   * @param {number} size How many numbers there are.
   * @param {Iterable<number>} numbers
   * @param {unknown} wanted
   */
  hideLists(bit, { starts, values }, size, numbers, wanted) {
    if (!asList(wanted).length) return false;
    const { fails } = this;
    const marks = new Uint8Array(size);
    for (const number of numbers) marks[number] = 1;
    for (let row = 0, i = 0; row < fails.length; row++) {
      let mark = bit;
      for (const end = starts[row + 1]; i < end; i++) if (marks[values[i]] === 1) mark = 0;
      fails[row] = (fails[row] & ~bit) | mark;
    }
    return true;
  }

  /** @param {Filters} filters */
  hidePlaces(filters) {
    const { precisions, features, sites, events } = this.scene;
    const { fails, drawnSites } = this;
    const wanted = asList(filters.precision);
    const limits = asList(filters.max_km).map(Number);
    const widest = (this.widest = limits.length ? Math.max(...limits) * 1000 : Infinity);
    if (!wanted.length && widest === Infinity) {
      drawnSites.fill(1);
      return false;
    }
    const numbers = numbersOf(precisions, wanted);
    const passes = Uint8Array.from(precisions, (_, precision) => Number(!wanted.length || numbers.has(precision)));
    const { precision, width } = sites;
    for (let site = 0; site < sites.count; site++) drawnSites[site] = passes[precision[site]] === 1 && width[site] <= widest ? 1 : 0;
    // An event without a drawn place is hidden only when a precision is asked for that is not "none".
    const placeless = !wanted.length || wanted.includes("none") ? 0 : BY_PLACE;
    const { site } = features;
    const starts = events.features;
    for (let row = 0, f = 0; row < fails.length; row++) {
      const end = starts[row + 1];
      let mark = f === end ? placeless : BY_PLACE;
      for (; f < end; f++) if (drawnSites[site[f]] === 1) mark = 0;
      fails[row] = (fails[row] & ~BY_PLACE) | mark;
    }
    return true;
  }

  /** @param {string[]} phrases */
  hideTexts(phrases) {
    if (!phrases.length) return false;
    const { fails } = this;
    const [first, ...others] = phrases.map((phrase) => this.search.match(phrase));
    for (let row = 0; row < fails.length; row++) fails[row] = (fails[row] & ~BY_TEXT) | (first[row] === 1 ? 0 : BY_TEXT);
    for (const hits of others) for (let row = 0; row < fails.length; row++) if (hits[row] === 1) fails[row] &= ~BY_TEXT;
    return true;
  }

  /**
   * At least one layer that an event stands in is on, or it stands in none.
   * @param {Record<string, boolean>} layers
   */
  hideLayers(layers) {
    const off = this.scene.layers.map(({ id }) => layers[id] === false);
    if (!off.includes(true)) return false;
    const { sets, of } = this.layerSets;
    return this.hideNumbers(BY_LAYER, of, sets.map((set) => Number(!set.length || set.some((layer) => !off[layer]))));
  }

  /**
   * What a claimant tells: what it vouches for, as it stands; what it denies, as denied; the rest is not told.
   * @param {string | null} lens
   */
  hideOthersThan(lens) {
    const { events, statuses, words } = this.scene;
    const before = this.status;
    this.status = events.status;
    const hides = lens !== null && (lens === LENS_CONFIRMED
      ? this.hideNumbers(BY_LENS, events.status, statuses.map((status) => Number(status === "confirmed")))
      : this.hideUntold(words.claimant.indexOf(lens.slice(LENS_BY.length))));
    if (this.status !== before) {
      this.alike = new AlikeFeatures(this.scene, this.status);
      this.alikeCounts = this.newCounts();
      this.alikeShown = this.alikeShown.subarray(0, 0);
      if (!this.isPlain) this.listed = new Uint32Array(this.alike.count);
    }
    return hides;
  }

  /** Where each feature stands for itself, there is nothing to count. @returns {Uint32Array | Uint8Array} */
  newCounts() {
    const { isShared, count } = this.alike;
    return isShared ? new Uint32Array(count) : new Uint8Array(count).fill(1);
  }

  /** @param {number} claimant */
  hideUntold(claimant) {
    const { fails } = this;
    const { events, statuses } = this.scene;
    const denied = statuses.indexOf("denied");
    const { starts, values } = events.claimants;
    this.status = Uint8Array.from(events.status);
    for (let row = 0; row < fails.length; row++) {
      let mark = BY_LENS;
      for (let i = starts[row]; i < starts[row + 1] && mark; i++) {
        if (values[i] !== claimant) continue;
        if (events.stances[i] === OPPOSES) this.status[row] = denied;
        mark = 0;
      }
      fails[row] = (fails[row] & ~BY_LENS) | mark;
    }
    return true;
  }

  count() {
    const { fails, drawnSites, alike, alikeCounts, layerSets, days, window, scene, listed, isPlain } = this;
    const { rows, several } = this.room;
    const { of: alikeOf, isShared } = alike;
    const { of: setOf } = layerSets;
    const { site } = scene.features;
    const starts = scene.events.features;
    if (isShared) for (const own of this.alikeShown) alikeCounts[own] = 0;
    const all = window === null;
    // Where nothing is hidden, there is nothing to look for.
    const isWhole = all && this.hiding === 0 && isPlain;
    const inSets = isWhole ? layerSets.sizes : new Uint32Array(layerSets.sets.length);
    const candidates = isWhole ? 0 : window === null ? fails.length : days.list(window.from, window.to, rows);
    let [shown, placeless, hidden, single, parted, parts, found] = [0, 0, 0, 0, 0, 0, 0];
    for (let i = 0; i < candidates; i++) {
      const row = all ? i : rows[i];
      const failed = fails[row];
      if ((failed & ~BY_LAYER) !== 0) continue;
      inSets[setOf[row]] += 1;
      if (failed !== 0) continue;
      rows[shown++] = row;
      if (isPlain) continue;
      const from = starts[row];
      const to = starts[row + 1];
      if (to === from) placeless += 1;
      else if (to === from + 1) {
        const own = alikeOf[from];
        if (!isShared || alikeCounts[own]++ === 0) listed[found++] = own;
        single += 1;
      } else {
        several[parted++] = row;
        const before = parts;
        for (let f = from; f < to; f++) if (drawnSites[site[f]] === 1) parts += 1;
        if (parts === before) hidden += 1;
      }
    }
    if (isWhole) shown = fails.length;
    this.rows = isWhole ? countingTo(shown) : rows.subarray(0, shown);
    this.several = several.subarray(0, parted);
    this.alikeShown = isPlain ? this.rows : listed.subarray(0, found);
    if (isPlain) single = shown;
    const layers = new Uint32Array(scene.layers.length);
    layerSets.sets.forEach((set, number) => { for (const layer of set) layers[layer] += inSets[number]; });
    let undated = 0;
    for (const row of days.undated) if (fails[row] === 0) undated += 1;
    this.placeless = placeless;
    this.totals = { shown, unlocated: placeless + hidden, undated, features: single + parts, layers };
  }

  /**
   * Count what is shown and drawn into groups of sites.
   * @param {Tally} tally Emptied first.
   * @param {Int32Array | Uint32Array} marks What each site has that its group depends on: a shape, a ring, a spot; -1 or `NONE` for nothing.
   * @param {Int32Array | null} groups The group of each such thing, -1 for none; null where it is the group itself.
   */
  tally(tally, marks, groups = null) {
    const { alike, alikeCounts, alikeShown, several, drawnSites, status } = this;
    const { events, features } = this.scene;
    const { site, type, look } = alike;
    const size = groups?.length ?? tally.counts.length;
    tally.clear();
    for (let i = 0; i < alikeShown.length; i++) {
      const own = alikeShown[i];
      const mark = marks[site[own]];
      if (mark < 0 || mark >= size) continue;
      const group = groups === null ? mark : groups[mark];
      if (group >= 0) tally.addAlike(group, alikeCounts[own], type[own], look[own]);
    }
    for (const row of several) {
      for (let f = events.features[row]; f < events.features[row + 1]; f++) {
        const mark = marks[features.site[f]];
        if (drawnSites[features.site[f]] === 0 || mark < 0 || mark >= size) continue;
        const group = groups === null ? mark : groups[mark];
        if (group >= 0) tally.add(group, row, status[row]);
      }
    }
  }

  /**
   * The shown and drawn features at some sites, in the order of the scene.
   * @param {(site: number) => number} groupAt For each site 0, or the number of a group from 1 on.
   * @param {number} [groups]
   * @returns {number[][]} By group.
   */
  featuresAt(groupAt, groups = 1) {
    const { drawnSites, rows } = this;
    const { site } = this.scene.features;
    const starts = this.scene.events.features;
    /** @type {number[][]} */
    const found = Array.from({ length: groups }, () => []);
    for (let i = 0; i < rows.length; i++) {
      const end = starts[rows[i] + 1];
      for (let f = starts[rows[i]]; f < end; f++) {
        const at = site[f];
        if (drawnSites[at] === 0) continue;
        const group = groupAt(at);
        if (group !== 0) found[group - 1].push(f);
      }
    }
    return found;
  }

  /**
   * How many events each choice would show, all other choices left as they are.
   * @returns {Facets}
   */
  facets() {
    const { events, words, types, statuses, precisions } = this.scene;
    const { fails, window, status } = this;
    const { type, subtype } = events;
    const actors = (this.actorsAsOne ??= sameActors(this.scene));
    const facets = {
      type: new Uint32Array(types.length + 1), subtype: new Map(), actor: new Uint32Array(words.actor.length),
      status: new Uint32Array(statuses.length), precision: new Uint32Array(precisions.length),
      source: new Uint32Array(words.source.length), claimant: new Uint32Array(words.claimant.length), confirmed: 0,
    };
    const subtypes = new Uint32Array((types.length + 1) * words.subtype.length);
    const inTime = new Uint32Array(window ? fails.length : 0);
    const count = window ? this.days.list(window.from, window.to, inTime) : fails.length;
    for (let i = 0; i < count; i++) {
      const row = window ? inTime[i] : i;
      const failed = fails[row];
      if (!(failed & ~(BY_LENS | BY_STATUS))) this.countLenses(facets, row);
      // An event that two choices hide counts for neither.
      if (failed & (failed - 1)) continue;
      if (!(failed & ~BY_TYPE)) {
        facets.type[type[row]] += 1;
        subtypes[type[row] * words.subtype.length + subtype[row]] += 1;
      }
      if (!(failed & ~BY_STATUS)) facets.status[status[row]] += 1;
      if (!(failed & ~BY_ACTOR)) addList(facets.actor, events.actors, row, actors);
      if (!(failed & ~BY_SOURCE)) addList(facets.source, events.sources, row, null);
      if (!(failed & ~BY_PLACE)) this.countPrecisions(facets.precision, row);
    }
    subtypes.forEach((own, at) => {
      const part = at % words.subtype.length;
      // The first is that of no subtype.
      if (own && part) facets.subtype.set(((at - part) / words.subtype.length) * 65_536 + part, own);
    });
    return facets;
  }

  /**
   * A lens tells an event with a status of its own, which may be one that is not asked for.
   * @param {{claimant: Uint32Array, confirmed: number}} facets
   * @param {number} row
   */
  countLenses(facets, row) {
    const { events, statuses } = this.scene;
    const { wantedStatuses } = this;
    const { starts, values } = events.claimants;
    const isConfirmed = statuses[events.status[row]] === "confirmed";
    if (starts[row] === starts[row + 1] && !isConfirmed) return;
    const asked = (/** @type {number} */ status) => wantedStatuses === null || wantedStatuses.has(status);
    const denied = statuses.indexOf("denied");
    for (let i = starts[row]; i < starts[row + 1]; i++) {
      if (asked(events.stances[i] === OPPOSES ? denied : events.status[row])) facets.claimant[values[i]] += 1;
    }
    if (isConfirmed && asked(events.status[row])) facets.confirmed += 1;
  }

  /**
   * @param {Uint32Array} counts
   * @param {number} row
   */
  countPrecisions(counts, row) {
    const { events, features, sites, precisions } = this.scene;
    const [from, to] = [events.features[row], events.features[row + 1]];
    if (from === to) counts[precisions.indexOf("none")] += 1;
    let seen = 0;
    for (let f = from; f < to; f++) {
      const site = features.site[f];
      const bit = 1 << sites.precision[site];
      if (seen & bit || sites.width[site] > this.widest) continue;
      counts[sites.precision[site]] += 1;
      seen |= bit;
    }
  }
}

/**
 * Count each of an event's numbers once.
 * @param {Uint32Array} counts
 * @param {Lists} lists
 * @param {number} row
 * @param {Uint32Array | null} same The number that stands for each.
 */
function addList(counts, { starts, values }, row, same) {
  const first = starts[row];
  const end = starts[row + 1];
  for (let i = first; i < end; i++) {
    const number = same ? same[values[i]] : values[i];
    let isFirst = true;
    for (let j = first; j < i; j++) if ((same ? same[values[j]] : values[j]) === number) isFirst = false;
    if (isFirst) counts[number] += 1;
  }
}
