// @ts-check
// What the events that share one drawing have in common: how many they are, their colour, their pattern.

const MIXED_COLOUR = "#475569";
// What a group looks like, in one number: its type, whether a person has looked at any of it, its statuses.
const TYPE_SHIFT = 16;
const MIXED_TYPE = 65_535;
const REVIEWED = 1 << 15;

class Tally {
  /**
   * @param {Scene} scene
   * @param {number} size How many groups there are.
   */
  constructor(scene, size) {
    this.scene = scene;
    this.counts = new Uint32Array(size);
    this.lastEvent = new Uint32Array(size).fill(NONE);
    this.looks = new Uint32Array(size);
  }

  clear() {
    this.counts.fill(0);
    this.lastEvent.fill(NONE);
  }

  /**
   * Count an event into a group. The events of a group come in the order of their rows, so that one with
   * several places in it counts once.
   * @param {number} group
   * @param {number} row
   * @param {number} status
   */
  add(group, row, status) {
    if (this.lastEvent[group] === row) return;
    this.addAlike(group, 1, this.scene.events.type[row], lookOf(this.scene.events, row, status));
    this.lastEvent[group] = row;
  }

  /**
   * Count events of one type and look into a group.
   * @param {number} group
   * @param {number} count
   * @param {number} type
   * @param {number} look
   */
  addAlike(group, count, type, look) {
    if (this.counts[group] === 0) this.looks[group] = (type << TYPE_SHIFT) | look;
    else {
      this.looks[group] |= look;
      if (this.typeOf(group) !== type) this.looks[group] |= MIXED_TYPE << TYPE_SHIFT;
    }
    this.counts[group] += count;
  }

  /** @param {number} group */
  typeOf(group) {
    return this.looks[group] >>> TYPE_SHIFT;
  }

  /** @param {number} group */
  colour(group) {
    const type = this.typeOf(group);
    return type === MIXED_TYPE ? MIXED_COLOUR : (this.scene.types[type] ?? UNKNOWN_TYPE).colour;
  }

  /** A pattern as soon as one event of the group is contested. @param {number} group */
  dash(group) {
    const { statuses } = this.scene;
    const present = statuses.filter((_, number) => this.looks[group] & (1 << number));
    if (present.length === 1) return dashOf(present[0]);
    return present.some((status) => dashOf(status).length) ? dashOf("disputed") : [];
  }

  /** @param {number} group */
  isDraft(group) {
    return !(this.looks[group] & REVIEWED);
  }
}

/**
 * What an event adds to the look of its group: its status, and whether it was looked at.
 * @param {EventColumns} events
 * @param {number} row
 * @param {number} status
 */
function lookOf({ flags }, row, status) {
  return (1 << status) | (flags[row] & DRAFT ? 0 : REVIEWED);
}
