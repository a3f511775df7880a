// @ts-check
// The ground of the map: land, borders, regions, and names that keep out of each other's way.

const GROUND = {
  land: "#f4f2ec",
  coast: "#a9b8c2",
  farBorder: "#d3cfc6",
  border: "#97918a",
  disputed: "#97918a",
  region: "#dcd8cd",
  town: "#3d4852",
  country: "#8a8478",
};

/**
 * @param {Basemap} basemap
 * @returns {{ground: Paint, names: (taken: TakenSpace, labelled: Set<string>) => Paint}}
 */
function makeBasemap(basemap) {
  const world = readShape(basemap.world);
  const land = readShape(basemap.land);
  const borders = readShape(basemap.borders);
  const disputed = readShape(basemap.disputed);
  const regions = readShape(basemap.regions);
  const [west, south, east, north] = basemap.window;
  const frame = { w: worldX(west), n: worldY(north), e: worldX(east), s: worldY(south) };
  const towns = [...basemap.towns].sort((a, b) => a[3] - b[3]);

  /** @type {Paint} */
  const ground = (ctx, view) => {
    for (const turns of turnsInView(view)) {
      drawFarLand(ctx, view, turns, world, land.polygons.length ? frame : null);
      if (!isInView(frame, view, turns)) continue;
      fillLand(ctx, land, view, turns);
      if (view.zoom >= 4.5) strokeLines(ctx, regions, view, turns, { colour: GROUND.region, width: view.zoom < 6 ? 0.7 : 1, dash: [] });
      strokeLines(ctx, borders, view, turns, { colour: GROUND.border, width: view.zoom < 5 ? 0.9 : 1.3, dash: [] });
      strokeLines(ctx, disputed, view, turns, { colour: GROUND.disputed, width: 1.3, dash: [5, 4] });
    }
  };

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Shape} shape
   * @param {View} view
   * @param {number} turns
   */
  function fillLand(ctx, shape, view, turns) {
    ctx.fillStyle = GROUND.land;
    ctx.strokeStyle = GROUND.coast;
    ctx.lineWidth = 0.8;
    ctx.beginPath();
    const outer = [];
    for (const rings of shape.polygons) {
      if (!rings[0] || !isInView(rings[0], view, turns)) continue;
      for (const ring of rings) traceRing(ctx, ring, view, turns, true);
      outer.push(...rings);
    }
    ctx.fill("evenodd");
    ctx.beginPath();
    for (const ring of outer) traceCoast(ctx, ring, view, turns, frame);
    ctx.stroke();
  }

  /**
   * @param {TakenSpace} taken
   * @param {Set<string>} labelled Countries that a label of ours names already.
   * @returns {Paint}
   */
  const names = (taken, labelled) => (ctx, view) => {
    for (const country of basemap.countries) {
      if (!labelled.has(country[2])) drawCountryName(ctx, view, country, taken);
    }
    for (const town of towns) drawTown(ctx, view, town, taken);
  };
  return { ground, names };
}

/** @param {View} view */
function turnsInView(view) {
  const first = Math.floor((view.minX + view.x0) / view.scale);
  const last = Math.floor((view.maxX + view.x0) / view.scale);
  return Array.from({ length: Math.min(5, last - first + 1) }, (_, i) => first + i);
}

/**
 * Coarse land, left out where the fine one lies.
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {number} turns
 * @param {Shape} world
 * @param {{w: number, n: number, e: number, s: number} | null} hole
 */
function drawFarLand(ctx, view, turns, world, hole) {
  ctx.save();
  if (hole) {
    const x = (hole.w + turns) * view.scale - view.x0;
    const y = hole.n * view.scale - view.y0;
    ctx.beginPath();
    ctx.rect(view.minX, view.minY, view.maxX - view.minX, view.maxY - view.minY);
    ctx.rect(x, y, (hole.e - hole.w) * view.scale, (hole.s - hole.n) * view.scale);
    ctx.clip("evenodd");
  }
  ctx.beginPath();
  for (const rings of world.polygons) {
    if (!rings[0] || !isInView(rings[0], view, turns)) continue;
    for (const ring of rings) traceRing(ctx, ring, view, turns, true);
  }
  ctx.fillStyle = GROUND.land;
  ctx.fill("evenodd");
  ctx.strokeStyle = GROUND.farBorder;
  ctx.lineWidth = 0.8;
  ctx.stroke();
  ctx.restore();
}

/**
 * Trace a coast, but not where the land was cut at the window's edge.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Ring} ring
 * @param {View} view
 * @param {number} turns
 * @param {{w: number, n: number, e: number, s: number}} frame
 */
function traceCoast(ctx, ring, view, turns, frame) {
  const near = 2e-6;
  const { xy } = ring;
  const sideOf = (/** @type {number} */ i) =>
    (Math.abs(xy[i] - frame.w) < near ? 1 : 0) |
    (Math.abs(xy[i] - frame.e) < near ? 2 : 0) |
    (Math.abs(xy[i + 1] - frame.n) < near ? 4 : 0) |
    (Math.abs(xy[i + 1] - frame.s) < near ? 8 : 0);
  let [px, py] = [Infinity, Infinity];
  let lifted = true;
  for (let i = 0; i < xy.length; i += 2) {
    const x = (xy[i] + turns) * view.scale - view.x0;
    const y = xy[i + 1] * view.scale - view.y0;
    const cut = i > 0 && (sideOf(i) & sideOf(i - 2)) !== 0;
    if (lifted || cut) ctx.moveTo(x, y);
    else if (Math.abs(x - px) + Math.abs(y - py) < 0.7 && i + 2 < xy.length && !sideOf(i)) continue;
    else ctx.lineTo(x, y);
    lifted = false;
    [px, py] = [x, y];
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Shape} shape
 * @param {View} view
 * @param {number} turns
 * @param {{colour: string, width: number, dash: number[]}} style
 */
function strokeLines(ctx, shape, view, turns, style) {
  ctx.beginPath();
  for (const line of shape.lines) if (isInView(line, view, turns)) traceRing(ctx, line, view, turns, false);
  for (const ring of shape.polygons.flat()) if (isInView(ring, view, turns)) traceRing(ctx, ring, view, turns, true);
  ctx.strokeStyle = style.colour;
  ctx.lineWidth = style.width;
  ctx.lineJoin = "round";
  ctx.setLineDash(style.dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {[number, number, string]} country
 * @param {TakenSpace} taken
 */
function drawCountryName(ctx, view, [lon, lat, name], taken) {
  if (view.zoom < 3 || view.zoom > 8) return;
  const [x, y] = placeOf(view, { x: worldX(lon), y: worldY(lat) });
  if (x < view.minX || x > view.maxX || y < view.minY || y > view.maxY) return;
  const size = view.zoom < 4.5 ? 9.5 : view.zoom < 6 ? 11.5 : 13;
  const text = canvasText(name, 40).toUpperCase();
  ctx.font = `500 ${size}px ${MAP_FONT}`;
  ctx.letterSpacing = `${size * 0.28}px`;
  const width = ctx.measureText(text).width;
  if (taken.isFree(x, y, width + 6, size + 8)) {
    haloText(ctx, text, x + size * 0.14, y, { font: ctx.font, colour: GROUND.country, halo: "rgba(244, 242, 236, 0.8)" });
    taken.take(x, y, width + 10, size + 10);
  }
  ctx.letterSpacing = "0px";
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} rank
 */
function drawTownDot(ctx, x, y, rank) {
  ctx.beginPath();
  ctx.arc(x, y, rank <= 1 ? 2.4 : 1.8, 0, 2 * Math.PI);
  ctx.fillStyle = "#ffffff";
  ctx.fill();
  ctx.strokeStyle = GROUND.town;
  ctx.lineWidth = 1.2;
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {[number, number, string, number]} town
 * @param {TakenSpace} taken
 */
function drawTown(ctx, view, [lon, lat, name, rank], taken) {
  if (rank > view.zoom - 3 && view.zoom < 9) return;
  const [x, y] = placeOf(view, { x: worldX(lon), y: worldY(lat) });
  if (x < view.minX || x > view.maxX || y < view.minY || y > view.maxY) return;
  const size = rank <= 1 ? 12 : 11;
  const text = canvasText(name, 40);
  ctx.font = `${rank <= 1 ? 600 : 400} ${size}px ${MAP_FONT}`;
  const width = ctx.measureText(text).width;
  // Beside its dot, or a little away from it where a symbol covers the dot.
  const beside = width / 2 + 6;
  const away = width / 2 + 16;
  const dotFree = taken.isFree(x, y, 8, 8);
  const tries = dotFree ? [[beside, 0], [-beside, 0], [0, 12], [0, -12]] : [[away, 0], [-away, 0], [0, 19], [0, -19]];
  for (const [dx, dy] of tries) {
    if (!taken.isFree(x + dx, y + dy, width + 4, size + 4)) continue;
    if (dotFree) drawTownDot(ctx, x, y, rank);
    haloText(ctx, text, x + dx, y + dy, { font: ctx.font, colour: GROUND.town, halo: "rgba(244, 242, 236, 0.9)", haloWidth: 2.6 });
    taken.take(x + dx, y + dy, width + 10, size + 8);
    taken.take(x, y, 10, 10);
    return;
  }
}
