// @ts-check
// How many events fall into each step of time; pure.

/**
 * @typedef {"day" | "week" | "month" | "quarter" | "year"} BinUnit
 * @typedef {{unit: BinUnit, starts: number[], end: number, binOfDay: Uint16Array, simple?: ReturnType<typeof simpleSpans>}} Bins `starts`: first day of each bin; `end`: the last day; `binOfDay`: the bin of each day from the first.
 * @typedef {{sure: Uint32Array, maybe: Uint32Array, types: number, most: number}} Histogram Counts by bin and type.
 */

/** @type {[BinUnit, number][]} */
const BIN_DAYS = [["day", 1], ["week", 7], ["month", 30.4], ["quarter", 91.3], ["year", 365.25]];
const MOST_BINS = 120;
// Ten thousand years of steps would be no histogram.
const MOST_YEARS = 400;

/**
 * The first and last day of all events; null where none has a date.
 * @param {Scene} scene
 * @returns {[number, number] | null}
 */
function timeExtent({ events }) {
  let [first, last] = [Infinity, -Infinity];
  for (const days of [events.first, events.last]) {
    for (let row = 0; row < days.length; row++) {
      const day = days[row];
      if (day === NO_DAY) continue;
      if (day < first) first = day;
      if (day > last) last = day;
    }
  }
  return first <= last ? [first, last] : null;
}

/**
 * The first day of the calendar step that holds a day.
 * @param {number} day
 * @param {BinUnit} unit
 * @param {number} [steps] So many steps later.
 */
function stepStart(day, unit, steps = 0) {
  if (unit === "day") return day + steps;
  // 1970 began on a Thursday; weeks begin on Monday.
  if (unit === "week") return day - ((((day + 3) % 7) + 7) % 7) + 7 * steps;
  const date = new Date(day * 86_400_000);
  const months = unit === "year" ? 12 : unit === "quarter" ? 3 : 1;
  const month = Math.floor(date.getUTCMonth() / months) * months + months * steps;
  // Date.UTC takes a year before 100 for one of the twentieth century.
  return Math.round(date.setUTCFullYear(date.getUTCFullYear(), month, 1) / 86_400_000);
}

/**
 * Even calendar steps over a span, as fine as there is room for.
 * @param {[number, number]} extent
 * @param {number} [most]
 * @returns {Bins}
 */
function makeBins([first, last], most = MOST_BINS) {
  const from = Math.max(first, last - MOST_YEARS * 366);
  const [unit] = BIN_DAYS.find(([, days]) => (last - from + 1) / days <= most) ?? ["year"];
  const starts = [stepStart(from, /** @type {BinUnit} */ (unit))];
  for (let next = starts[0]; (next = stepStart(next, /** @type {BinUnit} */ (unit), 1)) <= last; ) starts.push(next);
  const end = stepStart(starts[starts.length - 1], /** @type {BinUnit} */ (unit), 1) - 1;
  const binOfDay = new Uint16Array(end - starts[0] + 1);
  starts.forEach((start, bin) => binOfDay.fill(bin, start - starts[0]));
  return { unit: /** @type {BinUnit} */ (unit), starts, end, binOfDay };
}

/**
 * The bin that holds a day; before the first it is -1, after the last it is the last.
 * @param {Bins} bins
 * @param {number} day
 */
function binOf({ starts, binOfDay }, day) {
  const at = day - starts[0];
  return at < 0 ? -1 : binOfDay[Math.min(at, binOfDay.length - 1)];
}

/**
 * Which events fall into one bin, and into which; it never changes.
 * @param {Scene} scene
 * @param {Bins} bins
 * @returns {{slots: Uint16Array | Uint32Array, others: Uint32Array}} `slots`: for each event its bin and type, past all of these for the others; `others`: the events that have a date and fall into several bins, or outside of all.
 */
function simpleSpans({ events, types }, { starts, binOfDay }) {
  const { count, first, last, type } = events;
  const kinds = types.length + 1;
  const none = starts.length * kinds;
  const slots = none < 2 ** 16 ? new Uint16Array(count) : new Uint32Array(count);
  const end = binOfDay.length - 1;
  for (let row = 0; row < count; row++) {
    const from = first[row] - starts[0];
    const to = last[row] - starts[0];
    // Without a day both ends are far before the first bin.
    slots[row] = from >= 0 && to >= from && to <= end && binOfDay[from] === binOfDay[to] ? binOfDay[from] * kinds + type[row] : none;
  }
  return { slots, others: rowsWhere(count, (row) => slots[row] === none && (first[row] !== NO_DAY || last[row] !== NO_DAY)) };
}

/**
 * Count the events that pass everything but the time. An event that lasts counts in every bin that it touches;
 * one that happened on some day of a span is sure only if one bin holds the span, else it may be in each.
 * @param {Scene} scene
 * @param {EventFilter} filter
 * @param {Bins} bins
 * @returns {Histogram}
 */
function countBins(scene, filter, bins) {
  const { events } = scene;
  const types = scene.types.length + 1;
  const size = bins.starts.length;
  // Differences first: a span of a thousand bins costs as much as a day.
  const sure = new Int32Array((size + 1) * types);
  const maybe = new Int32Array((size + 1) * types);
  const { first, last, flags, type } = events;
  const { fails } = filter;
  const { binOfDay } = bins;
  const begin = bins.starts[0];
  const end = binOfDay.length - 1;
  // Most events fall into one bin.
  const { slots, others } = (bins.simple ??= simpleSpans(scene, bins));
  const within = new Uint32Array(size * types + 1);
  for (let row = 0; row < slots.length; row++) if (fails[row] === 0) within[slots[row]] += 1;
  for (const row of others) {
    if (fails[row] !== 0) continue;
    const a = first[row];
    const b = last[row];
    const from = (a === NO_DAY ? b : a) - begin;
    const to = b - begin;
    const firstBin = from < 0 ? 0 : binOfDay[Math.min(from, end)];
    const lastBin = b === NO_DAY ? size - 1 : to < 0 ? -1 : binOfDay[Math.min(to, end)];
    if (lastBin < 0) continue;
    const counts = flags[row] & ONE_OF && firstBin !== lastBin ? maybe : sure;
    counts[firstBin * types + type[row]] += 1;
    counts[(lastBin + 1) * types + type[row]] -= 1;
  }
  let most = 0;
  for (let at = types; at < size * types; at++) {
    sure[at] += sure[at - types];
    maybe[at] += maybe[at - types];
  }
  for (let bin = 0; bin < size; bin++) {
    let total = 0;
    for (let at = bin * types; at < (bin + 1) * types; at++) {
      sure[at] += within[at];
      total += sure[at] + maybe[at];
    }
    most = Math.max(most, total);
  }
  return { sure: Uint32Array.from(sure), maybe: Uint32Array.from(maybe), types, most };
}
