// @ts-check
// What makes counting a million events quick: what many rows have in common is looked at once for all of them.

// A span up to this long is found by the day on which it begins.
const SHORT_DAYS = 31;
// Past this, a table of every site, type and look would be larger than the features that it is to spare.
const MOST_LOOKS = 4_000_000;
// So few features at one site that to count them together would spare nothing.
const FEW_AT_SITE = 3;

/** Which rows may fall into some days: events stand in the order of their first day, as far as they do. */
class DayIndex {
  /** @param {EventColumns} events */
  constructor({ count, first, last }) {
    let ordered = 0;
    while (ordered < count && first[ordered] !== NO_DAY && (ordered === 0 || first[ordered] >= first[ordered - 1])) ordered += 1;
    /** How many rows from the first on have a first day and stand in its order. */
    this.ordered = ordered;
    this.first = first;
    this.last = last;
    let long = 0;
    for (let row = 0; row < ordered; row++) if (last[row] === NO_DAY || last[row] - first[row] > SHORT_DAYS) long += 1;
    /** Of those, the rows that last longer than most, or end nobody knows when. */
    this.long = new Uint32Array(long);
    for (let row = ordered - 1; row >= 0; row--) if (last[row] === NO_DAY || last[row] - first[row] > SHORT_DAYS) this.long[--long] = row;
    /** The rows without any day. */
    this.undated = rowsWhere(count, (row) => first[row] === NO_DAY && last[row] === NO_DAY);
  }

  /**
   * The first of the ordered rows that begins on a day or after it.
   * @param {number} day
   */
  rowFrom(day) {
    let [low, high] = [0, this.ordered];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.first[middle] < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Whether an event falls, or may fall, into some days.
   * @param {number} row
   * @param {number} from
   * @param {number} to
   */
  holds(row, from, to) {
    const a = this.first[row];
    const b = this.last[row];
    // An open begin is the least number there is.
    return a <= to && (b === NO_DAY ? a !== NO_DAY : b >= from);
  }

  /**
   * Write down the rows that fall, or may fall, into some days, in their order.
   * @param {number} from
   * @param {number} to
   * @param {Uint32Array} found
   * @returns {number} How many they are.
   */
  list(from, to, found) {
    const { first, last, long, ordered } = this;
    const begin = this.rowFrom(from - SHORT_DAYS);
    const end = this.rowFrom(to + 1);
    let count = 0;
    for (let i = 0; i < long.length && long[i] < begin && long[i] < end; i++) {
      const b = last[long[i]];
      if (b === NO_DAY || b >= from) found[count++] = long[i];
    }
    for (let row = begin; row < end; row++) if (last[row] === NO_DAY || last[row] >= from) found[count++] = row;
    for (let row = ordered; row < first.length; row++) if (this.holds(row, from, to)) found[count++] = row;
    return count;
  }
}

/** The layers of each event as one number; most events share theirs with many others. */
class LayerSets {
  /** @param {EventColumns} events */
  constructor({ count, layers: { starts, values } }) {
    /** @type {number[][]} The layers of each set; the first is that of no layer. */
    this.sets = [[]];
    const of = new Uint32Array(count);
    /** @type {Map<string, number>} */
    const known = new Map();
    /** @type {number[]} */
    const alone = [];
    for (let row = 0; row < count; row++) {
      const length = starts[row + 1] - starts[row];
      if (length === 1) {
        const layer = values[starts[row]];
        of[row] = alone[layer] ??= this.sets.push([layer]) - 1;
      } else if (length > 1) {
        const own = Array.from(values.subarray(starts[row], starts[row + 1]));
        let set = known.get(own.join());
        if (set === undefined) known.set(own.join(), (set = this.sets.push(own) - 1));
        of[row] = set;
      }
    }
    /** How many events have each set. */
    this.sizes = new Uint32Array(this.sets.length);
    for (let row = 0; row < count; row++) this.sizes[of[row]] += 1;
    /** The set of each event. */
    this.of = narrowed(of);
  }
}

/** Features that look alike: at one site, of one type and status, all drafts or none. */
class AlikeFeatures {
  /**
   * @param {Scene} scene
   * @param {Uint8Array} status Of each event.
   */
  constructor({ events, features, sites, types, statuses }, status) {
    const { count, event, site } = features;
    const looks = 2 * statuses.length;
    const kinds = (types.length + 1) * looks;
    /** Whether several features may be alike; else each stands for itself, under its own number. */
    this.isShared = count >= FEW_AT_SITE * sites.count && sites.count * kinds <= MOST_LOOKS;
    /** Which of the alike each feature is one of. */
    this.of = this.isShared ? new Uint32Array(count) : countingTo(count);
    /** A feature of each. */
    let one = this.of;
    if (this.isShared) {
      const known = new Uint32Array(sites.count * kinds);
      const firsts = new Uint32Array(Math.min(count, known.length));
      let found = 0;
      for (let f = 0; f < count; f++) {
        const row = event[f];
        const key = site[f] * kinds + events.type[row] * looks + 2 * status[row] + (events.flags[row] & DRAFT);
        if (known[key] === 0) {
          firsts[found] = f;
          known[key] = ++found;
        }
        this.of[f] = known[key] - 1;
      }
      one = firsts.slice(0, found);
    }
    this.count = one.length;
    this.site = this.isShared ? one.map((f) => site[f]) : site;
    this.type = isCounting(event) && !this.isShared ? events.type : new Uint16Array(this.count);
    /** As a tally keeps it. */
    this.look = new Uint16Array(this.count);
    for (let own = 0; own < one.length; own++) {
      const row = event[one[own]];
      if (this.type !== events.type) this.type[own] = events.type[row];
      this.look[own] = lookOf(events, row, status[row]);
    }
  }
}

/**
 * @param {number} count
 * @param {(row: number) => boolean} test
 */
function rowsWhere(count, test) {
  let found = 0;
  for (let row = 0; row < count; row++) if (test(row)) found += 1;
  const rows = new Uint32Array(found);
  for (let row = count - 1; row >= 0; row--) if (test(row)) rows[--found] = row;
  return rows;
}
