// @ts-check
// What the events that share one drawing have in common: how many they are, their colour, their pattern.

const MIXED_COLOUR = "#475569";
const MIXED_TYPE = 65_535;

class Tally {
  /**
   * @param {Scene} scene
   * @param {number} size How many groups there are.
   */
  constructor(scene, size) {
    this.scene = scene;
    this.counts = new Uint32Array(size);
    this.lastEvent = new Uint32Array(size);
    this.types = new Uint16Array(size);
    this.statuses = new Uint16Array(size);
    this.reviewed = new Uint8Array(size);
  }

  clear() {
    this.counts.fill(0);
  }

  /**
   * Count an event into a group. The events of a group come in the order of their rows, so that one with
   * several places in it counts once.
   * @param {number} group
   * @param {number} row
   * @param {number} status
   */
  add(group, row, status) {
    const { type, flags } = this.scene.events;
    if (this.counts[group] === 0) {
      this.types[group] = type[row];
      this.statuses[group] = 0;
      this.reviewed[group] = 0;
    } else {
      if (this.lastEvent[group] === row) return;
      if (this.types[group] !== type[row]) this.types[group] = MIXED_TYPE;
    }
    this.counts[group] += 1;
    this.lastEvent[group] = row;
    this.statuses[group] |= 1 << status;
    if (!(flags[row] & DRAFT)) this.reviewed[group] = 1;
  }

  /** @param {number} group */
  colour(group) {
    return this.types[group] === MIXED_TYPE ? MIXED_COLOUR : (this.scene.types[this.types[group]] ?? UNKNOWN_TYPE).colour;
  }

  /** A pattern as soon as one event of the group is contested. @param {number} group */
  dash(group) {
    const { statuses } = this.scene;
    const present = statuses.filter((_, number) => this.statuses[group] & (1 << number));
    if (present.length === 1) return dashOf(present[0]);
    return present.some((status) => dashOf(status).length) ? dashOf("disputed") : [];
  }

  /** @param {number} group */
  isDraft(group) {
    return this.reviewed[group] === 0;
  }
}
