import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, chance, readScene, scripts } from "./load.mjs";

const { EventFilter, SearchIndex } = scripts;
const STATUSES = ["reported", "corroborated", "confirmed", "disputed", "denied", "retracted"];
const PRECISIONS = ["exact", "place", "vicinity", "district", "region", "line", "country", "waters", "none"];
const DAYS = ["2021-01-01", "2021-01-15", "2021-02-01", "2021-03-10", "2021-06-30", "2022-01-01", null];

/**
 * @typedef {{id: string, title: string, type: string, subtype: string | null, status: string, actors: [string, string | null][], sources: string[], standing: Record<string, string>, first: string | null, last: string | null, one_of: boolean, layers: string[], places: {precision: string, width: number}[]}} Plain
 * @typedef {{time: [string | null, string | null] | null, filters: Record<string, any>, layers: Record<string, boolean>, lens: string | null}} Choice
 */

/** A name as people compare names here: the names of these scenes differ in case and accents only. */
const bare = (/** @type {string} */ name) => name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ł", "l");
const lists = (/** @type {any} */ value) => (value === undefined ? [] : [value].flat());

/** What each choice says of one event, written as one would explain it. */
function passes(/** @type {Plain} */ event, /** @type {Choice} */ choice, without = "") {
  const { filters, lens } = choice;
  const status = statusOf(event, without === "lens" ? null : lens);
  const wanted = (/** @type {string} */ key) => (key === without ? [] : lists(filters[key]));
  if (status === null) return false;
  if (wanted("type").length && !wanted("type").some((type) => type === event.type || (event.subtype && type === `${event.type}/${event.subtype}`))) return false;
  if (wanted("status").length && !wanted("status").includes(status)) return false;
  if (wanted("actor").length && !wanted("actor").some((name) => event.actors.some(([own, id]) => id === name || bare(own) === bare(name)))) return false;
  if (wanted("source").length && !wanted("source").some((id) => event.sources.includes(id))) return false;
  if (without !== "text" && filters.text !== undefined && !lists(filters.text).some((phrase) => bare(phrase).split(" ").every((word) => bare([event.title, ...event.actors.map(([name]) => name), ...Object.keys(event.standing)].join(" | ")).includes(word)))) return false;
  if (!placesShown(event, choice, without).length && !(event.places.length === 0 && (!wanted("precision").length || wanted("precision").includes("none")))) return false;
  if (without !== "time" && choice.time && !inTime(event, choice.time)) return false;
  if (without !== "layers" && event.layers.length && event.layers.every((id) => choice.layers[id] === false)) return false;
  return true;
}

function statusOf(/** @type {Plain} */ event, /** @type {string | null} */ lens) {
  if (lens === null) return event.status;
  if (lens === "confirmed") return event.status === "confirmed" ? "confirmed" : null;
  const standing = event.standing[lens.slice(3)];
  return standing === undefined ? null : standing === "opposes" ? "denied" : event.status;
}

function placesShown(/** @type {Plain} */ event, /** @type {Choice} */ { filters }, without = "") {
  return event.places.filter(({ precision, width }) => {
    if (without !== "precision" && filters.precision && !filters.precision.includes(precision)) return false;
    return filters.max_km === undefined || without === "max_km" || width <= filters.max_km * 1000;
  });
}

function inTime(/** @type {Plain} */ { first, last }, /** @type {[string | null, string | null]} */ [from, to]) {
  if (first === null && last === null) return false;
  return (first === null || to === null || first <= to) && (last === null || from === null || last >= from);
}

function drawChoice(/** @type {ReturnType<typeof chance>} */ draw, /** @type {Plain[]} */ events, /** @type {string[]} */ layers) {
  const maybe = (/** @type {number} */ share) => draw.next() < share;
  const event = draw.pick(events);
  const actors = events.flatMap((own) => own.actors);
  const claimants = events.flatMap((own) => Object.keys(own.standing));
  /** @type {Choice} */
  const choice = { time: null, filters: {}, layers: {}, lens: null };
  const { filters } = choice;
  if (maybe(0.4)) filters.type = draw.some([event.type, `${event.type}/${event.subtype}`, "strike", "migration/camp", "nothing"], 2);
  if (maybe(0.3)) filters.status = draw.some(STATUSES, 3);
  if (maybe(0.3)) filters.actor = draw.some(actors, 2).map(([name, id]) => (id && maybe(0.5) ? id : maybe(0.5) ? name.toUpperCase() : name));
  if (maybe(0.25)) filters.precision = draw.some(PRECISIONS, 4);
  if (maybe(0.25)) filters.source = draw.some([...event.sources, "s1", "s2", "s3"], 2);
  if (maybe(0.25)) filters.max_km = draw.pick([0, 1, 10, 50, 500]);
  if (maybe(0.2)) filters.text = maybe(0.5) ? draw.pick(["drill", "Ministry", "BRIDGE near", "łódz"]) : ["convoy", "drill"];
  if (maybe(0.5)) {
    const ends = [draw.pick(DAYS), draw.pick(DAYS)];
    if (ends[0] !== null && ends[1] !== null) ends.sort();
    choice.time = /** @type {[string | null, string | null]} */ (ends);
  }
  for (const id of layers) if (maybe(0.25)) choice.layers[id] = false;
  if (maybe(0.35)) choice.lens = maybe(0.3) ? "confirmed" : `by:${draw.pick(claimants)}`;
  return choice;
}

test("what is shown, counted and promised equals a plain reading of the events, for 400 drawn choices", async () => {
  let checked = 0;
  for (const [number, { island, events: told, layers }] of cases.drawn.entries()) {
    /** @type {Plain[]} */
    const events = told;
    const scene = await readScene(island);
    const search = new SearchIndex(scene);
    await search.open();
    const filter = new EventFilter(scene, search);
    const draw = chance(100 + number);
    for (let i = 0; i < 80; i++) {
      const choice = drawChoice(draw, events, layers);
      filter.apply(choice);
      const words = JSON.stringify(choice);
      const shown = events.filter((event) => passes(event, choice));
      assert.deepEqual(Array.from(filter.rows, (row) => events[row].id), shown.map(({ id }) => id), words);
      const { totals } = filter;
      assert.equal(totals.shown, shown.length, words);
      assert.equal(totals.features, shown.reduce((sum, event) => sum + placesShown(event, choice).length, 0), words);
      assert.equal(totals.unlocated, shown.filter((event) => !placesShown(event, choice).length).length, words);
      const isUndated = (/** @type {Plain} */ { first, last }) => first === null && last === null;
      assert.equal(totals.undated, events.filter((event) => isUndated(event) && passes(event, choice, "time")).length, words);
      layers.forEach((/** @type {string} */ id, /** @type {number} */ at) => {
        assert.equal(totals.layers[at], events.filter((event) => event.layers.includes(id) && passes(event, choice, "layers")).length, `${id} ${words}`);
      });
      checkFacets(scene, filter.facets(), events, choice, words);
      checkMaybe(filter, events, choice, words);
      checked += 1;
    }
  }
  assert.ok(checked >= 400);
});

/** Each number beside a choice is how many events would be shown with that choice alone of its kind. */
function checkFacets(/** @type {any} */ scene, /** @type {any} */ facets, /** @type {Plain[]} */ events, /** @type {Choice} */ choice, /** @type {string} */ words) {
  const count = (/** @type {Record<string, any>} */ change, key = "filters") =>
    events.filter((event) => passes(event, key === "lens" ? { ...choice, ...change } : { ...choice, filters: { ...choice.filters, ...change } })).length;
  scene.types.forEach(({ id }, /** @type {number} */ type) => {
    assert.equal(facets.type[type], count({ type: [id] }), `type ${id} ${words}`);
    scene.words.subtype.forEach((/** @type {string | null} */ subtype, /** @type {number} */ at) => {
      if (subtype) assert.equal(facets.subtype.get(type * 65_536 + at) ?? 0, count({ type: [`${id}/${subtype}`] }), `${id}/${subtype} ${words}`);
    });
  });
  scene.statuses.forEach((/** @type {string} */ id, /** @type {number} */ at) => assert.equal(facets.status[at], count({ status: [id] }), `status ${id} ${words}`));
  scene.precisions.forEach((/** @type {string} */ id, /** @type {number} */ at) => assert.equal(facets.precision[at], count({ precision: [id] }), `precision ${id} ${words}`));
  scene.words.source.forEach((/** @type {string} */ id, /** @type {number} */ at) => assert.equal(facets.source[at], count({ source: [id] }), `source ${id} ${words}`));
  const asOne = scripts.sameActors(scene);
  scene.words.actor.forEach(([name], /** @type {number} */ at) => {
    if (asOne[at] === at) assert.equal(facets.actor[at], count({ actor: [name] }), `actor ${name} ${words}`);
    else assert.equal(facets.actor[at], 0);
  });
  assert.equal(facets.confirmed, count({ lens: "confirmed" }, "lens"), `confirmed ${words}`);
  scene.words.claimant.forEach((/** @type {string} */ name, /** @type {number} */ at) => assert.equal(facets.claimant[at], count({ lens: `by:${name}` }, "lens"), `by ${name} ${words}`));
}

/** Faded is what happened on one day of a span that reaches out of the window. */
function checkMaybe(/** @type {any} */ filter, /** @type {Plain[]} */ events, /** @type {Choice} */ { time }, /** @type {string} */ words) {
  for (const row of filter.rows) {
    const { first, last, one_of: oneOf } = events[row];
    const out = time !== null && oneOf && ((time[0] !== null && (first === null || first < time[0])) || (time[1] !== null && (last === null || last > time[1])));
    assert.equal(filter.isMaybe(row), out, `${events[row].id} ${words}`);
  }
}

test("a lens shows a claimant's denial as denied and gives the status back after", async () => {
  const { island, events: told } = cases.drawn[0];
  const scene = await readScene(island);
  const filter = new EventFilter(scene, new SearchIndex(scene));
  const choice = { time: null, filters: {}, layers: {}, lens: null };
  const before = Array.from(scene.events.status);
  for (const name of scene.words.claimant) {
    filter.apply({ ...choice, lens: `by:${name}` });
    for (const row of filter.rows) assert.equal(STATUSES.includes(scene.statuses[filter.status[row]]) && scene.statuses[filter.status[row]], statusOf(told[row], `by:${name}`));
  }
  filter.apply(choice);
  assert.deepEqual(Array.from(filter.status), before);
  assert.equal(filter.totals.shown, told.length);
});
