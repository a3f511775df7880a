// @ts-check
// What the list beside the map may hold: all that is shown, or the part of it in view, without a place, without a date.

/** @typedef {{all: Uint32Array, view: Uint32Array, unlocated: Uint32Array, undated: Uint32Array}} ScopedRows By the values of OPTIONS.list. */

/** Which features lie in the part of the map that is seen; found anew only when the map is moved. */
class SeenFeatures {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.key = "";
    /** 1 where a feature is in view. */
    this.flags = new Uint8Array(scene.features.count);
    /** Made once, as in EventFilter. */
    this.room = Array.from({ length: 3 }, () => new Uint32Array(scene.events.count));
  }

  /** @param {View} view */
  look(view) {
    const { features, spots, shapesDrawn } = this.scene;
    const [west, east] = [(view.minX + view.x0) / view.scale, (view.maxX + view.x0) / view.scale];
    const [north, south] = [(view.minY + view.y0) / view.scale, (view.maxY + view.y0) / view.scale];
    const key = [west, east, north, south].join();
    if (key === this.key) return;
    this.key = key;
    const isSeen = (/** @type {number} */ w, /** @type {number} */ n, /** @type {number} */ e, /** @type {number} */ s) => {
      const turns = turnsTo(view, (w + e) / 2);
      return w + turns <= east && e + turns >= west && n <= south && s >= north;
    };
    const shapes = Uint8Array.from(shapesDrawn, ({ box: [w, n, e, s] }) => Number(isSeen(w, n, e, s)));
    const places = new Uint8Array(spots.count);
    for (let spot = 0; spot < spots.count; spot++) places[spot] = Number(isSeen(spots.x[spot], spots.y[spot], spots.x[spot], spots.y[spot]));
    for (let f = 0; f < features.count; f++) this.flags[f] = features.spot[f] === NONE ? shapes[features.geometry[f]] : places[features.spot[f]];
  }
}

/**
 * The shown events of each list, in the order of the scene; they stand until they are listed again.
 * @param {Scene} scene
 * @param {EventFilter} filter
 * @param {SeenFeatures} seen
 * @returns {ScopedRows}
 */
function listRows({ events, features }, { rows, features: drawn }, { flags, room }) {
  const [view, unlocated, undated] = room;
  const counts = [0, 0, 0];
  for (const row of rows) {
    if (events.features[row] === events.features[row + 1]) unlocated[counts[1]++] = row;
    if (events.first[row] === NO_DAY && events.last[row] === NO_DAY) undated[counts[2]++] = row;
  }
  let last = NONE;
  for (const f of drawn) {
    if (!flags[f] || features.event[f] === last) continue;
    last = features.event[f];
    view[counts[0]++] = last;
  }
  return { all: rows, view: view.subarray(0, counts[0]), unlocated: unlocated.subarray(0, counts[1]), undated: undated.subarray(0, counts[2]) };
}
