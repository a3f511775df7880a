// @ts-check
// What the list beside the map may hold: all that is shown, or the part of it in view, without a place, without a date.

/** @typedef {"all" | "view" | "unlocated" | "undated"} Scope By the values of OPTIONS.list. */

/** Which features lie in the part of the map that is seen; found anew only when the map is moved. */
class SeenFeatures {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.key = "";
    /** 1 for each site whose features are in view. */
    this.sites = new Uint8Array(scene.sites.count);
    const { features } = scene.events;
    this.placeless = rowsWhere(scene.events.count, (row) => features[row] === features[row + 1]);
  }

  /** @param {View} view */
  look(view) {
    const { sites, spots, shapesDrawn } = this.scene;
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
    const { spot: spotOf, geometry } = sites;
    const [first, step] = [spots.xOf(0), spots.xOf(1) - spots.xOf(0)];
    for (let site = 0; site < sites.count; site++) {
      const spot = spotOf[site];
      if (spot === NONE) {
        this.sites[site] = shapes[geometry[site]];
        continue;
      }
      const x = first + step * spots.west[spot];
      const y = spots.down[spot] / DOWN_PARTS;
      const turned = x + Math.round(view.centreX - x);
      this.sites[site] = turned <= east && turned >= west && y <= south && y >= north ? 1 : 0;
    }
  }
}

/**
 * How many shown events each list holds.
 * @param {Scene} scene
 * @param {EventFilter} filter
 * @param {SeenFeatures} seen
 * @returns {Record<Scope, number>}
 */
function countScopes({ events, features }, filter, { sites }) {
  const { alike, alikeCounts, alikeShown, drawnSites } = filter;
  let view = 0;
  for (let i = 0; i < alikeShown.length; i++) if (sites[alike.site[alikeShown[i]]] === 1) view += alikeCounts[alikeShown[i]];
  for (const row of filter.several) {
    let isSeen = 0;
    for (let f = events.features[row]; f < events.features[row + 1]; f++) isSeen |= sites[features.site[f]] & drawnSites[features.site[f]];
    view += isSeen;
  }
  return { all: filter.rows.length, view, unlocated: filter.placeless, undated: filter.window ? 0 : filter.totals.undated };
}

/**
 * The shown events of a list, in the order of the scene; those of all until the filter changes.
 * @param {Scene} scene
 * @param {EventFilter} filter
 * @param {SeenFeatures} seen
 * @param {Scope} scope
 * @returns {Uint32Array}
 */
function listRows({ events, features }, filter, { sites, placeless }, scope) {
  if (scope === "all") return filter.rows;
  if (scope === "unlocated") return placeless.filter((row) => filter.shows(row));
  if (scope === "undated") return filter.days.undated.filter((row) => filter.shows(row));
  const { drawnSites } = filter;
  return filter.rows.filter((row) => {
    for (let f = events.features[row]; f < events.features[row + 1]; f++) if (sites[features.site[f]] & drawnSites[features.site[f]]) return true;
    return false;
  });
}
