import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, idsOf, readScene, scripts } from "./load.mjs";

const { readColumn, readPart, readLists, listOf } = scripts;
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
