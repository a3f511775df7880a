import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, idsOf, readScene, scripts } from "./load.mjs";

const { Spots, allAlike, countingTo, isCounting, listOf, narrowed, oneOf, readColumn, readLists, readPart, sharing, startsOf, worldX, worldY } = scripts;
const KINDS = { u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array, f8: Float64Array };

test("columns come back, plain and packed", async () => {
  let packed = 0;
  for (const { kind, values, part } of cases.columns) {
    const Kind = KINDS[/** @type {keyof typeof KINDS} */ (kind)];
    const column = await readColumn(part, Kind);
    assert.ok(column instanceof Kind);
    assert.deepEqual(Array.from(column), kind === "f4" ? values.map(Math.fround) : values, `${kind} ${values.length}`);
    packed += typeof part === "string" ? 1 : 0;
  }
  assert.ok(packed >= 6 && packed < cases.columns.length);
});

test("columns that are alike share their memory and say what they said", () => {
  for (const count of [0, 1, 5, 300, 20]) {
    assert.deepEqual(Array.from(countingTo(count)), Array.from({ length: count }, (_, row) => row));
    assert.ok(isCounting(countingTo(count)));
  }
  assert.equal(countingTo(7).buffer, countingTo(9).buffer);
  assert.equal(sharing(Uint32Array.of(0, 1, 2)).buffer, countingTo(3).buffer);
  const [other, last] = [Float32Array.of(1, 2), Float32Array.of(1, 2.5)];
  assert.equal(sharing(Float32Array.of(1, 2), other), other);
  for (const column of [Uint32Array.of(0, 2), Uint32Array.of(1, 2), Float32Array.of(0, 1), Int32Array.of(0, 1, 2)]) assert.equal(sharing(column, last), column);
  for (const lengths of [[], [1, 1, 1], [0, 0], [2, 2], [1, 0, 3]]) {
    let end = 0;
    assert.deepEqual(Array.from(startsOf(lengths)), [0, ...lengths.map((own) => (end += own))]);
  }
  for (const [most, Kind] of /** @type {[number, any][]} */ ([[0, Uint8Array], [255, Uint8Array], [256, Uint16Array], [65_535, Uint16Array], [65_536, Uint32Array], [2 ** 32 - 1, Uint32Array]])) {
    const own = narrowed(Uint32Array.of(1, most, 0));
    assert.ok(own instanceof Kind);
    assert.deepEqual(Array.from(own), [1, most, 0]);
  }
  // Two numbers of two bytes: first their low bytes, then their high ones.
  assert.deepEqual(oneOf(Uint8Array.of(7, 7, 1, 1), 2), Uint8Array.of(7, 1));
  for (const planes of [[7, 8, 1, 1], [7, 7, 1, 2]]) assert.equal(oneOf(Uint8Array.from(planes), 2), null);
  assert.deepEqual(allAlike(Uint8Array.of(7, 1), 3, Uint16Array), Uint16Array.of(263, 263, 263));
  assert.equal(allAlike(Uint8Array.of(7, 1), 3, Uint16Array), allAlike(Uint8Array.of(7, 1), 3, Uint16Array));
  assert.deepEqual(allAlike(Uint8Array.of(7, 1, 0, 0), 3, Uint32Array), Uint32Array.of(263, 263, 263));
  assert.deepEqual(allAlike(Uint8Array.of(0, 0), 3, Uint16Array), new Uint16Array(3));
});

test("a position kept as steps is the one that was given", () => {
  const given = [[-180, -90], [180, 90], [27.561_481, 53.902_334], [-0.000_001, 85.051_129]];
  const parts = 1e6;
  const corner = /** @type {[number, number]} */ ([-180 * parts, -90 * parts]);
  const [west, south] = [0, 1].map((axis) => Uint32Array.from(given, (at) => Math.round(at[axis] * parts) - corner[axis]));
  const spots = new Spots({ west, south, corner, parts, badge: new Uint8Array(given.length) });
  given.forEach(([lon, lat], spot) => {
    assert.deepEqual([spots.lon(spot), spots.lat(spot), spots.x(spot), spots.y(spot)], [lon, lat, worldX(lon), worldY(lat)]);
    assert.ok(Math.abs(spots.down[spot] / 2 ** 31 - worldY(lat)) < 2 ** -31);
  });
});

test("texts come back letter for letter, plain and packed", async () => {
  for (const { value, part } of cases.parts_of_text) assert.deepEqual(await readPart(part), value);
});

test("lists come back with their lengths", async () => {
  const lists = await readLists(cases.lists.part);
  cases.lists.values.forEach((/** @type {number[]} */ numbers, /** @type {number} */ row) => assert.deepEqual(Array.from(listOf(lists, row)), numbers));
});

test("a scene that is packed says the same as one that is not", async () => {
  const scene = await readScene(cases.large.island);
  assert.deepEqual(idsOf(scene), cases.large.ids);
  const rows = [0, 511, 512, 4095, 4096, cases.large.ids.length - 1];
  await scene.text.openBodies(rows);
  for (const row of rows) {
    assert.equal(scene.text.head(row).title, cases.large.titles[row]);
    assert.equal(scene.text.body(row).summary, cases.large.summaries[row]);
  }
  assert.equal(scene.text.head(2000) === null || scene.text.head(2000).title === cases.large.titles[2000], true);
  assert.equal(scene.text.rowOf(cases.large.ids[4096]), 4096);
  for (const id of ["nobody", "__proto__", "constructor", ""]) assert.equal(scene.text.rowOf(id), -1);
});

test("texts whose words are numbers come back letter for letter", async () => {
  for (const { texts, packed } of cases.wordy) {
    const blocks = scripts.textBlocks(packed, cases.wordy_rows, 2);
    await blocks.open(texts.map((/** @type {string | null} */ _, /** @type {number} */ row) => row).slice(0, cases.wordy_rows));
    for (let first = 0; first < texts.length; first += cases.wordy_rows) {
      const { text } = await blocks.read(first);
      assert.deepEqual(text, texts.slice(first, first + cases.wordy_rows));
    }
    assert.equal(blocks.row(0)?.text, texts[0]);
  }
});

test("ids that differ in a number alone are found by it, and no other", async () => {
  for (const { ids, packed } of cases.id_columns) {
    const store = await scripts.readIds(packed);
    ids.forEach((/** @type {string} */ id, /** @type {number} */ row) => {
      assert.equal(store.at(row), id);
      assert.equal(store.indexOf(id), row);
    });
    for (const other of ["", "e", `${ids[0]}0`, ids[0].slice(1), `x${ids[0].slice(1)}`, "event-0x0002", "event-1e3   "]) {
      assert.equal(store.indexOf(other), ids.indexOf(other), other);
    }
  }
});
