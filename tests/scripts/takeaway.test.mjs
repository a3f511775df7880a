import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, idsOf, readScene, scripts } from "./load.mjs";

const { csvCell, toCsv, toGeojson, citation, chosenWords, speak, EventFilter, SearchIndex, CSV_COLUMNS, initialState } = scripts;

/** Rows of cells, as RFC 4180 has them. */
function parseCsv(/** @type {string} */ text) {
  /** @type {string[][]} */
  const rows = [];
  let row = [];
  let at = 0;
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      for (at += 1; ; at++) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') cell += text[(at += 1)];
        else break;
      }
      at += 1;
    } else {
      while (at < text.length && text[at] !== "," && text[at] !== "\r") cell += text[at++];
      assert.ok(!/["\n]/.test(cell), `a cell that needs quotes: ${cell}`);
    }
    row.push(cell);
    if (text[at] === ",") at += 1;
    else {
      assert.equal(text.slice(at, at + 2), "\r\n");
      at += 2;
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

const FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠a", "=HYPERLINK(\"http://x\",\"y\")", "-2+3+cmd|' /C calc'!A0", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", ";=1", "'=1"];

test("no cell begins as a formula does, and every cell comes back letter for letter", () => {
  for (const text of [...FORMULAS, ...cases.texts]) {
    const [[cell, next]] = parseCsv(`${csvCell(text)},x\r\n`);
    assert.equal(next, "x");
    assert.ok(cell === text || cell === `'${text}`, JSON.stringify(text));
    assert.ok(!/^[\s\p{Cf}]*[=+\-@＝＋－＠]/u.test(cell), JSON.stringify(cell));
    assert.ok(!/^[\t\r\n]/.test(cell), JSON.stringify(cell));
  }
  assert.deepEqual([csvCell(null), csvCell(undefined), csvCell(-3.5), csvCell(true), csvCell(["=a", "b"]), csvCell([])], ["", "", "-3.5", "true", "'=a; b", ""]);
});

/** @param {string} island */
async function open(island) {
  const scene = await readScene(island);
  speak("en", scene.messages);
  const filter = new EventFilter(scene, new SearchIndex(scene));
  filter.apply({ time: null, filters: {}, layers: {}, lens: null });
  await scene.text.openBodies(filter.rows);
  return { scene, filter };
}

test("the table holds every shown event, each place a row, letter for letter", async () => {
  const { scene, filter } = await open(cases.hostile.island);
  const text = toCsv(scene, filter).join("");
  assert.equal(text[0], "\ufeff");
  const [head, ...rows] = parseCsv(text.slice(1));
  assert.deepEqual(head, CSV_COLUMNS);
  const back = (/** @type {string} */ cell) => (/^'/.test(cell) ? cell.slice(1) : cell);
  const column = (/** @type {string} */ name) => rows.map((row) => back(row[CSV_COLUMNS.indexOf(name)]));
  assert.deepEqual([...new Set(column("event_id"))], idsOf(scene));
  assert.deepEqual(column("title"), cases.hostile.rows.map((/** @type {any} */ row) => row.title));
  assert.deepEqual(column("summary"), cases.hostile.rows.map((/** @type {any} */ row) => row.summary));
  assert.deepEqual(column("feature_id"), cases.hostile.rows.map((/** @type {any} */ row) => row.feature_id));
  assert.ok(rows.every((row) => row.length === CSV_COLUMNS.length));
});

/** What RFC 7946 asks for. */
function checkGeometry(/** @type {any} */ geometry) {
  if (geometry === null) return 0;
  const position = (/** @type {number[]} */ [lon, lat, ...rest]) => {
    assert.equal(rest.length, 0);
    assert.ok(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90, `${lon} ${lat}`);
    for (const degrees of [lon, lat]) assert.equal(Math.round(degrees * 1e6) / 1e6, degrees, "6 decimals");
  };
  const polygon = (/** @type {number[][][]} */ rings) => {
    rings.forEach((ring, number) => {
      assert.ok(ring.length >= 4);
      assert.deepEqual(ring[0], ring[ring.length - 1]);
      ring.forEach(position);
      let twice = 0;
      for (let i = 0; i + 1 < ring.length; i++) twice += ring[i][0] * ring[i + 1][1] - ring[i + 1][0] * ring[i][1];
      assert.equal(twice > 0, number === 0, "the right hand");
    });
  };
  const line = (/** @type {number[][]} */ positions) => {
    assert.ok(positions.length >= 2);
    positions.forEach(position);
  };
  const { type, coordinates, geometries } = geometry;
  const checks = /** @type {Record<string, () => void>} */ ({
    Point: () => position(coordinates),
    LineString: () => line(coordinates),
    MultiLineString: () => coordinates.forEach(line),
    Polygon: () => polygon(coordinates),
    MultiPolygon: () => coordinates.forEach(polygon),
    GeometryCollection: () => geometries.forEach(checkGeometry),
  });
  assert.ok(Object.hasOwn(checks, type), type);
  checks[type]();
  return 1;
}

test("the GeoJSON is what RFC 7946 asks for, however the shapes were given", async () => {
  const { scene, filter } = await open(cases.shapes);
  const collection = JSON.parse(toGeojson(scene, filter, "all").join(""));
  assert.equal(collection.type, "FeatureCollection");
  assert.equal(collection.crs, undefined);
  const seen = collection.features.map((/** @type {any} */ feature) => {
    assert.deepEqual(Object.keys(feature).sort(), ["geometry", "id", "properties", "type"]);
    assert.equal(feature.type, "Feature");
    checkGeometry(feature.geometry);
    return feature.geometry?.type ?? null;
  });
  assert.deepEqual(seen, cases.shape_types);
  const ids = collection.features.map((/** @type {any} */ { id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  for (const { id, properties } of collection.features) {
    assert.equal(properties.feature_id, id);
    assert.match(id, /#\d+$/);
    assert.equal(id.replace(/#\d+$/, ""), properties.event_id);
  }
});

test("the GeoJSON holds hostile texts letter for letter and the layers' words", async () => {
  const { scene, filter } = await open(cases.hostile.island);
  const collection = JSON.parse(toGeojson(scene, filter, "=1").join(""));
  assert.deepEqual(collection.features.map((/** @type {any} */ { properties }) => properties.title), cases.hostile.rows.map((/** @type {any} */ row) => row.title));
  assert.deepEqual(collection.features.map((/** @type {any} */ { properties }) => properties.summary), cases.hostile.rows.map((/** @type {any} */ row) => row.summary));
  assert.equal(collection.metadata.title, scene.title);
});

test("a citation says what, when, where, by whom, and which map", async () => {
  const { scene } = await open(cases.scene);
  const words = citation(scene, scene.text.rowOf("drop"));
  for (const part of ["Paratroopers drop in the Grodno region", "12 November 2021", "Grodno Region", "Morning Wire", "Evening Post", "A border in November", "drop"]) assert.ok(words.includes(part), part);
});

test("what is chosen is said in words, each with the change that takes it back", async () => {
  const { scene } = await open(cases.scene);
  const beginning = initialState(scene, { lon: 0, lat: 0, zoom: 2 });
  assert.deepEqual(chosenWords(scene, beginning), []);
  const change = { filters: { type: ["strike", "exercise/airborne_drop"], actor: ["Ministry of Defence"], max_km: 5, text: "x" }, time: ["2021-01-01", null], lens: "confirmed", layers: { talk: false } };
  let state = scripts.mergeState(scene, beginning, change, beginning);
  const chosen = chosenWords(scene, state);
  assert.equal(chosen.length, 8);
  for (let left = chosen.length; left > 0; left--) {
    const [{ clear }] = chosenWords(scene, state);
    state = scripts.mergeState(scene, state, clear, beginning);
    assert.equal(chosenWords(scene, state).length, left - 1);
  }
  assert.deepEqual(state, beginning);
});
