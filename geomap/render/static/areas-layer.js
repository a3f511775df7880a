// @ts-check
// Areas and lines. A shape that several events share is drawn once, with their number.

/**
 * @typedef {{number: number, shape: Shape, kind: string, area: number, anchors: [number, number][], covers: (number[] | undefined)[], label: string}} AreaShape `covers`: which other shapes hold each anchor, once asked.
 * @typedef {AreaShape & {count: number, colour: string, dash: number[], draft: boolean}} AreaGroup
 */

/** The shapes of a scene and the features that share each; which of them are drawn depends on the filter. */
class AreaPlan {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    const { sites, shapes, words, shapesDrawn } = scene;
    /** @type {Map<string, AreaShape>} */
    const known = new Map();
    /** The shape that draws the features of each site; -1 for none, and none at all where there are no shapes. */
    this.groupOf = new Int32Array(shapesDrawn.length ? sites.count : 0).fill(-1);
    for (let site = 0; site < this.groupOf.length; site++) {
      const geometry = sites.geometry[site];
      if (geometry === NONE || !["area", "line", "stub"].includes(shapes[sites.shape[site]])) continue;
      const kind = areaKind(scene, site);
      let shape = known.get(`${geometry} ${kind}`);
      if (!shape) {
        const drawn = shapesDrawn[geometry];
        shape = { number: known.size, shape: drawn, kind, area: shapeArea(drawn), anchors: anchorsOf(drawn), covers: [], label: canvasText(words.place[sites.place[site]]?.[0] ?? "", 40) };
        known.set(`${geometry} ${kind}`, shape);
      }
      this.groupOf[site] = shape.number;
    }
    // The largest first, so that what is smaller lies on it.
    this.shapes = [...known.values()].sort((a, b) => b.area - a.area || a.number - b.number);
    this.tally = new Tally(scene, known.size);
    /** @type {AreaGroup[]} */
    this.groups = [];
    this.filled = -1;
  }

  /** @param {EventFilter} filter */
  fill(filter) {
    const { tally } = this;
    if (!this.shapes.length || this.filled === filter.revision) return;
    this.filled = filter.revision;
    filter.tally(tally, this.groupOf);
    this.groups = this.shapes
      .filter(({ number }) => tally.counts[number])
      .map((shape) => ({
        ...shape, count: tally.counts[shape.number], colour: tally.colour(shape.number), dash: tally.dash(shape.number), draft: tally.isDraft(shape.number),
      }));
  }

  /**
   * The shapes that hold an anchor of a shape, by number; this never changes.
   * @param {AreaShape} own
   * @param {number} anchor
   */
  covering(own, anchor) {
    const [x, y] = own.anchors[anchor];
    return (own.covers[anchor] ??= this.shapes.flatMap(({ number, shape }) => {
      const [w, n, e, s] = shape.box;
      const isInBox = x >= w && x <= e && y >= n && y <= s;
      return number !== own.number && isInBox && shapeHolds(shape, x, y) ? [number] : [];
    }));
  }

  /**
   * The drawn features of each of some groups.
   * @param {AreaGroup[]} groups
   * @param {EventFilter} filter
   */
  featuresOf(groups, filter) {
    /** @type {number[][]} */
    const found = [];
    // As many at a time as a byte can tell apart.
    for (let first = 0; first < groups.length; first += 255) {
      const some = groups.slice(first, first + 255);
      const places = new Uint8Array(this.shapes.length);
      some.forEach(({ number }, i) => { places[number] = i + 1; });
      found.push(...filter.featuresAt((site) => (this.groupOf[site] < 0 ? 0 : places[this.groupOf[site]]), some.length));
    }
    return found;
  }

  /**
   * The group that draws a feature now.
   * @param {number} feature
   */
  groupWith(feature) {
    const own = this.groupOf[this.scene.features.site[feature]];
    return this.groups.find(({ number }) => number === own);
  }
}

/**
 * @param {Scene} scene
 * @param {number} site
 */
function areaKind({ sites, shapes, precisions }, site) {
  const shape = shapes[sites.shape[site]];
  return shape === "area" && precisions[sites.precision[site]] === "waters" ? "waters" : shape;
}

/** @type {Map<string, HTMLCanvasElement>} */
const hatchTiles = new Map();

/**
 * Thin lines to fill an area with: slanting for land, level for airspace and waters.
 * @param {Pen} ctx
 * @param {string} colour
 * @param {string} kind
 * @param {View} view
 */
function hatchOf(ctx, colour, kind, view) {
  const key = `${colour} ${kind}`;
  let tile = hatchTiles.get(key);
  if (!tile) {
    tile = document.createElement("canvas");
    tile.width = tile.height = 24;
    const pen = tile.getContext("2d");
    if (pen) {
      pen.strokeStyle = colour;
      pen.lineWidth = 2;
      pen.globalAlpha = kind === "waters" ? 0.3 : 0.36;
      pen.beginPath();
      if (kind === "waters") {
        pen.moveTo(0, 6);
        pen.lineTo(11, 6);
        pen.moveTo(12, 18);
        pen.lineTo(23, 18);
      } else {
        pen.moveTo(-6, 30);
        pen.lineTo(30, -6);
        pen.moveTo(-6, 6);
        pen.lineTo(6, -6);
        pen.moveTo(18, 30);
        pen.lineTo(30, 18);
      }
      pen.stroke();
    }
    hatchTiles.set(key, tile);
  }
  const pattern = ctx.createPattern(tile, "repeat");
  // Tied to the ground, so that it does not swim when the map is moved.
  pattern?.setTransform(new DOMMatrix([0.5, 0, 0, 0.5, -(view.x0 % 12), -(view.y0 % 12)]));
  return pattern;
}

/**
 * @param {Pen} ctx
 * @param {AreaGroup} group
 * @param {View} view
 * @param {boolean} chosen
 */
function drawArea(ctx, group, view, chosen) {
  const { shape, kind } = group;
  const colour = lineColour(group.colour);
  const turns = turnsTo(view, (shape.box[0] + shape.box[2]) / 2);
  const [w, n, e, s] = shape.box;
  if (!isInView({ w, n, e, s }, view, turns)) return;
  ctx.save();
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.beginPath();
  for (const rings of shape.polygons) for (const ring of rings) traceRing(ctx, ring, view, turns, true);
  if (kind === "area" || kind === "waters") {
    ctx.fillStyle = colour;
    ctx.globalAlpha = chosen ? 0.2 : kind === "waters" ? 0.07 : 0.1;
    ctx.fill("evenodd");
    ctx.globalAlpha = 1;
    const hatch = hatchOf(ctx, colour, kind, view);
    if (hatch) {
      ctx.fillStyle = hatch;
      ctx.fill("evenodd");
    }
    strokeOutline(ctx, group, chosen ? 3 : kind === "waters" ? 1.2 : 1.6);
  } else {
    for (const line of shape.lines) traceRing(ctx, line, view, turns, false);
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.globalAlpha = chosen ? 0.45 : 0.28;
    ctx.lineWidth = kind === "stub" ? 5 : 7;
    ctx.stroke();
    if (shape.polygons.length) ctx.fill("evenodd");
    ctx.globalAlpha = 1;
    strokeOutline(ctx, group, chosen ? 3 : 2);
  }
  ctx.restore();
}

// Lines reach out of the shape that they are drawn along.
const AREA_REACH = 8;
// What is wider is drawn each time anew; so is all that these pixels do not hold.
const WIDEST_PICTURE = 360;
const MOST_PICTURE_PIXELS = 4_000_000;

/** Finished pictures of areas, by what they look like at one scale: outlines are slow to draw, and mostly the same. */
class AreaPictures {
  constructor() {
    this.key = "";
    /** @type {Map<string, {image: ImageBitmap, left: number, top: number}>} */
    this.made = new Map();
    this.pixels = 0;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {AreaGroup} group
   * @param {View} view
   * @param {boolean} chosen
   */
  draw(ctx, group, view, chosen) {
    const { scale, x0, y0 } = view;
    const ratio = pixelRatio();
    const [w, n, e, s] = group.shape.box;
    const turns = turnsTo(view, (w + e) / 2);
    if (!isInView({ w, n, e, s }, view, turns)) return;
    const left = Math.floor((w + turns) * scale - x0) - AREA_REACH;
    const top = Math.floor(n * scale - y0) - AREA_REACH;
    const width = Math.ceil((e + turns) * scale - x0) + AREA_REACH - left;
    const height = Math.ceil(s * scale - y0) + AREA_REACH - top;
    // Between whole pixels a picture would be blurred.
    if (width > WIDEST_PICTURE || height > WIDEST_PICTURE || !Number.isInteger(ratio)) {
      drawArea(ctx, group, view, chosen);
      return;
    }
    const key = [scale, x0, y0, ratio, surface.isDark].join();
    if (key !== this.key || this.pixels > MOST_PICTURE_PIXELS) {
      this.key = key;
      this.made.clear();
      this.pixels = 0;
    }
    const look = [group.number, turns, group.colour, group.dash, group.draft, chosen].join();
    let picture = this.made.get(look);
    if (!picture) {
      const canvas = new OffscreenCanvas(width * ratio, height * ratio);
      const pen = canvas.getContext("2d");
      if (!pen) return;
      pen.setTransform(ratio, 0, 0, ratio, -left * ratio, -top * ratio);
      drawArea(pen, group, view, chosen);
      this.made.set(look, (picture = { image: canvas.transferToImageBitmap(), left, top }));
      this.pixels += canvas.width * canvas.height;
    }
    ctx.drawImage(picture.image, picture.left, picture.top, picture.image.width / ratio, picture.image.height / ratio);
  }
}

/**
 * @param {Pen} ctx
 * @param {AreaGroup} group
 * @param {number} width
 */
function strokeOutline(ctx, group, width) {
  ctx.lineCap = "butt";
  if (group.dash.length) {
    ctx.strokeStyle = haloColour();
    ctx.lineWidth = width;
    ctx.stroke();
  }
  ctx.strokeStyle = lineColour(group.colour);
  ctx.globalAlpha = group.draft ? 0.55 : 0.95;
  ctx.setLineDash(group.kind === "stub" && !group.dash.length ? [9, 5] : group.dash);
  ctx.lineWidth = width;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/**
 * The words on an area, the number of events on a line; empty where nothing needs to be said.
 * @param {AreaGroup} group
 * @returns {{name: string, number: string}}
 */
function areaWords(group) {
  const number = group.count > 1 ? shortNumber(group.count) : "";
  if (group.kind !== "area" && group.kind !== "waters") return { name: "", number };
  const words = [group.label && group.draft ? `${group.label} (${t("mark.draft")})` : group.label, number];
  return { name: group.label ? words.filter(Boolean).join(" · ") : "", number };
}

/**
 * Points of a group that may stand for it: those on screen first, and among them those not in a smaller area.
 * @param {AreaPlan} plan
 * @param {AreaGroup} group
 * @param {View} view
 * @param {View} visible The part of the view that is on screen.
 * @param {Set<number>} smaller Numbers of the groups that lie on this one.
 * @returns {{points: [number, number][], seen: number}} The first `seen` of them are on screen.
 */
function anchorPoints(plan, group, view, visible, smaller) {
  const turns = turnsTo(view, (group.shape.box[0] + group.shape.box[2]) / 2);
  /** @type {[number, number][]} */
  const open = [];
  /** @type {[number, number][]} */
  const covered = [];
  /** @type {[number, number][]} */
  const outsideView = [];
  group.anchors.forEach(([worldx, worldy], anchor) => {
    const x = (worldx + turns) * view.scale - view.x0;
    const y = worldy * view.scale - view.y0;
    const seen = x > visible.minX + 12 && x < visible.maxX - 12 && y > visible.minY + 12 && y < visible.maxY - 12;
    const inSmaller = seen && plan.covering(group, anchor).some((number) => smaller.has(number));
    (seen ? (inSmaller ? covered : open) : outsideView).push([x, y]);
  });
  return { points: [...open, ...covered, ...outsideView], seen: open.length + covered.length };
}

/**
 * Label a group where it has room, and say where a click finds it.
 * @param {CanvasRenderingContext2D} ctx
 * @param {AreaPlan} plan
 * @param {AreaGroup} group
 * @param {View} view
 * @param {View} visible
 * @param {TakenSpace} taken
 * @param {Set<number>} smaller
 * @returns {[number, number] | null}
 */
function labelArea(ctx, plan, group, view, visible, taken, smaller) {
  const { points, seen } = anchorPoints(plan, group, view, visible, smaller);
  if (!points.length) return null;
  const onScreen = points.slice(0, seen);
  const { name, number } = areaWords(group);
  const font = `italic 600 11.5px ${MAP_FONT}`;
  const width = textWidth(ctx, font, name);
  const room = (group.shape.box[2] - group.shape.box[0]) * view.scale;
  const named = name && width <= Math.max(room * 1.15, 40) && onScreen.find(([x, y]) => taken.isFree(x, y, width + 6, 16));
  if (named) {
    haloText(ctx, name, named[0], named[1], { font, colour: textColour(group.colour), haloWidth: 3.5 });
    taken.take(named[0], named[1], width + 8, 18);
    return named;
  }
  const free = onScreen.find(([x, y]) => taken.isFree(x, y, 26, 22));
  if (number && free) {
    drawCountChip(ctx, number, free[0], free[1], group.colour);
    taken.take(free[0], free[1], 26, 22);
  }
  return free ?? points[0];
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} colour
 */
function drawCountChip(ctx, text, x, y, colour) {
  ctx.font = `600 11px ${MAP_FONT}`;
  const width = Math.max(18, ctx.measureText(text).width + 11);
  ctx.beginPath();
  ctx.roundRect(x - width / 2, y - 9, width, 18, 9);
  ctx.fillStyle = "#ffffff";
  ctx.fill();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.5;
  ctx.stroke();
  ctx.fillStyle = "#1f2933";
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText(text, x, y + 0.5);
}
