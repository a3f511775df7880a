// @ts-check
// Pins, rings, clusters and country labels: planned for a view, then drawn on one canvas.

/**
 * @typedef {{feature: number, row: number, x: number, y: number, dx: number, dy: number}} Symbol2d
 * @typedef {{x: number, y: number, count: number, colour: string, spot: number}} Stack One place with more on it than could stand apart.
 * @typedef {{x: number, y: number, count: number, radius: number, types: Uint32Array}} Cluster
 * @typedef {{lon: number, lat: number, x: number, y: number, radius: number, near: boolean, note: string, outline: Ring | null}} RingShape
 * @typedef {{spot: number, x: number, y: number, text: string, colour: string, dash: number[], draft: boolean}} Badge
 * @typedef {{badge: Badge, x: number, y: number, width: number}} PlacedBadge
 */

const GLYPH_SIZE = 6.5;
const SPRITE_SIZE = 40;
const SIGN_SPRITE_SIZE = 60;
const MOST_FANNED = 9;
const FAN_RADIUS = 14;
const WIDE_RING_M = 10_000;
const LEAST_RING = 13;
// A smaller ring lies under its symbol.
const LEAST_DRAWN_RING = GLYPH_SIZE + 3;
const CELL_PIXELS = 56;
// More cells than small numbers can tell apart are rare.
const MOST_SMALL = 32_767;
const NEAR_PIXELS = 12;
const MOST_RINGS = 400;
// Past this zoom a cluster no longer opens by going nearer.
const CLUSTER_ZOOM = 16;

/**
 * What stands where in one view. Features of one cell of the screen stand apart while they are few, and as one
 * number with their types round it when they are many.
 */
class PointPlan {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    const { spots, rings } = scene;
    this.badgeNames = badgeNames(scene);
    /** The place of each spot's label in the list of all; -1 for none. */
    this.badgePlaces = new Int32Array(this.badgeNames.size ? spots.count : 0).fill(-1);
    [...this.badgeNames.keys()].forEach((spot, place) => { this.badgePlaces[spot] = place; });
    this.badgeTally = new Tally(scene, this.badgeNames.size);
    this.ringShapes = ringShapes(scene);
    /** The rings in view that are wide enough to be drawn somewhere, and the place of each ring among them; -1 for none. */
    this.ringsInView = new Uint32Array(0);
    this.ringPlaces = new Int32Array(0);
    this.ringTally = new Tally(scene, 0);
    /** The widest ring, and whether any is told by itself, however small. */
    this.widestRing = rings.radius.reduce((widest, radius) => Math.max(widest, radius), 0);
    this.hasNearRings = rings.near.includes(1);
    /** The most that any place is stretched on the map. */
    this.leastStretch = leastStretch(spots);
    /** The cell of the screen that each point falls into; -1 outside the view, and for countries. @type {Int16Array | Int32Array} */
    this.cellOf = new Int16Array(spots.count);
    this.cells = { columns: 0, count: 0 };
    /** What each cell holds. */
    this.held = new HeldCells(scene, 0);
    /** @type {View | undefined} */
    this.view = undefined;
    this.tallied = -1;
    this.filled = "";
    /** @type {Symbol2d[]} */
    this.symbols = [];
    /** @type {Stack[]} */
    this.stacks = [];
    /** @type {Cluster[]} */
    this.clusters = [];
    /** @type {Badge[]} */
    this.badges = [];
    /** Which cluster a spot stands in; -1 for none. */
    this.clusterOf = new Int32Array(0);
  }

  /**
   * @param {EventFilter} filter
   * @param {View} view
   */
  fill(filter, view) {
    this.placeSpots(view);
    const key = [filter.revision, ...Object.values(view), signSpread(), speech.lang].join();
    if (key === this.filled) return;
    this.filled = key;
    this.gather(filter);
    if (this.tallied !== filter.revision) {
      this.tallied = filter.revision;
      if (this.ringsInView.length) filter.tally(this.ringTally, this.scene.sites.ring, this.ringPlaces);
      if (this.badgeNames.size) filter.tally(this.badgeTally, this.scene.sites.spot, this.badgePlaces);
    }
    this.listBadges();
  }

  /** @param {View} view */
  placeSpots(view) {
    const { spots } = this.scene;
    const { scale, x0, y0, centreX } = view;
    if (this.view && Object.entries(view).every(([name, value]) => this.view?.[/** @type {keyof View} */ (name)] === value)) return;
    // Cells are tied to the ground: moving the map does not regroup what stands on it.
    const firstColumn = Math.floor((view.minX + x0) / CELL_PIXELS);
    const firstRow = Math.floor((view.minY + y0) / CELL_PIXELS);
    const columns = Math.floor((view.maxX + x0) / CELL_PIXELS) - firstColumn + 1;
    const rows = Math.floor((view.maxY + y0) / CELL_PIXELS) - firstRow + 1;
    const count = columns * rows;
    if (count !== this.cells.count) this.held = new HeldCells(this.scene, count);
    this.cells = { columns, count };
    if (count > MOST_SMALL && this.cellOf instanceof Int16Array) this.cellOf = new Int32Array(spots.count);
    const { cellOf } = this;
    const { west, down, badge } = spots;
    const [first, step] = [spots.xOf(0), spots.xOf(1) - spots.xOf(0)];
    const across = scale / CELL_PIXELS;
    for (let spot = 0; spot < cellOf.length; spot++) {
      const x = first + step * west[spot];
      const column = Math.floor((x + Math.round(centreX - x)) * across) - firstColumn;
      const row = Math.floor((down[spot] / DOWN_PARTS) * across) - firstRow;
      cellOf[spot] = column < 0 || column >= columns || row < 0 || row >= rows || badge[spot] === 1 ? -1 : row * columns + column;
    }
    this.view = view;
    this.findRings(view);
  }

  /**
   * The cell of a site in this view; -1 for none.
   * @param {number} site
   */
  cellAt(site) {
    const spot = this.scene.sites.spot[site];
    return spot === NONE ? -1 : this.cellOf[spot];
  }

  /** Find the rings of which something may be seen. @param {View} view */
  findRings(view) {
    const { rings, spots } = this.scene;
    const { radius, near, spot: spotOf } = rings;
    // So many pixels at the most for each metre: it says at once which rings are too small.
    const most = view.scale / (2 * Math.PI * EARTH_RADIUS_M * this.leastStretch);
    const found = [];
    for (const ring of this.ringsInView) this.ringPlaces[ring] = -1;
    if (this.hasNearRings || this.widestRing * most > LEAST_DRAWN_RING) {
      for (let ring = 0; ring < rings.count; ring++) {
        if (near[ring] === 0 && radius[ring] * most <= LEAST_DRAWN_RING) continue;
        const spot = spotOf[ring];
        const x = spots.x(spot);
        const px = (x + turnsTo(view, x)) * view.scale - view.x0;
        const py = (spots.down[spot] / DOWN_PARTS) * view.scale - view.y0;
        const reach = ringReach(radius[ring] * most) + LEAST_RING;
        if (px < view.minX - reach || px > view.maxX + reach || py < view.minY - reach || py > view.maxY + reach) continue;
        found.push(ring);
      }
    }
    this.ringsInView = Uint32Array.from(found);
    if (found.length && !this.ringPlaces.length) this.ringPlaces = new Int32Array(rings.count).fill(-1);
    found.forEach((ring, place) => { this.ringPlaces[ring] = place; });
    this.ringTally = new Tally(this.scene, found.length);
    this.tallied = -1;
  }

  /** @param {EventFilter} filter */
  gather(filter) {
    const { held, cellOf, cells } = this;
    const { alike, alikeCounts, alikeShown } = filter;
    const { spot: spotOf } = this.scene.sites;
    const { site: siteOf, type: typeOf } = alike;
    const { counts, types, kinds } = held;
    held.clear();
    const { west, down } = this.scene.spots;
    // What `put` does, without asking for its arrays again for each of a million.
    const { west: wests, down: downs, mixed } = held;
    for (let i = 0; i < alikeShown.length; i++) {
      const own = alikeShown[i];
      const spot = spotOf[siteOf[own]];
      const cell = spot === NONE ? -1 : cellOf[spot];
      if (cell < 0) continue;
      const count = alikeCounts[own];
      const type = typeOf[own];
      types[cell * kinds + type] += count;
      if (mixed[cell] === 1) {
        counts[cell] += count;
        wests[cell] += count * west[spot];
        downs[cell] += count * down[spot];
      } else if (held.put(cell, spot, count)) held.stacked.addAlike(cell, count, type, alike.look[own]);
    }
    this.eachOfSeveral(filter, (site, row, cell) => {
      if (held.put(cell, spotOf[site], 1)) held.stacked.add(cell, row, filter.status[row]);
    });
    const inView = counts.reduce((sum, count) => sum + count, 0);
    // Where the whole view is crowded, a handful is many already.
    const most = inView > 2000 ? 2 : inView > 600 ? 4 : MOST_FANNED;
    const kind = new Uint8Array(cells.count);
    for (let cell = 0; cell < cells.count; cell++) {
      if (counts[cell] > most) kind[cell] = held.mixed[cell] ? 2 : counts[cell] > MOST_FANNED ? 1 : inView > 600 ? 1 : 0;
    }
    this.collect(filter, kind);
  }

  /**
   * The drawn features in view of the events that have several.
   * @param {EventFilter} filter
   * @param {(site: number, row: number, cell: number) => void} take
   */
  eachOfSeveral({ several, drawnSites }, take) {
    const { events, features } = this.scene;
    for (const row of several) {
      for (let f = events.features[row]; f < events.features[row + 1]; f++) {
        const site = features.site[f];
        const cell = this.cellAt(site);
        if (drawnSites[site] === 1 && cell >= 0) take(site, row, cell);
      }
    }
  }

  /**
   * @param {EventFilter} filter
   * @param {Uint8Array} kind For each cell: 0 features stand apart, 1 all are one spot, 2 a cluster.
   */
  collect(filter, kind) {
    const { cells, held } = this;
    const { spots, events } = this.scene;
    const { types, kinds, stacked } = held;
    this.clusterOf = new Int32Array(cells.count).fill(-1);
    this.makeClusters(kind);
    const count = (/** @type {number} */ number, /** @type {number} */ type, /** @type {number} */ more) => {
      this.clusters[number].count += more;
      this.clusters[number].types[type] += more;
    };
    for (let cell = 0; cell < cells.count; cell++) {
      if (kind[cell] !== 2) continue;
      for (let type = 0; type < kinds; type++) count(this.clusterOf[cell], type, types[cell * kinds + type]);
    }
    const last = new Uint32Array(this.clusters.length).fill(NONE);
    this.eachOfSeveral(filter, (_, row, cell) => {
      const number = this.clusterOf[cell];
      if (number < 0) return;
      if (last[number] !== row) count(number, events.type[row], 1);
      last[number] = row;
    });
    for (const cluster of this.clusters) cluster.radius = clusterRadius(cluster.count);
    this.symbols = [];
    for (const members of this.featuresApart(filter, kind)) if (members) this.spread(members);
    this.stacks = [];
    for (let cell = 0; cell < cells.count; cell++) {
      if (kind[cell] !== 1 || !stacked.counts[cell]) continue;
      const spot = held.spot[cell];
      this.stacks.push({ spot, x: spots.x(spot), y: spots.y(spot), count: stacked.counts[cell], colour: stacked.colour(cell) });
    }
  }

  /**
   * The features that stand apart, by cell.
   * @param {EventFilter} filter
   * @param {Uint8Array} kind
   */
  featuresApart(filter, kind) {
    /** @type {number[][]} */
    const apart = [];
    const isApart = kind.map((own, cell) => Number(own === 0 && this.held.counts[cell] > 0));
    if (!isApart.includes(1)) return apart;
    const { rows, drawnSites } = filter;
    const { cellOf } = this;
    const { sites, events, features } = this.scene;
    const { spot: spotOf } = sites;
    const { site: siteOf } = features;
    const starts = events.features;
    // As `featuresAt` does: where all of a million are shown, asking a function of each takes as long as all the rest.
    for (let i = 0; i < rows.length; i++) {
      const end = starts[rows[i] + 1];
      for (let f = starts[rows[i]]; f < end; f++) {
        const spot = spotOf[siteOf[f]];
        const cell = spot === NONE ? -1 : cellOf[spot];
        if (cell >= 0 && isApart[cell] === 1 && drawnSites[siteOf[f]] === 1) (apart[cell] ??= []).push(f);
      }
    }
    return apart;
  }

  /**
   * West, north, east and south of what stands in a cluster.
   * @param {Cluster} cluster
   * @param {EventFilter} filter
   * @returns {[number, number, number, number]}
   */
  boxOf(cluster, filter) {
    const { sites, spots } = this.scene;
    const number = this.clusters.indexOf(cluster);
    const seen = new Set();
    filter.featuresAt((site) => {
      const cell = this.cellAt(site);
      if (cell >= 0 && this.clusterOf[cell] === number) seen.add(sites.spot[site]);
      return 0;
    });
    /** @type {[number, number, number, number]} */
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const spot of seen) {
      const [x, y] = [spots.x(spot), spots.y(spot)];
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
    return box;
  }

  /**
   * Clusters at the middle of what they hold; those that would cover each other become one.
   * @param {Uint8Array} kind
   */
  makeClusters(kind) {
    const { clusterOf } = this;
    const { columns } = this.cells;
    const { counts, kinds } = this.held;
    const scale = this.view?.scale ?? 1;
    this.clusters = [];
    const filled = Array.from(kind.keys()).filter((cell) => kind[cell] === 2).sort((a, b) => counts[b] - counts[a] || a - b);
    for (const cell of filled) {
      const [x, y] = this.held.middle(cell);
      const reach = clusterRadius(counts[cell]);
      for (const step of [-columns - 1, -columns, -columns + 1, -1, 1, columns - 1, columns, columns + 1]) {
        const number = clusterOf[cell + step] ?? -1;
        const other = this.clusters[number];
        if (!other || Math.hypot((other.x - x) * scale, (other.y - y) * scale) >= reach + other.radius) continue;
        clusterOf[cell] = number;
        break;
      }
      if (clusterOf[cell] >= 0) continue;
      clusterOf[cell] = this.clusters.length;
      this.clusters.push({ x, y, count: 0, radius: reach, types: new Uint32Array(kinds) });
    }
  }

  /**
   * Spread symbols that would cover each other in a small circle; a thin line ties each to its place.
   * @param {number[]} members Features of one cell.
   */
  spread(members) {
    const { features, sites, spots } = this.scene;
    const scale = this.view?.scale ?? 1;
    /** @type {{x: number, y: number, members: number[]}[]} */
    const groups = [];
    for (const f of members) {
      const spot = sites.spot[features.site[f]];
      const [x, y] = [spots.x(spot), spots.y(spot)];
      const near = groups.find((group) => Math.hypot((group.x - x) * scale, (group.y - y) * scale) < NEAR_PIXELS * signSpread());
      if (near) near.members.push(f);
      else groups.push({ x, y, members: [f] });
    }
    for (const group of groups) {
      const n = group.members.length;
      const radius = n === 1 ? 0 : Math.min(FAN_RADIUS, Math.max(8, (n * 11) / (2 * Math.PI))) * signSpread();
      group.members.forEach((feature, i) => {
        const angle = -Math.PI / 2 + (2 * Math.PI * i) / n + (n === 2 ? Math.PI / 2 : 0);
        const spot = sites.spot[features.site[feature]];
        const [x, y] = [spots.x(spot), spots.y(spot)];
        const dx = (group.x - x) * scale + radius * Math.cos(angle);
        const dy = (group.y - y) * scale + radius * Math.sin(angle);
        this.symbols.push({ feature, row: features.event[feature], x, y, dx, dy });
      });
    }
  }

  /** The rings to draw: the widest first, and of those inside a cluster only what reaches out of it. */
  visibleRings() {
    const { rings } = this.scene;
    const { ringTally, view } = this;
    if (!view) return [];
    const shown = [];
    for (const ring of this.ringsInView) {
      if (!ringTally.counts[this.ringPlaces[ring]]) continue;
      const shape = this.ringShapes(ring);
      const pixels = ringPixels(shape, view);
      const cell = this.cellOf[rings.spot[ring]];
      const hidden = cell >= 0 && this.clusterOf[cell] >= 0;
      if (hidden ? pixels < 34 : !shape.near && pixels <= LEAST_DRAWN_RING) continue;
      shown.push(ring);
    }
    return shown.sort((a, b) => rings.radius[b] - rings.radius[a] || a - b).slice(0, MOST_RINGS);
  }

  listBadges() {
    const { spots } = this.scene;
    const tally = this.badgeTally;
    const named = [...this.badgeNames.entries()].map(([spot, name], place) => ({ spot, name, place, count: tally.counts[place] }));
    const shown = named.filter(({ count }) => count).sort((a, b) => b.count - a.count || a.spot - b.spot);
    this.badges = shown.map(({ spot, name, place, count }) => ({
      spot, x: spots.x(spot), y: spots.y(spot), text: `${canvasText(name || t("place.country"), 32)} · ${count}`,
      colour: tally.colour(place), dash: tally.dash(place), draft: tally.isDraft(place),
    }));
  }
}

/** What the cells of the screen hold, counted anew with each change; its room is kept. */
class HeldCells {
  /**
   * @param {Scene} scene
   * @param {number} size How many cells there are.
   */
  constructor(scene, size) {
    this.spots = scene.spots;
    /** How many features fall into each cell, and, by type, how many events of a single one. */
    this.counts = new Uint32Array(size);
    this.kinds = scene.types.length + 1;
    this.types = new Uint32Array(size * this.kinds);
    /** The first spot in each cell, and whether there are others. */
    this.spot = new Uint32Array(size);
    this.mixed = new Uint8Array(size);
    /** What the first spot shows, as long as it is the only one. */
    this.stacked = new Tally(scene, size);
    this.west = new Float64Array(size);
    this.down = new Float64Array(size);
  }

  clear() {
    for (const own of [this.counts, this.types, this.mixed, this.west, this.down]) own.fill(0);
    this.spot.fill(NONE);
    this.stacked.clear();
  }

  /**
   * @param {number} cell
   * @param {number} spot
   * @param {number} count
   * @returns {boolean} Whether the cell holds no other spot.
   */
  put(cell, spot, count) {
    this.counts[cell] += count;
    this.west[cell] += count * this.spots.west[spot];
    this.down[cell] += count * this.spots.down[spot];
    if (this.mixed[cell] === 1) return false;
    if (this.spot[cell] === NONE) this.spot[cell] = spot;
    else if (this.spot[cell] !== spot) this.mixed[cell] = 1;
    return this.spot[cell] === spot;
  }

  /**
   * The middle of all that stands in a cell.
   * @param {number} cell
   * @returns {[number, number]}
   */
  middle(cell) {
    return [this.spots.xOf(this.west[cell] / this.counts[cell]), this.down[cell] / this.counts[cell] / DOWN_PARTS];
  }
}

/** @param {number} count */
function clusterRadius(count) {
  return Math.min(26, 12 + 2.6 * Math.log2(Math.max(count, 2)) ** 0.9);
}

/**
 * What each country label says: the country, even where some of its events name an unknown place in it.
 * @param {Scene} scene
 * @returns {Map<number, string>} By spot.
 */
function badgeNames({ sites, spots, words }) {
  /** @type {Map<number, string>} */
  const names = new Map();
  for (let site = 0; site < sites.count; site++) {
    const spot = sites.spot[site];
    if (spot === NONE || !spots.badge[spot]) continue;
    const name = words.place[sites.place[site]]?.[0] ?? "";
    const known = names.get(spot);
    if (known === undefined || (name && name.length < known.length)) names.set(spot, name);
  }
  return names;
}

/**
 * The shapes of rings, made when they are first drawn.
 * @param {Scene} scene
 * @returns {(ring: number) => RingShape}
 */
function ringShapes({ rings, spots, sites, words }) {
  /** @type {Map<number, Set<string>>} */
  const notes = new Map();
  for (let site = 0; site < sites.count; site++) {
    const note = words.note[sites.note[site]];
    const ring = sites.ring[site];
    if (!note || ring === NONE || rings.radius[ring] < WIDE_RING_M) continue;
    notes.set(ring, (notes.get(ring) ?? new Set()).add(note));
  }
  /** @type {RingShape[]} */
  const made = [];
  return (ring) => {
    const spot = rings.spot[ring];
    return (made[ring] ??= {
      lon: spots.lon(spot), lat: spots.lat(spot), x: spots.x(spot), y: spots.y(spot), radius: rings.radius[ring],
      near: rings.near[ring] === 1, note: canvasText([...(notes.get(ring) ?? [])].join(" · "), 48), outline: null,
    });
  };
}

/** @param {RingShape} ring */
function outlineOf(ring) {
  return (ring.outline ??= makeRing(geodesicCircle(ring.lon, ring.lat, ring.radius)));
}

/**
 * Radius of a ring on screen, in pixels.
 * @param {RingShape} ring
 * @param {View} view
 */
function ringPixels(ring, view) {
  return ((ring.radius / (2 * Math.PI * EARTH_RADIUS_M)) * view.scale) / stretchAt(ring.lat);
}

/** By how much the map is wider than the ground, as a divisor. @param {number} lat */
function stretchAt(lat) {
  return Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
}

/**
 * The divisor of the spot that lies farthest north or south.
 * @param {Spots} spots
 */
function leastStretch(spots) {
  let [lowest, highest] = [0, 0];
  for (let spot = 0; spot < spots.count; spot++) {
    if (spots.south[spot] < spots.south[lowest]) lowest = spot;
    if (spots.south[spot] > spots.south[highest]) highest = spot;
  }
  return spots.count ? Math.min(stretchAt(spots.lat(lowest)), stretchAt(spots.lat(highest))) : 1;
}

/**
 * How far from its middle something of a ring may be seen. Twice the radius: far north a ring is wider on the map than
 * its middle says.
 * @param {number} pixels
 */
function ringReach(pixels) {
  return 2 * pixels + LEAST_RING * Math.min(1.7, signSpread());
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {RingShape} ring
 * @param {View} view
 * @param {{colour: string, dash: number[], chosen: boolean}} style
 */
function drawRing(ctx, ring, view, { colour, dash, chosen }) {
  const pixels = ringPixels(ring, view);
  const least = LEAST_RING * Math.min(1.7, signSpread());
  const [x, y] = placeOf(view, ring);
  const reach = ringReach(pixels);
  if (x < view.minX - reach || x > view.maxX + reach || y < view.minY - reach || y > view.maxY + reach) return;
  ctx.save();
  ctx.beginPath();
  if (pixels < least) ctx.arc(x, y, least, 0, 7);
  else traceRing(ctx, outlineOf(ring), view, turnsTo(view, ring.x), true);
  if (ring.near) {
    ctx.fillStyle = lineColour(colour);
    ctx.globalAlpha = chosen ? 0.26 : 0.15;
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  ctx.strokeStyle = haloColour();
  ctx.lineWidth = ring.near ? 3.4 : 2.6;
  ctx.stroke();
  ctx.strokeStyle = lineColour(colour);
  ctx.lineWidth = (ring.near ? 1.8 : 1) + (chosen ? 1 : 0);
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.restore();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {RingShape} ring
 * @param {View} view
 * @param {string} colour
 * @param {TakenSpace} taken
 */
function drawRingNote(ctx, ring, view, colour, taken) {
  const pixels = ringPixels(ring, view);
  if (!ring.note || pixels < 26) return;
  const outline = outlineOf(ring);
  const [x] = placeOf(view, ring);
  ctx.font = `italic 11px ${MAP_FONT}`;
  const width = ctx.measureText(ring.note).width;
  for (const y of [outline.s * view.scale - view.y0 + 9, outline.n * view.scale - view.y0 - 9]) {
    if (!taken.isFree(x, y, width, 14)) continue;
    haloText(ctx, ring.note, x, y, { font: ctx.font, colour: textColour(colour) });
    taken.take(x, y, width + 6, 16);
    return;
  }
}

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/**
 * The finished picture of a symbol; the same few serve any number of points.
 * @param {TypeSymbol} symbol
 * @param {{near: boolean, status: string, draft: boolean, maybe: boolean}} look
 * @param {MilitarySign | null} sign What is drawn in its place.
 */
function spriteOf(symbol, { near, status, draft, maybe }, sign) {
  const ratio = pixelRatio();
  const key = [sign?.key ?? symbol.glyph, symbol.colour, near, status, draft && speech.lang, maybe, ratio].join(" ");
  let sprite = sprites.get(key);
  if (!sprite) {
    const size = sign ? SIGN_SPRITE_SIZE : SPRITE_SIZE;
    const reach = sign ? SIGN_REACH : GLYPH_SIZE;
    sprite = smallCanvas(size, size, (ctx) => {
      ctx.globalAlpha = maybe ? 0.5 : 1;
      drawStatusMark(ctx, status, reach);
      if (status === "denied" || status === "retracted") ctx.globalAlpha *= 0.65;
      if (sign) drawSign(ctx, sign, near ? SIGN_SIZE - 4 : SIGN_SIZE);
      else drawGlyph(ctx, symbol, near ? GLYPH_SIZE - 1 : GLYPH_SIZE, near ? "hollow" : "pin");
      ctx.globalAlpha = 1;
      ctx.translate(0, reach - GLYPH_SIZE);
      if (draft) drawDraftMark(ctx);
    });
    sprites.set(key, sprite);
  }
  return sprite;
}

/** @param {CanvasRenderingContext2D} ctx */
function drawDraftMark(ctx) {
  haloText(ctx, t("mark.draft"), 0, 14, { font: `italic 600 9.5px ${MAP_FONT}`, colour: "#7c2d12", halo: "#ffffff" });
}

/**
 * @param {View} view
 * @param {{x: number, y: number, dx?: number, dy?: number}} at
 * @returns {[number, number]}
 */
function placeOf(view, { x, y, dx = 0, dy = 0 }) {
  return [(x + turnsTo(view, x)) * view.scale - view.x0 + dx, y * view.scale - view.y0 + dy];
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {EventFilter} filter
 * @param {PointPlan} plan
 * @param {View} view
 * @param {Set<number>} marked Rows of events to point out.
 * @param {TakenSpace} taken
 */
function drawPoints(ctx, filter, plan, view, marked, taken) {
  const { scene, ringTally, ringPlaces } = plan;
  const { events, statuses } = scene;
  const rings = plan.visibleRings();
  const markedRings = new Set(sitesOf(scene, marked).map((site) => scene.sites.ring[site]));
  for (const ring of rings) {
    const place = ringPlaces[ring];
    drawRing(ctx, plan.ringShapes(ring), view, { colour: ringTally.colour(place), dash: ringTally.dash(place), chosen: markedRings.has(ring) });
  }
  drawLeaders(ctx, plan.symbols.filter(({ dx, dy }) => dx || dy), view);
  for (const { x, y, dx, dy, feature, row } of plan.symbols) {
    const [px, py] = placeOf(view, { x, y, dx, dy });
    const sign = signOf(scene, row);
    if (marked.has(row)) drawChosenMark(ctx, px, py, sign ? SIGN_REACH : GLYPH_SIZE);
    const near = shapeOf(scene, feature) !== "pin";
    const look = { near, status: statuses[filter.status[row]], draft: (events.flags[row] & DRAFT) !== 0, maybe: filter.isMaybe(row) };
    const size = sign ? SIGN_SPRITE_SIZE : SPRITE_SIZE;
    ctx.drawImage(spriteOf(symbolOf(scene, row), look, sign), px - size / 2, py - size / 2, size, size);
    if (plan.symbols.length < 800) taken.take(px, py, size / 2, size / 2);
  }
  const shown = [...marked].filter((row) => filter.shows(row));
  const markedSpots = new Set(sitesOf(scene, shown).filter((site) => filter.drawnSites[site]).map((site) => scene.sites.spot[site]));
  for (const stack of plan.stacks) {
    const [px, py] = placeOf(view, stack);
    if (markedSpots.has(stack.spot)) drawChosenMark(ctx, px, py, GLYPH_SIZE);
    drawCountChip(ctx, String(stack.count), px, py, stack.colour);
    taken.take(px, py, 28, 22);
  }
  const markedClusters = new Set([...marked].flatMap((row) => featuresOf(scene, row).map((f) => clusterOfFeature(plan, f))));
  plan.clusters.forEach((cluster, number) => {
    const [px, py] = placeOf(view, cluster);
    drawCluster(ctx, scene, cluster, px, py);
    if (markedClusters.has(number)) drawChosenMark(ctx, px, py, cluster.radius - 4);
    taken.take(px, py, 2 * cluster.radius, 2 * cluster.radius);
  });
  for (const ring of rings) drawRingNote(ctx, plan.ringShapes(ring), view, ringTally.colour(ringPlaces[ring]), taken);
}

/**
 * The sites of some events.
 * @param {Scene} scene
 * @param {Iterable<number>} rows
 */
function sitesOf(scene, rows) {
  return [...rows].flatMap((row) => featuresOf(scene, row).map((f) => scene.features.site[f]));
}

/**
 * The cluster that a feature stands in, in this view; -1 for none.
 * @param {PointPlan} plan
 * @param {number} feature
 */
function clusterOfFeature(plan, feature) {
  const cell = plan.cellAt(plan.scene.features.site[feature]);
  return cell < 0 ? -1 : plan.clusterOf[cell];
}

/**
 * A number with its types round it, each as long as its share.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scene} scene
 * @param {Cluster} cluster
 * @param {number} x
 * @param {number} y
 */
function drawCluster(ctx, scene, { count, radius, types }, x, y) {
  const all = types.reduce((sum, own) => sum + own, 0);
  ctx.beginPath();
  ctx.arc(x, y, radius + 1.5, 0, 2 * Math.PI);
  ctx.fillStyle = "rgba(255, 255, 255, 0.95)";
  ctx.fill();
  let from = -Math.PI / 2;
  ctx.lineWidth = 5;
  types.forEach((own, type) => {
    if (!own) return;
    const to = from + (2 * Math.PI * own) / all;
    ctx.beginPath();
    ctx.arc(x, y, radius - 2.5, from, to);
    ctx.strokeStyle = (scene.types[type] ?? UNKNOWN_TYPE).colour;
    ctx.stroke();
    from = to;
  });
  ctx.font = `600 ${count < 1000 ? 11 : 10}px ${MAP_FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = "#1f2933";
  ctx.fillText(shortNumber(count), x, y + 0.5);
}

/** @param {number} count */
function shortNumber(count) {
  if (count < 1000) return String(count);
  return count < 10_000 ? `${(count / 1000).toFixed(1)}k` : count < 1_000_000 ? `${Math.round(count / 1000)}k` : `${(count / 1e6).toFixed(1)}M`;
}

/**
 * A thin line from each spread symbol to the place it stands for.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Symbol2d[]} fanned
 * @param {View} view
 */
function drawLeaders(ctx, fanned, view) {
  ctx.strokeStyle = "rgba(31, 41, 51, 0.6)";
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const symbol of fanned) {
    const [x, y] = placeOf(view, symbol);
    ctx.moveTo(x - symbol.dx, y - symbol.dy);
    ctx.lineTo(x, y);
  }
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} size
 */
function drawChosenMark(ctx, x, y, size) {
  ctx.beginPath();
  ctx.arc(x, y, size + 7.5, 0, 2 * Math.PI);
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = 5;
  ctx.stroke();
  ctx.strokeStyle = "#1f2933";
  ctx.lineWidth = 2;
  ctx.stroke();
}

// How far a country label may move to keep clear of another: not so far that it names a neighbour.
const BADGE_MOVES = [0, 24, -24, 13, -13, 37, -37, 48, -48, 61, -61];

/**
 * Where the country labels stand: at their place, or a little above or below where one would cover
 * another or a symbol.
 * @param {CanvasRenderingContext2D} ctx
 * @param {PointPlan} plan Of its labels, the one with most events is placed first.
 * @param {View} view
 * @param {View} visible The part of the view that is on screen.
 * @returns {PlacedBadge[]}
 */
function placeBadges(ctx, plan, view, visible) {
  const space = new TakenSpace();
  for (const symbol of plan.symbols.length < 500 ? plan.symbols : []) space.take(...placeOf(view, symbol), 15 * signSpread(), 15 * signSpread());
  ctx.font = `600 12px ${MAP_FONT}`;
  return plan.badges.map((badge) => {
    const width = ctx.measureText(badge.text).width + (badge.draft ? 50 : 18);
    let [x, at] = placeOf(view, badge);
    if (x > visible.minX && x < visible.maxX) {
      x = Math.max(visible.minX + width / 2 + 4, Math.min(visible.maxX - width / 2 - 4, x));
    }
    const y = at + (BADGE_MOVES.find((move) => space.isFree(x, at + move, width + 2, 23)) ?? 0);
    space.take(x, y, width, 22);
    return { badge, x, y, width };
  });
}

/**
 * A text label, never a marker: the country is all that is known.
 * @param {CanvasRenderingContext2D} ctx
 * @param {PlacedBadge} placed
 * @param {boolean} chosen
 */
function drawBadge(ctx, { badge, x, y, width }, chosen) {
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y - 11, width, 22, 4);
  ctx.fillStyle = "rgba(255, 255, 255, 0.94)";
  ctx.shadowColor = "rgba(31, 41, 51, 0.25)";
  ctx.shadowBlur = 4;
  ctx.shadowOffsetY = 1;
  ctx.fill();
  ctx.shadowColor = "transparent";
  ctx.setLineDash(badge.dash);
  ctx.strokeStyle = badge.colour;
  ctx.lineWidth = chosen ? 3 : 1.5;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.font = `600 12px ${MAP_FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillStyle = "#1f2933";
  ctx.fillText(badge.draft ? `${badge.text} ${t("mark.draft")}` : badge.text, x, y + 0.5);
}
