// @ts-check
// Pins, rings, clusters and country labels: planned for a view, then drawn on one canvas.

/**
 * @typedef {{feature: number, row: number, x: number, y: number, dx: number, dy: number}} Symbol2d
 * @typedef {{x: number, y: number, count: number, colour: string, spot: number}} Stack One place with more on it than could stand apart.
 * @typedef {{x: number, y: number, count: number, radius: number, types: Uint32Array, box: [number, number, number, number]}} Cluster
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
const CELL_PIXELS = 56;
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
    const { features, spots, rings } = scene;
    /** @type {number[]} */
    const badges = [];
    for (let f = 0; f < features.count; f++) if (features.spot[f] !== NONE && spots.badge[features.spot[f]]) badges.push(f);
    this.badgeNames = badgeNames(scene, badges);
    this.badgeTally = new Tally(scene, badges.length ? spots.count : 0);
    this.ringTally = new Tally(scene, rings.count);
    this.ringShapes = ringShapes(scene);
    /** The cell of the screen that each point falls into; -1 outside the view, and for countries. */
    this.cellOf = new Int32Array(spots.count);
    this.cells = { columns: 0, count: 0 };
    // What falls into a cell, and into which. Made once, as in EventFilter.
    this.inCells = new Uint32Array(features.count);
    this.cellsOf = new Int32Array(features.count);
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
    this.gather(filter);
    this.tallyShared(filter);
    this.listBadges();
  }

  /** @param {View} view */
  placeSpots(view) {
    const { spots } = this.scene;
    const { scale, x0, y0 } = view;
    if (this.view && Object.entries(view).every(([name, value]) => this.view?.[/** @type {keyof View} */ (name)] === value)) return;
    // Cells are tied to the ground: moving the map does not regroup what stands on it.
    const firstColumn = Math.floor((view.minX + x0) / CELL_PIXELS);
    const firstRow = Math.floor((view.minY + y0) / CELL_PIXELS);
    const columns = Math.floor((view.maxX + x0) / CELL_PIXELS) - firstColumn + 1;
    const rows = Math.floor((view.maxY + y0) / CELL_PIXELS) - firstRow + 1;
    this.cells = { columns, count: columns * rows };
    for (let spot = 0; spot < spots.count; spot++) {
      if (spots.badge[spot]) {
        this.cellOf[spot] = -1;
        continue;
      }
      const x = spots.x[spot] + Math.round(view.centreX - spots.x[spot]);
      const column = Math.floor((x * scale) / CELL_PIXELS) - firstColumn;
      const row = Math.floor((spots.y[spot] * scale) / CELL_PIXELS) - firstRow;
      this.cellOf[spot] = column < 0 || column >= columns || row < 0 || row >= rows ? -1 : row * columns + column;
    }
    this.view = view;
  }

  /** @param {EventFilter} filter */
  gather({ features: shown, status }) {
    const { cellOf, cells, inCells, cellsOf } = this;
    const { spot } = this.scene.features;
    const counts = new Uint32Array(cells.count);
    const firstSpot = new Uint32Array(cells.count).fill(NONE);
    const mixed = new Uint8Array(cells.count);
    let inView = 0;
    for (const f of shown) {
      if (spot[f] === NONE) continue;
      const cell = cellOf[spot[f]];
      if (cell < 0) continue;
      counts[cell] += 1;
      inCells[inView] = f;
      cellsOf[inView++] = cell;
      if (firstSpot[cell] === NONE) firstSpot[cell] = spot[f];
      else if (firstSpot[cell] !== spot[f]) mixed[cell] = 1;
    }
    // Where the whole view is crowded, a handful is many already.
    const most = inView > 2000 ? 2 : inView > 600 ? 4 : MOST_FANNED;
    const kind = new Uint8Array(cells.count);
    for (let cell = 0; cell < cells.count; cell++) {
      if (counts[cell] > most) kind[cell] = mixed[cell] ? 2 : counts[cell] > MOST_FANNED ? 1 : inView > 600 ? 1 : 0;
    }
    this.collect(inView, kind, firstSpot, status);
  }

  /**
   * @param {number} inView How many features fall into a cell.
   * @param {Uint8Array} kind For each cell: 0 features stand apart, 1 all are one spot, 2 a cluster.
   * @param {Uint32Array} spotOf A spot of each cell.
   * @param {Uint8Array} status Of each event.
   */
  collect(inView, kind, spotOf, status) {
    const { cells, inCells, cellsOf } = this;
    const { features, spots, types, events } = this.scene;
    /** @type {number[][]} */
    const apart = [];
    const stacked = new Tally(this.scene, cells.count);
    this.clusterOf = new Int32Array(cells.count).fill(-1);
    const sums = new Float64Array(cells.count * 2);
    const counts = new Uint32Array(cells.count);
    for (let i = 0; i < inView; i++) {
      const [f, cell] = [inCells[i], cellsOf[i]];
      const spot = features.spot[f];
      if (kind[cell] === 2) {
        counts[cell] += 1;
        sums[2 * cell] += spots.x[spot];
        sums[2 * cell + 1] += spots.y[spot];
      } else if (kind[cell] === 1) {
        stacked.add(cell, features.event[f], status[features.event[f]]);
      } else {
        (apart[cell] ??= []).push(f);
      }
    }
    this.makeClusters(counts, sums, types.length + 1);
    const last = new Uint32Array(this.clusters.length).fill(NONE);
    for (let i = 0; i < inView; i++) {
      if (kind[cellsOf[i]] !== 2) continue;
      const f = inCells[i];
      const row = features.event[f];
      const number = this.clusterOf[cellsOf[i]];
      const cluster = this.clusters[number];
      const [x, y] = [spots.x[features.spot[f]], spots.y[features.spot[f]]];
      const { box } = cluster;
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
      if (last[number] === row) continue;
      last[number] = row;
      cluster.count += 1;
      cluster.types[events.type[row]] += 1;
    }
    for (const cluster of this.clusters) cluster.radius = clusterRadius(cluster.count);
    this.symbols = [];
    for (const cell of apart) if (cell) this.spread(cell);
    this.stacks = Array.from(spotOf).flatMap((spot, cell) =>
      stacked.counts[cell] ? [{ spot, x: spots.x[spot], y: spots.y[spot], count: stacked.counts[cell], colour: stacked.colour(cell) }] : [],
    );
  }

  /**
   * Clusters at the middle of what they hold; those that would cover each other become one.
   * @param {Uint32Array} counts
   * @param {Float64Array} sums
   * @param {number} types
   */
  makeClusters(counts, sums, types) {
    const { clusterOf } = this;
    const { columns } = this.cells;
    const scale = this.view?.scale ?? 1;
    this.clusters = [];
    const filled = Array.from(counts.keys()).filter((cell) => counts[cell] > 0).sort((a, b) => counts[b] - counts[a] || a - b);
    for (const cell of filled) {
      const x = sums[2 * cell] / counts[cell];
      const y = sums[2 * cell + 1] / counts[cell];
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
      this.clusters.push({ x, y, count: 0, radius: reach, types: new Uint32Array(types), box: [Infinity, Infinity, -Infinity, -Infinity] });
    }
  }

  /**
   * Spread symbols that would cover each other in a small circle; a thin line ties each to its place.
   * @param {number[]} members Features of one cell.
   */
  spread(members) {
    const { features, spots } = this.scene;
    const scale = this.view?.scale ?? 1;
    /** @type {{x: number, y: number, members: number[]}[]} */
    const groups = [];
    for (const f of members) {
      const [x, y] = [spots.x[features.spot[f]], spots.y[features.spot[f]]];
      const near = groups.find((group) => Math.hypot((group.x - x) * scale, (group.y - y) * scale) < NEAR_PIXELS * signSpread());
      if (near) near.members.push(f);
      else groups.push({ x, y, members: [f] });
    }
    for (const group of groups) {
      const n = group.members.length;
      const radius = n === 1 ? 0 : Math.min(FAN_RADIUS, Math.max(8, (n * 11) / (2 * Math.PI))) * signSpread();
      group.members.forEach((feature, i) => {
        const angle = -Math.PI / 2 + (2 * Math.PI * i) / n + (n === 2 ? Math.PI / 2 : 0);
        const spot = features.spot[feature];
        const dx = (group.x - spots.x[spot]) * scale + radius * Math.cos(angle);
        const dy = (group.y - spots.y[spot]) * scale + radius * Math.sin(angle);
        this.symbols.push({ feature, row: features.event[feature], x: spots.x[spot], y: spots.y[spot], dx, dy });
      });
    }
  }

  /**
   * What rings and country labels stand for.
   * @param {EventFilter} filter
   */
  tallyShared({ features: shown, status }) {
    const { features, spots } = this.scene;
    const { ringTally, badgeTally } = this;
    ringTally.clear();
    badgeTally.clear();
    for (const f of shown) {
      const row = features.event[f];
      if (features.ring[f] !== NONE) ringTally.add(features.ring[f], row, status[row]);
      else if (features.spot[f] !== NONE && spots.badge[features.spot[f]]) badgeTally.add(features.spot[f], row, status[row]);
    }
  }

  /** The rings to draw: the widest first, and of those inside a cluster only what reaches out of it. */
  visibleRings() {
    const { rings } = this.scene;
    const { ringTally, view } = this;
    if (!view) return [];
    const shown = [];
    for (let ring = 0; ring < rings.count; ring++) {
      if (!ringTally.counts[ring]) continue;
      const shape = this.ringShapes(ring);
      const pixels = ringPixels(shape, view);
      const cell = this.cellOf[rings.spot[ring]];
      const hidden = cell >= 0 && this.clusterOf[cell] >= 0;
      if (hidden ? pixels < 34 : !shape.near && pixels <= GLYPH_SIZE + 3) continue;
      shown.push(ring);
    }
    return shown.sort((a, b) => rings.radius[b] - rings.radius[a] || a - b).slice(0, MOST_RINGS);
  }

  listBadges() {
    const { spots } = this.scene;
    const tally = this.badgeTally;
    this.badges = [...this.badgeNames.entries()].filter(([spot]) => tally.counts[spot]).map(([spot, name]) => ({
      spot, x: spots.x[spot], y: spots.y[spot], text: `${canvasText(name || t("place.country"), 32)} · ${tally.counts[spot]}`,
      colour: tally.colour(spot), dash: tally.dash(spot), draft: tally.isDraft(spot),
    }));
    this.badges.sort((a, b) => tally.counts[b.spot] - tally.counts[a.spot] || a.spot - b.spot);
  }
}

/** @param {number} count */
function clusterRadius(count) {
  return Math.min(26, 12 + 2.6 * Math.log2(Math.max(count, 2)) ** 0.9);
}

/**
 * What each country label says: the country, even where some of its events name an unknown place in it.
 * @param {Scene} scene
 * @param {number[]} features
 * @returns {Map<number, string>} By spot.
 */
function badgeNames(scene, features) {
  /** @type {Map<number, string>} */
  const names = new Map();
  for (const f of features) {
    const name = placeName(scene, f);
    const known = names.get(scene.features.spot[f]);
    if (known === undefined || (name && name.length < known.length)) names.set(scene.features.spot[f], name);
  }
  return names;
}

/**
 * The shapes of rings, made when they are first drawn.
 * @param {Scene} scene
 * @returns {(ring: number) => RingShape}
 */
function ringShapes({ rings, spots, features, words }) {
  /** @type {Map<number, Set<string>>} */
  const notes = new Map();
  for (let f = 0; f < features.count; f++) {
    const note = words.note[features.note[f]];
    const ring = features.ring[f];
    if (!note || ring === NONE || rings.radius[ring] < WIDE_RING_M) continue;
    notes.set(ring, (notes.get(ring) ?? new Set()).add(note));
  }
  /** @type {RingShape[]} */
  const made = [];
  return (ring) => {
    const spot = rings.spot[ring];
    return (made[ring] ??= {
      lon: spots.lon[spot], lat: spots.lat[spot], x: spots.x[spot], y: spots.y[spot], radius: rings.radius[ring],
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
  const stretch = Math.cos((ring.lat * Math.PI) / 180);
  return ((ring.radius / (2 * Math.PI * EARTH_RADIUS_M)) * view.scale) / Math.max(stretch, 0.01);
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
  // Twice the radius: far north a ring is wider on the map than its middle says.
  const reach = 2 * pixels + least;
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
  const { scene, ringTally } = plan;
  const { features, events, statuses } = scene;
  const rings = plan.visibleRings();
  const markedRings = new Set([...marked].flatMap((row) => featuresOf(scene, row).map((f) => features.ring[f])));
  for (const ring of rings) {
    drawRing(ctx, plan.ringShapes(ring), view, { colour: ringTally.colour(ring), dash: ringTally.dash(ring), chosen: markedRings.has(ring) });
  }
  drawLeaders(ctx, plan.symbols.filter(({ dx, dy }) => dx || dy), view);
  for (const { x, y, dx, dy, feature, row } of plan.symbols) {
    const [px, py] = placeOf(view, { x, y, dx, dy });
    const sign = signOf(scene, row);
    if (marked.has(row)) drawChosenMark(ctx, px, py, sign ? SIGN_REACH : GLYPH_SIZE);
    const near = shapeOf(scene, feature) !== "pin";
    const look = { near, status: statuses[filter.status[row]], draft: (events.flags[row] & DRAFT) !== 0, maybe: filter.maybe[row] === 1 };
    const size = sign ? SIGN_SPRITE_SIZE : SPRITE_SIZE;
    ctx.drawImage(spriteOf(symbolOf(scene, row), look, sign), px - size / 2, py - size / 2, size, size);
    if (plan.symbols.length < 800) taken.take(px, py, size / 2, size / 2);
  }
  const markedSpots = new Set([...marked].flatMap((row) => featuresOf(scene, row).filter((f) => filter.draws(f)).map((f) => features.spot[f])));
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
  for (const ring of rings) drawRingNote(ctx, plan.ringShapes(ring), view, ringTally.colour(ring), taken);
}

/**
 * The cluster that a feature stands in, in this view; -1 for none.
 * @param {PointPlan} plan
 * @param {number} feature
 */
function clusterOfFeature(plan, feature) {
  const spot = plan.scene.features.spot[feature];
  if (spot === NONE || plan.scene.spots.badge[spot]) return -1;
  const cell = plan.cellOf[spot];
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
