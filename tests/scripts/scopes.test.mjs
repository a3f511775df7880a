import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, readScene, scripts } from "./load.mjs";

const { EventFilter, SearchIndex, SeenFeatures, countScopes, listRows, featuresOf } = scripts;
const NONE = 2 ** 32 - 1;

/** A view of a part of the world, in shares of its width, on a screen of 1000 by 600 pixels. */
const viewOf = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ scale) => ({
  scale, x0: x * scale - 500, y0: y * scale - 300, minX: 0, minY: 0, maxX: 1000, maxY: 600, zoom: 0, centreX: x,
});

test("each list holds what its name says, in the order of the scene", async () => {
  let inView = 0;
  for (const { island, events } of cases.drawn) {
    const scene = await readScene(island);
    const filter = new EventFilter(scene, new SearchIndex(scene));
    const seen = new SeenFeatures(scene);
    for (const filters of [{}, { type: ["exercise"] }, { max_km: 50 }]) {
      filter.apply({ time: null, filters, layers: {}, lens: null });
      const shown = Array.from(filter.rows);
      const drawn = shown.flatMap((row) => featuresOf(scene, row).filter((/** @type {number} */ f) => filter.draws(f)));
      assert.deepEqual(filter.featuresAt(() => 1)[0], drawn);
      for (const view of [viewOf(0.57, 0.32, 2000), viewOf(0.57, 0.32, 200_000), viewOf(0.1, 0.7, 20_000)]) {
        seen.look(view);
        const lists = Object.fromEntries(["all", "view", "unlocated", "undated"].map((scope) => [scope, listRows(scene, filter, seen, scope)]));
        assert.deepEqual(countScopes(scene, filter, seen), Object.fromEntries(Object.entries(lists).map(([scope, rows]) => [scope, rows.length])));
        assert.deepEqual(Array.from(lists.all), shown);
        assert.deepEqual(Array.from(lists.undated), shown.filter((row) => events[row].first === null && events[row].last === null));
        assert.deepEqual(Array.from(lists.unlocated), shown.filter((row) => featuresOf(scene, row).length === 0));
        const [west, east] = [view.x0 / view.scale, (view.x0 + 1000) / view.scale];
        const [north, south] = [view.y0 / view.scale, (view.y0 + 600) / view.scale];
        const isSeen = (/** @type {number} */ f) => {
          const { spot, geometry } = scene.sites;
          const site = scene.features.site[f];
          const [w, n, e, s] = spot[site] === NONE ? scene.shapesDrawn[geometry[site]].box : [scene.spots.x(spot[site]), scene.spots.y(spot[site]), scene.spots.x(spot[site]), scene.spots.y(spot[site])];
          return [-1, 0, 1].some((turns) => w + turns <= east && e + turns >= west) && n <= south && s >= north;
        };
        const expected = shown.filter((row) => featuresOf(scene, row).some((/** @type {number} */ f) => filter.draws(f) && isSeen(f)));
        assert.deepEqual(Array.from(lists.view), expected);
        inView += expected.length;
      }
    }
  }
  assert.ok(inView > 0);
});
