import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, idsOf, readScene, scripts } from "./load.mjs";

const { foldText, SearchIndex, WordBook, textBlocks } = scripts;

test("a name folds as Python folds it, known to the scene or not", async () => {
  const scene = await readScene(cases.scene);
  for (const [name, folded] of cases.folds) assert.equal(foldText(name, scene.folds), folded, JSON.stringify(name));
});

test("folding twice changes nothing", async () => {
  const { folds } = await readScene(cases.scene);
  for (const [name] of cases.folds) assert.equal(foldText(foldText(name, folds), folds), foldText(name, folds), JSON.stringify(name));
});

test("a text folds word by word, so that each word is folded once for all", async () => {
  const { folds } = await readScene(cases.scene);
  const names = cases.folds.map((/** @type {[string]} */ [name]) => name);
  names.forEach((/** @type {string} */ name, /** @type {number} */ i) => {
    const text = `${name} ${names[(i * 7 + 3) % names.length]}  | (${name}), «${name}»`;
    const parts = text.split(" ").map((word) => foldText(word, folds));
    assert.equal(parts.filter(Boolean).join(" "), foldText(text, folds), JSON.stringify(text));
  });
});

test("an event is found by each of its texts and names, in any spelling", async () => {
  const scene = await readScene(cases.scene);
  const search = new SearchIndex(scene);
  await search.open();
  const found = (/** @type {string} */ phrase) => idsOf(scene).filter((/** @type {string} */ _, /** @type {number} */ row) => search.match(phrase)[row]);
  for (const [phrase, ids] of cases.found) assert.deepEqual(found(phrase), ids, phrase);
});

test("words are the same whether a text comes as numbers of words or as a text", async () => {
  const { folds } = await readScene(cases.scene);
  let read = 0;
  for (const { texts, packed } of cases.wordy) {
    const blocks = textBlocks(packed, cases.wordy_rows, 2);
    // Numbers as small as can be told, and larger ones.
    const book = new WordBook(folds);
    const wordsOf = (/** @type {any} */ { values, ends }) => Array.from(ends, (end, row) => Array.from(values.subarray(row ? ends[row - 1] : 0, end), (number) => book.words[number]));
    for (let first = 0; first < texts.length; first += cases.wordy_rows) {
      const own = await blocks.readText(first);
      const plain = texts.slice(first, first + cases.wordy_rows);
      const expected = plain.map((/** @type {string | null} */ text) => foldText(text ?? "", folds).split(" ").filter(Boolean));
      assert.ok(own.bytes.length);
      for (const found of [wordsOf(book.readCodes(own)), wordsOf(book.readTexts(plain))]) {
        found.forEach((words, row) => assert.deepEqual(words, expected[row], JSON.stringify(plain[row])));
        assert.equal(found.length, expected.length);
      }
      read += plain.length;
    }
  }
  assert.ok(read > 60_000);
});

test("words may stand anywhere, each must be there, and a sign alone finds nothing", async () => {
  const scene = await readScene(cases.scene);
  const search = new SearchIndex(scene);
  await search.open();
  const count = (/** @type {string} */ phrase) => search.match(phrase).reduce((/** @type {number} */ sum, /** @type {number} */ hit) => sum + hit, 0);
  assert.equal(count("drop GRODNO"), 1);
  assert.equal(count("drop nowhere"), 0);
  for (const nothing of ["", " ", "—", "'", "!?", "\u0301"]) assert.equal(count(nothing), 0, JSON.stringify(nothing));
  // The end of one event's text and the beginning of the next are no phrase.
  assert.equal(count("soldiersneardriver"), 0);
});
