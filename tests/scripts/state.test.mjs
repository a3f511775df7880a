import assert from "node:assert/strict";
import { before, test } from "node:test";

import { cases, chance, idsOf, readScene, scripts } from "./load.mjs";

const { initialState, mergeState, stateToHash, hashToState, OPTIONS, STATE_KEYS } = scripts;
const WORDS = ["strike", "a,b", "a&b=c", "100%", "#", "%2C", "ГРОДНО", "😀 \u{1f1e7}", "__proto__", "constructor", "", " ", "+", "a+b", "\u202e", "\n", "'\"<>", "x".repeat(300)];
/** @type {any} */
let scene;
/** @type {any} */
let beginning;

before(async () => {
  scene = await readScene(cases.odd_ids);
  scene.messages = { ...scene.messages, tlh: scene.messages.en };
  beginning = initialState(scene, { lon: 27.5, lat: 53.25, zoom: 6.25 });
});

/** @param {ReturnType<typeof chance>} draw */
function drawState(draw) {
  const maybe = (/** @type {number} */ share) => draw.next() < share;
  const day = () => (maybe(0.2) ? null : scripts.isoDay(draw.below(60_000) - 20_000));
  /** @type {Record<string, any>} */
  const change = { filters: {}, layers: Object.create(null) };
  if (maybe(0.8)) change.view = { lon: draw.next() * 360 - 180, lat: draw.next() * 170 - 85, zoom: draw.below(64) / 4 };
  if (maybe(0.6)) change.time = [day(), day()].sort((a, b) => (a === null || b === null ? 0 : a < b ? -1 : 1));
  for (const key of ["type", "actor", "status", "precision", "source"]) if (maybe(0.4)) change.filters[key] = draw.some(WORDS, 4);
  if (maybe(0.4)) change.filters.text = maybe(0.5) ? draw.pick(WORDS) : draw.some(WORDS, 3);
  if (maybe(0.3)) change.filters.max_km = draw.pick([0, 0.5, 12, 1e7, 1e21, Infinity]);
  for (const { id } of scene.layers) if (maybe(0.4)) change.layers[id] = maybe(0.3);
  if (maybe(0.5)) change.lens = draw.pick(["confirmed", ...scene.words.claimant.map((/** @type {string} */ name) => `by:${name}`)]);
  if (maybe(0.5)) change.event = draw.pick(idsOf(scene));
  if (maybe(0.5)) change.lang = draw.pick(Object.keys(scene.messages));
  for (const [key, values] of Object.entries(OPTIONS)) if (maybe(0.4)) change[key] = draw.pick(values);
  return mergeState(scene, beginning, change, beginning);
}

test("any state comes back from its hash", () => {
  const draw = chance(11);
  const seen = new Set();
  for (let i = 0; i < 1000; i++) {
    const state = drawState(draw);
    const hash = stateToHash(scene, state, beginning);
    const again = hashToState(scene, `#${hash}`, beginning);
    assert.deepEqual(again, state, hash);
    assert.equal(stateToHash(scene, again, beginning), hash);
    // What a browser leaves as it is in an address.
    assert.equal(new URL(`file:///a#${hash}`).hash.slice(1), hash);
    for (const key of STATE_KEYS) if (JSON.stringify(state[key]) !== JSON.stringify(beginning[key])) seen.add(key);
  }
  assert.deepEqual([...seen].sort(), [...STATE_KEYS].sort(), "every key has been something else than its beginning");
});

test("the beginning is a hash of a view alone, and no hash is the beginning", () => {
  assert.equal(stateToHash(scene, beginning, beginning), "v=27.5,53.25,6.25");
  for (const hash of ["", "#", "#v=27.5,53.25,6.25"]) assert.deepEqual(hashToState(scene, hash, beginning), beginning);
});

test("symbols begin neutral where the map has them, and are types where it has none", () => {
  assert.equal(beginning.symbols, "neutral");
  assert.equal(hashToState(scene, "#symbols=hostile", beginning).symbols, "hostile");
  assert.equal(mergeState(scene, { ...beginning, symbols: "hostile" }, { symbols: null }, beginning).symbols, "neutral");
  const plain = { ...scene, symbols: null };
  const first = initialState(plain, beginning.view);
  assert.equal(first.symbols, "types");
  assert.deepEqual(hashToState(plain, "#symbols=hostile", first), first);
  assert.throws(() => mergeState(plain, first, { symbols: "ally" }, first), RangeError);
});

test("a hash that anybody wrote changes what it can and no more", () => {
  const take = (/** @type {string} */ hash) => hashToState(scene, hash, beginning);
  for (const hash of [
    "#v=1e999,abc,", "#v=,,", "#v=1", "#v=1,2,3,4,5&v=", "#t=2021-99-99,x", "#t=2021-02-30,", "#t=x", "#t=2022-01-01,2021-01-01", "#e=nobody",
    "#e=", "#off=nobody", "#lang=xx", "#lang=__proto__", "#theme=pink", "#tab=", "#mode=constructor", "#lens=by:nobody", "#lens=", "#max_km=-1",
    "#max_km=", "#max_km=NaN", "#max_km=%20", "#%%%=1", "#type=%", "#__proto__=1", "#constructor=x", "#toString=x", "#filters=x", "#=", "#&&&", "#a", "#view=1", `#q=${"a".repeat(70_000)}`,
  ]) {
    const state = take(hash);
    const plain = hash.startsWith("#v=1,2,3") ? { ...beginning, view: { lon: 1, lat: 2, zoom: 3 } } : beginning;
    assert.deepEqual(state, plain, hash.slice(0, 60));
  }
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
  const state = take("#e=nobody&theme=dark&off=nobody,constructor,__proto__&type=a,b&t=bad&q=x%20y&embed");
  assert.deepEqual([state.theme, state.filters, state.embed, state.event], ["dark", { type: ["a", "b"], text: "x y" }, "on", null]);
  assert.deepEqual(scene.layers.filter((/** @type {any} */ { id }) => !state.layers[id]).map((/** @type {any} */ { id }) => id), ["__proto__", "constructor"]);
});

test("what is drawn by chance as a hash never throws and always gives a state", () => {
  const draw = chance(12);
  const pieces = ["v", "t", "q", "e", "off", "lens", "lang", "theme", "type", "max_km", "embed", "=", "&", ",", "%", "%41", "%ff", "1", "-1", "2021-01-01", "__proto__", "\ud800", "é", "null", "[]", " "];
  for (let i = 0; i < 3000; i++) {
    const hash = `#${Array.from({ length: draw.below(14) }, () => draw.pick(pieces)).join("")}`;
    const state = hashToState(scene, hash, beginning);
    assert.deepEqual(Object.keys(state).sort(), [...STATE_KEYS].sort());
    assert.deepEqual(hashToState(scene, stateToHash(scene, state, beginning), beginning), state, hash);
  }
});

test("null clears each key, and what is wrong changes nothing", () => {
  const draw = chance(13);
  for (let i = 0; i < 100; i++) {
    const state = drawState(draw);
    const cleared = mergeState(scene, state, Object.fromEntries(STATE_KEYS.map((/** @type {string} */ key) => [key, null])), beginning);
    assert.deepEqual(cleared, beginning);
  }
  const state = drawState(draw);
  const kept = structuredClone({ ...state, layers: { ...state.layers } });
  const merge = (/** @type {any} */ change) => () => mergeState(scene, state, change, beginning);
  for (const wrong of [{ nope: 1 }, { time: "2021" }, { time: ["2021-02-30", null] }, { view: { lon: "1" } }, { view: { lon: 541 } }, { filters: { type: [1] } }, { filters: { max_km: NaN } }, { filters: [] }, { layers: { nobody: true } }, { layers: { constructor2: true } }, { event: 1 }, { lens: "by:" }, { theme: "" }, { speed: 1 }, [], "x", null, 1]) {
    assert.throws(merge(wrong), { name: /TypeError|RangeError/ }, JSON.stringify(wrong));
  }
  assert.deepEqual({ ...state, layers: { ...state.layers } }, kept);
});
