import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, chance, readScene, scripts } from "./load.mjs";

const { AreaPlan, DayIndex, EventFilter, PointPlan, SearchIndex, SeenFeatures, Tally, countScopes, dayNumber, isoDay, speak } = scripts;
const NO_DAY = -(2 ** 31);
const NONE = 2 ** 32 - 1;

test("the rows of a window are those of every row asked by itself, in order", () => {
  const draw = chance(5);
  for (let i = 0; i < 200; i++) {
    const count = draw.below(120);
    const span = () => draw.pick([0, 0, 0, 1, 20, 31, 32, 400]);
    const day = () => 18_000 + draw.below(draw.pick([5, 60, 900]));
    const rows = Array.from({ length: count }, () => {
      const first = draw.next() < 0.1 ? NO_DAY : day();
      return [first, draw.next() < 0.1 ? NO_DAY : (first === NO_DAY ? day() : first + span())];
    });
    // In the order of a scene, or in none.
    const order = ([a]) => (a === NO_DAY ? Infinity : a);
    if (i % 3) rows.sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)));
    const [first, last] = [0, 1].map((end) => Int32Array.from(rows, (row) => row[end]));
    const days = new DayIndex({ count, first, last });
    if (i % 3) assert.equal(days.ordered, rows.filter(([a]) => a !== NO_DAY).length);
    assert.deepEqual(Array.from(days.undated), [...rows.keys()].filter((row) => rows[row][0] === NO_DAY && rows[row][1] === NO_DAY));
    for (const [from, to] of [[18_010, 18_010], [18_000, 18_040], [NO_DAY, 18_100], [18_100, -NO_DAY], [10_000, 10_001], [30_000, 30_001]]) {
      const expected = [...rows.keys()].filter((row) => {
        const [a, b] = rows[row];
        return (a !== NO_DAY || b !== NO_DAY) && a <= to && (b === NO_DAY || b >= from);
      });
      const found = new Uint32Array(count);
      assert.deepEqual(Array.from(found.subarray(0, days.list(from, to, found))), expected, `${from} ${to}`);
      assert.deepEqual([...rows.keys()].filter((row) => days.holds(row, from, to)), expected);
    }
  }
});

/** A choice that changes little or much. */
function change(/** @type {any} */ choice, /** @type {ReturnType<typeof chance>} */ draw, /** @type {string[]} */ claimants) {
  const next = { ...choice, filters: { ...choice.filters } };
  const start = dayNumber("2020-12-01") + draw.below(500);
  const put = (/** @type {string} */ key, /** @type {any} */ value) => {
    if (value === null) delete next.filters[key];
    else next.filters[key] = value;
  };
  draw.pick([
    () => { next.time = [isoDay(start), isoDay(start + draw.below(60))]; },
    () => { next.time = [isoDay(start), isoDay(start + draw.below(60))]; },
    () => { next.time = draw.pick([null, [null, isoDay(start)], [isoDay(start), null]]); },
    () => put("type", draw.pick([null, ["strike"], ["exercise/live_fire", "migration"]])),
    () => put("status", draw.pick([null, ["denied", "reported"]])),
    () => put("source", draw.pick([null, ["s1"]])),
    () => put("precision", draw.pick([null, ["region", "exact"], ["none"]])),
    () => put("max_km", draw.pick([null, 1, 100])),
    () => { next.lens = draw.pick([null, "confirmed", ...claimants.map((name) => `by:${name}`)]); },
    () => { next.layers = draw.pick([{}, { a: false }]); },
  ])();
  return next;
}

/** The features that are shown, asked one by one, with their events in order. */
function shownFeatures(/** @type {any} */ scene, /** @type {any} */ filter) {
  const { event, site } = scene.features;
  return Array.from(event.keys()).filter((f) => filter.draws(f)).map((f) => ({ f, row: event[f], site: site[f] }));
}

test("what is counted by what events have in common equals what is counted one by one, over chains of changes", async () => {
  speak("en", (await readScene(cases.scene)).messages);
  let [clustered, stacked, apart, seen, ringed] = [0, 0, 0, 0, 0];
  for (const [number, island] of [...cases.crowded, ...cases.apart].entries()) {
    const scene = await readScene(island);
    const { sites, events, spots, rings } = scene;
    const filter = new EventFilter(scene, new SearchIndex(scene));
    const areas = new AreaPlan(scene);
    const points = new PointPlan(scene);
    const inSight = new SeenFeatures(scene);
    const draw = chance(number);
    let choice = { time: null, filters: {}, layers: {}, lens: null };
    for (let i = 0; i < 60; i++) {
      choice = change(choice, draw, scene.words.claimant);
      const words = JSON.stringify(choice);
      filter.apply(choice);
      // Nothing is left of what was asked before.
      const fresh = new EventFilter(scene, new SearchIndex(scene));
      fresh.apply(choice);
      assert.deepEqual(filter.totals, fresh.totals, words);
      assert.deepEqual(filter.rows, fresh.rows, words);
      const shown = shownFeatures(scene, filter);
      const check = (/** @type {any} */ tally, /** @type {(site: number) => number} */ groupOf) => {
        const plain = new Tally(scene, tally.counts.length);
        for (const { row, site } of shown) if (groupOf(site) >= 0) plain.add(groupOf(site), row, filter.status[row]);
        assert.deepEqual(tally.counts, plain.counts, words);
        plain.counts.forEach((/** @type {number} */ count, /** @type {number} */ group) => {
          if (count) assert.equal(tally.looks[group], plain.looks[group], words);
        });
      };
      areas.fill(filter);
      check(areas.tally, (site) => areas.groupOf[site]);
      const scale = draw.pick([300, 2000, 20_000]);
      const view = { scale, x0: 0.58 * scale - 500, y0: 0.33 * scale - 300, minX: 0, minY: 0, maxX: 1000, maxY: 600, zoom: 0, centreX: 0.58 };
      points.fill(filter, view);
      check(points.ringTally, (site) => (sites.ring[site] === NONE ? -1 : points.ringPlaces[sites.ring[site]] ?? -1));
      check(points.badgeTally, (site) => (sites.spot[site] === NONE ? -1 : points.badgePlaces[sites.spot[site]] ?? -1));
      // Every point in view stands in one cluster, one stack, or by itself.
      const inView = shown.filter(({ site }) => points.cellAt(site) >= 0);
      const cluster = (/** @type {{site: number}} */ { site }) => points.clusterOf[points.cellAt(site)];
      points.clusters.forEach((/** @type {any} */ own, /** @type {number} */ at) => {
        const rows = [...new Set(inView.filter((feature) => cluster(feature) === at).map(({ row }) => row))];
        assert.equal(own.count, rows.length, words);
        assert.deepEqual(Array.from(own.types), Array.from(own.types, (_, type) => rows.filter((row) => events.type[row] === type).length), words);
      });
      for (const own of points.clusters) {
        const [xs, ys] = [spots.x, spots.y].map((read) => inView.filter((feature) => points.clusters[cluster(feature)] === own).map(({ site }) => read.call(spots, sites.spot[site])));
        assert.deepEqual(points.boxOf(own, filter), [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
      }
      // Every ring that is shown, is wide enough and reaches into the view is drawn.
      const drawn = new Set(points.visibleRings());
      const withRing = new Set(shown.map(({ site }) => sites.ring[site]));
      for (let ring = 0; ring < rings.count; ring++) {
        const { lat, radius, near } = points.ringShapes(ring);
        const pixels = (radius * scale) / (2 * Math.PI * 6371008.8 * Math.cos((lat * Math.PI) / 180));
        const cell = points.cellOf[rings.spot[ring]];
        const isHidden = cell >= 0 && points.clusterOf[cell] >= 0;
        const [x, y] = [spots.x(rings.spot[ring]) * scale - view.x0, spots.y(rings.spot[ring]) * scale - view.y0];
        const isNear = x > -pixels && x < 1000 + pixels && y > -pixels && y < 600 + pixels;
        const isWide = isHidden ? pixels >= 34 : near || pixels > 9.5;
        if (withRing.has(ring) && isWide && isNear) assert.ok(drawn.has(ring) || drawn.size === 400, words);
        if (!withRing.has(ring) || !isWide) assert.ok(!drawn.has(ring), words);
      }
      ringed += drawn.size;
      clustered += points.clusters.reduce((/** @type {number} */ sum, /** @type {any} */ { count }) => sum + count, 0);
      const alone = new Set(points.symbols.map((/** @type {any} */ { feature }) => feature));
      const stacks = new Map(points.stacks.map((/** @type {any} */ own) => [own.spot, own.count]));
      const rest = inView.filter((feature) => cluster(feature) < 0 && !alone.has(feature.f));
      for (const [spot, count] of stacks) {
        assert.equal(new Set(rest.filter(({ site }) => sites.spot[site] === spot).map(({ row }) => row)).size, count, words);
        stacked += count;
      }
      assert.ok(rest.every(({ site }) => stacks.has(sites.spot[site])), words);
      assert.ok([...alone].every((f) => inView.some((feature) => feature.f === f && cluster(feature) < 0)), words);
      assert.equal(alone.size, points.symbols.length);
      apart += alone.size;
      inSight.look(view);
      const isSeen = (/** @type {number} */ site) => inSight.sites[site] === 1;
      const lists = countScopes(scene, filter, inSight);
      assert.equal(lists.view, new Set(shown.filter(({ site }) => isSeen(site)).map(({ row }) => row)).size, words);
      seen += lists.view;
      assert.ok(spots.count > 10 && filter.alike.isShared === (number < cases.crowded.length));
      assert.equal(filter.isPlain, number === cases.crowded.length + 1);
      assert.equal(sites.spot.includes(NONE), !filter.isPlain);
    }
  }
  assert.ok(clustered > 500 && stacked > 100 && apart > 500 && seen > 1000 && ringed > 300, [clustered, stacked, apart, seen, ringed].join());
});
