import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, chance, readScene, scripts } from "./load.mjs";

const { stepStart, makeBins, binOf, countBins, timeExtent, dayNumber, isoDay, EventFilter, SearchIndex } = scripts;
const iso = (/** @type {string} */ day, /** @type {string} */ unit, steps = 0) => isoDay(stepStart(dayNumber(day), unit, steps));

test("calendar steps begin where the calendar says, in any century", () => {
  for (const [day, unit, steps, expected] of cases.steps) assert.equal(iso(day, unit, steps), expected, `${day} ${unit} ${steps}`);
});

test("days and their numbers are each other's, in years of one digit as of four", () => {
  for (const [day, number] of cases.days) {
    assert.equal(dayNumber(day), number, day);
    assert.equal(isoDay(number), day);
  }
});

test("bins are whole, without gaps, hold the span, and are no more than there is room for", () => {
  const draw = chance(21);
  for (let i = 0; i < 400; i++) {
    const first = dayNumber("0001-01-01") + draw.below(3_600_000);
    const last = Math.min(dayNumber("9999-12-31"), first + Math.floor(10 ** (draw.next() * 5.2)));
    const bins = makeBins([first, last]);
    const words = `${isoDay(first)} ${isoDay(last)} ${bins.unit}`;
    assert.ok(bins.starts[0] <= first && last <= bins.end, words);
    assert.ok(bins.starts.length <= (bins.unit === "year" ? 402 : 123), `${words} ${bins.starts.length}`);
    bins.starts.forEach((/** @type {number} */ start, /** @type {number} */ bin) => {
      assert.equal(stepStart(start, bins.unit), start, words);
      const end = bin + 1 < bins.starts.length ? bins.starts[bin + 1] - 1 : bins.end;
      assert.equal(stepStart(start, bins.unit, 1) - 1, end, words);
      assert.equal(binOf(bins, start), bin);
      assert.equal(binOf(bins, end), bin);
    });
    assert.equal(binOf(bins, bins.starts[0] - 1), -1);
  }
});

test("a span past all reason is cut to its last centuries", () => {
  const bins = makeBins([dayNumber("0001-01-01"), dayNumber("9999-12-31")]);
  assert.equal(bins.unit, "year");
  assert.ok(bins.starts.length > 390 && bins.starts.length <= 402);
  assert.equal(isoDay(bins.end), "9999-12-31");
});

test("every event is counted in each step that it touches, or may", async () => {
  for (const { island, events } of cases.drawn) {
    const scene = await readScene(island);
    const filter = new EventFilter(scene, new SearchIndex(scene));
    const choices = [{}, { type: ["exercise"] }, { status: ["denied", "reported"], max_km: 50 }];
    for (const filters of choices) {
      filter.apply({ time: ["2021-02-01", "2021-02-02"], filters, layers: {}, lens: null });
      const bins = makeBins(timeExtent(scene));
      const { sure, maybe, types, most } = countBins(scene, filter, bins);
      const without = new EventFilter(scene, new SearchIndex(scene));
      without.apply({ time: null, filters, layers: {}, lens: null });
      let highest = 0;
      bins.starts.forEach((/** @type {number} */ start, /** @type {number} */ bin) => {
        const end = stepStart(start, bins.unit, 1) - 1;
        let total = 0;
        scene.types.forEach(({ id }, /** @type {number} */ type) => {
          const touching = Array.from(without.rows, (row) => events[row]).filter((event) => {
            if (event.type !== id || (event.first === null && event.last === null)) return false;
            // What is only known to have been by a day is shown on that day; what has no end goes on.
            const from = dayNumber(event.first ?? event.last);
            return from <= end && (event.last === null || dayNumber(event.last) >= start);
          });
          const spread = touching.filter((event) => event.one_of && (event.last === null ? binOf(bins, dayNumber(event.first)) !== bins.starts.length - 1 : binOf(bins, dayNumber(event.first ?? event.last)) !== binOf(bins, dayNumber(event.last))));
          assert.equal(maybe[bin * types + type], spread.length, `${isoDay(start)} ${id}`);
          assert.equal(sure[bin * types + type], touching.length - spread.length, `${isoDay(start)} ${id}`);
          total += touching.length;
        });
        highest = Math.max(highest, total);
      });
      assert.equal(most, highest);
    }
  }
});
