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

// One bit for each thing that can hide an event: the counts beside a choice leave out its own bit.
const BY_TYPE = 1;
const BY_ACTOR = 2;
const BY_STATUS = 4;
const BY_PLACE = 8;
const BY_SOURCE = 16;
const BY_TEXT = 32;
const BY_TIME = 64;
const BY_LAYER = 128;
const BY_LENS = 256;

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
    const { events, features } = scene;
    this.fails = new Uint16Array(events.count);
    this.drawn = new Uint8Array(features.count).fill(1);
    /** 1 where an event may or may not fall into the time. */
    this.maybe = new Uint8Array(events.count);
    /** The status of each event as the lens tells it. @type {Uint8Array} */
    this.status = events.status;
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
    // Made once: every change of a slider would leave new ones to be collected.
    this.room = { rows: new Uint32Array(events.count), features: new Uint32Array(features.count) };
    /** The events that are shown, and their drawn features, in the order of the scene; until the next change. */
    this.rows = this.room.rows.subarray(0, 0);
    this.features = this.room.features.subarray(0, 0);
    /** @type {Totals} */
    this.totals = { shown: 0, unlocated: 0, undated: 0, features: 0, layers: new Uint32Array(scene.layers.length) };
  }

  /** @param {number} row */
  shows(row) {
    return this.fails[row] === 0;
  }

  /** @param {number} feature */
  draws(feature) {
    return this.drawn[feature] === 1 && this.fails[this.scene.features.event[feature]] === 0;
  }

  /** @param {Choice} choice */
  apply(choice) {
    const { filters } = choice;
    this.ask(BY_LENS, choice.lens, () => this.throughLens(choice.lens));
    this.ask(BY_TYPE, filters.type, () => this.typeTest(asList(filters.type)));
    this.ask(BY_STATUS, [filters.status, choice.lens], () => this.statusTest(asList(filters.status)));
    this.ask(BY_ACTOR, filters.actor, () => this.actorTest(asList(filters.actor)));
    this.ask(BY_SOURCE, filters.source, () => this.listTest(this.scene.events.sources, numbersOf(this.scene.words.source, asList(filters.source)), filters.source));
    this.ask(BY_PLACE, [filters.precision, filters.max_km], () => this.placeTest(filters));
    this.ask(BY_TEXT, filters.text, () => this.textTest(asList(filters.text)));
    this.ask(BY_TIME, choice.time, () => this.timeTest(choice.time));
    this.ask(BY_LAYER, Object.entries(choice.layers).filter(([, on]) => !on), () => this.layerTest(choice.layers));
    this.count();
  }

  /**
   * Set the bit of each event that a test fails; a test that lets all pass is null.
   * @param {number} bit
   * @param {unknown} asked
   * @param {() => ((row: number) => boolean | number) | null} makeTest
   */
  ask(bit, asked, makeTest) {
    const key = JSON.stringify(asked) ?? "";
    if (this.asked[bit] === key) return;
    this.asked[bit] = key;
    if (bit !== BY_TIME) this.version += 1;
    const passes = makeTest();
    const { fails } = this;
    const others = ~bit;
    if (!passes) for (let row = 0; row < fails.length; row++) fails[row] &= others;
    else for (let row = 0; row < fails.length; row++) fails[row] = passes(row) ? fails[row] & others : fails[row] | bit;
  }

  /** @param {string[]} wanted */
  typeTest(wanted) {
    if (!wanted.length) return null;
    const { types, words, events } = this.scene;
    const whole = new Set();
    const parts = new Set();
    for (const value of wanted) {
      const [kind, subtype] = partsOfType(value);
      const number = types.findIndex(({ id }) => id === kind);
      if (subtype === null) whole.add(number);
      else parts.add(number * 65_536 + words.subtype.indexOf(subtype));
    }
    return (/** @type {number} */ row) => whole.has(events.type[row]) || parts.has(events.type[row] * 65_536 + events.subtype[row]);
  }

  /** @param {string[]} wanted */
  statusTest(wanted) {
    this.wantedStatuses = null;
    if (!wanted.length) return null;
    const numbers = (this.wantedStatuses = numbersOf(this.scene.statuses, wanted));
    return (/** @type {number} */ row) => numbers.has(this.status[row]);
  }

  /** Actors are named by their id, or by their name in any spelling. @param {string[]} wanted */
  actorTest(wanted) {
    if (!wanted.length) return null;
    const { events, words } = this.scene;
    const matches = wanted.map((name) => actorMatch(this.scene, name));
    const meant = words.actor.flatMap((actor, number) => (matches.some((holds) => holds(actor)) ? [number] : []));
    return this.listTest(events.actors, new Set(meant), wanted);
  }

  /**
   * @param {Lists} lists
   * @param {Set<number>} numbers
   * @param {unknown} wanted
   */
  listTest({ starts, values }, numbers, wanted) {
    if (!asList(wanted).length) return null;
    return (/** @type {number} */ row) => {
      for (let i = starts[row]; i < starts[row + 1]; i++) if (numbers.has(values[i])) return true;
      return false;
    };
  }

  /** @param {Filters} filters */
  placeTest(filters) {
    const { precisions, features, events } = this.scene;
    const wanted = asList(filters.precision);
    const limits = asList(filters.max_km).map(Number);
    const widest = (this.widest = limits.length ? Math.max(...limits) * 1000 : Infinity);
    if (!wanted.length && widest === Infinity) {
      this.drawn.fill(1);
      return null;
    }
    const numbers = numbersOf(precisions, wanted);
    for (let f = 0; f < features.count; f++) {
      this.drawn[f] = (!wanted.length || numbers.has(features.precision[f])) && features.width[f] <= widest ? 1 : 0;
    }
    // An event without a drawn place is hidden only when a precision is asked for that is not "none".
    const placeless = !wanted.length || wanted.includes("none");
    return (/** @type {number} */ row) => {
      const [from, to] = [events.features[row], events.features[row + 1]];
      if (from === to) return placeless;
      for (let f = from; f < to; f++) if (this.drawn[f]) return true;
      return false;
    };
  }

  /** @param {string[]} phrases */
  textTest(phrases) {
    if (!phrases.length) return null;
    const hits = phrases.map((phrase) => this.search.match(phrase));
    return (/** @type {number} */ row) => hits.some((own) => own[row] === 1);
  }

  /** @param {[string | null, string | null] | null} time Days; null on either side is open. */
  timeTest(time) {
    const { first, last, flags } = this.scene.events;
    this.maybe.fill(0);
    if (!time) return null;
    const from = time[0] === null ? -Infinity : dayNumber(time[0]);
    const to = time[1] === null ? Infinity : dayNumber(time[1]);
    return (/** @type {number} */ row) => {
      const [a, b] = [first[row], last[row]];
      if (a === NO_DAY && b === NO_DAY) return false;
      const begins = a === NO_DAY ? -Infinity : a;
      const ends = b === NO_DAY ? Infinity : b;
      if (begins > to || ends < from) return false;
      if (flags[row] & ONE_OF && (begins < from || ends > to)) this.maybe[row] = 1;
      return true;
    };
  }

  /**
   * At least one layer that an event stands in is on, or it stands in none.
   * @param {Record<string, boolean>} layers
   */
  layerTest(layers) {
    const { layers: lists } = this.scene.events;
    const off = Uint8Array.from(this.scene.layers, ({ id }) => (layers[id] === false ? 1 : 0));
    if (!off.includes(1)) return null;
    return (/** @type {number} */ row) => {
      const own = listOf(lists, row);
      return !own.length || own.some((layer) => !off[layer]);
    };
  }

  /**
   * What a claimant tells: what it vouches for, as it stands; what it denies, as denied; the rest is not told.
   * @param {string | null} lens
   */
  throughLens(lens) {
    const { events, statuses, words } = this.scene;
    this.status = events.status;
    if (lens === null) return null;
    if (lens === LENS_CONFIRMED) {
      const confirmed = statuses.indexOf("confirmed");
      return (/** @type {number} */ row) => events.status[row] === confirmed;
    }
    const claimant = words.claimant.indexOf(lens.slice(LENS_BY.length));
    const denied = statuses.indexOf("denied");
    this.status = Uint8Array.from(events.status);
    const { starts, values } = events.claimants;
    return (/** @type {number} */ row) => {
      for (let i = starts[row]; i < starts[row + 1]; i++) {
        if (values[i] !== claimant) continue;
        if (events.stances[i] === OPPOSES) this.status[row] = denied;
        return true;
      }
      return false;
    };
  }

  count() {
    const { fails, drawn, scene } = this;
    const { events } = scene;
    const { rows, features: kept } = this.room;
    const layers = new Uint32Array(scene.layers.length);
    let [shown, unlocated, undated, features] = [0, 0, 0, 0];
    for (let row = 0; row < fails.length; row++) {
      const failed = fails[row];
      if ((failed & ~BY_TIME) === 0 && events.first[row] === NO_DAY && events.last[row] === NO_DAY) undated += 1;
      if ((failed & ~BY_LAYER) !== 0) continue;
      for (let i = events.layers.starts[row]; i < events.layers.starts[row + 1]; i++) layers[events.layers.values[i]] += 1;
      if (failed) continue;
      rows[shown] = row;
      shown += 1;
      const before = features;
      for (let f = events.features[row]; f < events.features[row + 1]; f++) if (drawn[f]) kept[features++] = f;
      if (features === before) unlocated += 1;
    }
    this.rows = rows.subarray(0, shown);
    this.features = kept.subarray(0, features);
    this.totals = { shown, unlocated, undated, features, layers };
  }

  /**
   * How many events each choice would show, all other choices left as they are.
   * @returns {Facets}
   */
  facets() {
    const { events, words, types, statuses, precisions } = this.scene;
    const { fails } = this;
    const actors = (this.actorsAsOne ??= sameActors(this.scene));
    const facets = {
      type: new Uint32Array(types.length + 1), subtype: new Map(), actor: new Uint32Array(words.actor.length),
      status: new Uint32Array(statuses.length), precision: new Uint32Array(precisions.length),
      source: new Uint32Array(words.source.length), claimant: new Uint32Array(words.claimant.length), confirmed: 0,
    };
    for (let row = 0; row < fails.length; row++) {
      const failed = fails[row];
      if (!(failed & ~(BY_LENS | BY_STATUS))) this.countLenses(facets, row);
      // An event that two choices hide counts for neither.
      if (failed & (failed - 1)) continue;
      if (!(failed & ~BY_TYPE)) {
        facets.type[events.type[row]] += 1;
        if (events.subtype[row]) {
          const key = events.type[row] * 65_536 + events.subtype[row];
          facets.subtype.set(key, (facets.subtype.get(key) ?? 0) + 1);
        }
      }
      if (!(failed & ~BY_STATUS)) facets.status[this.status[row]] += 1;
      if (!(failed & ~BY_ACTOR)) addList(facets.actor, events.actors, row, actors);
      if (!(failed & ~BY_SOURCE)) addList(facets.source, events.sources, row);
      if (!(failed & ~BY_PLACE)) this.countPrecisions(facets.precision, row);
    }
    return facets;
  }

  /**
   * A lens tells an event with a status of its own, which may be one that is not asked for.
   * @param {{claimant: Uint32Array, confirmed: number}} facets
   * @param {number} row
   */
  countLenses(facets, row) {
    const { events, statuses } = this.scene;
    const { starts, values } = events.claimants;
    const asked = (/** @type {number} */ status) => this.wantedStatuses === null || this.wantedStatuses.has(status);
    const denied = statuses.indexOf("denied");
    for (let i = starts[row]; i < starts[row + 1]; i++) {
      if (asked(events.stances[i] === OPPOSES ? denied : events.status[row])) facets.claimant[values[i]] += 1;
    }
    if (statuses[events.status[row]] === "confirmed" && asked(events.status[row])) facets.confirmed += 1;
  }

  /**
   * @param {Uint32Array} counts
   * @param {number} row
   */
  countPrecisions(counts, row) {
    const { events, features, precisions } = this.scene;
    const [from, to] = [events.features[row], events.features[row + 1]];
    if (from === to) counts[precisions.indexOf("none")] += 1;
    let seen = 0;
    for (let f = from; f < to; f++) {
      const bit = 1 << features.precision[f];
      if (seen & bit || features.width[f] > this.widest) continue;
      counts[features.precision[f]] += 1;
      seen |= bit;
    }
  }
}

/**
 * Count each of an event's numbers once.
 * @param {Uint32Array} counts
 * @param {Lists} lists
 * @param {number} row
 * @param {Uint32Array} [same] The number that stands for each.
 */
function addList(counts, { starts, values }, row, same) {
  const numberAt = (/** @type {number} */ i) => (same ? same[values[i]] : values[i]);
  for (let i = starts[row]; i < starts[row + 1]; i++) {
    let isFirst = true;
    for (let j = starts[row]; j < i; j++) if (numberAt(j) === numberAt(i)) isFirst = false;
    if (isFirst) counts[numberAt(i)] += 1;
  }
}
