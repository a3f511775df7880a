// @ts-check
// Areas and lines. A shape that several events share is drawn once, with their number.

/**
 * @typedef {{geometry: number, shape: Shape, kind: string, features: MapFeature[], colour: string, dash: number[], draft: boolean, area: number, anchors: [number, number][], label: string}} AreaGroup
 */

const MIXED_COLOUR = "#475569";

/**
 * Put features that share a shape together, the largest shape first.
 * @param {Scene} scene
 * @param {MapFeature[]} features
 * @returns {AreaGroup[]}
 */
function groupAreas(scene, features) {
  /** @type {Map<string, MapFeature[]>} */
  const sharing = new Map();
  for (const feature of features) {
    if (feature.geometry === null || !["area", "line", "stub"].includes(feature.shape)) continue;
    const kind = feature.shape === "area" && feature.precision === "waters" ? "waters" : feature.shape;
    const key = `${feature.geometry} ${kind}`;
    const group = sharing.get(key);
    if (group) group.push(feature);
    else sharing.set(key, [feature]);
  }
  const groups = [...sharing].map(([key, members]) => {
    const shape = scene.shapes[/** @type {number} */ (members[0].geometry)];
    return {
      geometry: /** @type {number} */ (members[0].geometry),
      shape,
      kind: key.split(" ")[1],
      features: members,
      colour: sharedColour(scene, members),
      dash: sharedDash(members),
      draft: members.every(({ event }) => event.workflow === "draft"),
      area: shapeArea(shape),
      anchors: anchorsOf(shape),
      label: canvasText(members[0].label ?? "", 40),
    };
  });
  return groups.sort((a, b) => b.area - a.area || a.geometry - b.geometry);
}

/**
 * @param {Scene} scene
 * @param {MapFeature[]} features
 */
function sharedColour(scene, features) {
  const colours = new Set(features.map(({ event }) => symbolOf(scene, event).colour));
  return colours.size === 1 ? [...colours][0] : MIXED_COLOUR;
}

/**
 * A pattern as soon as one event of the shape is contested.
 * @param {MapFeature[]} features
 */
function sharedDash(features) {
  const statuses = new Set(features.map(({ event }) => event.status));
  if (statuses.size === 1) return dashOf([...statuses][0]);
  return [...statuses].some((status) => dashOf(status).length) ? dashOf("disputed") : [];
}

/** @type {Map<string, HTMLCanvasElement>} */
const hatchTiles = new Map();

/**
 * Thin lines to fill an area with: slanting for land, level for airspace and waters.
 * @param {CanvasRenderingContext2D} ctx
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
 * @param {CanvasRenderingContext2D} ctx
 * @param {AreaGroup} group
 * @param {View} view
 * @param {boolean} chosen
 */
function drawArea(ctx, group, view, chosen) {
  const { shape, colour, kind } = group;
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

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {AreaGroup} group
 * @param {number} width
 */
function strokeOutline(ctx, group, width) {
  ctx.lineCap = "butt";
  if (group.dash.length) {
    ctx.strokeStyle = "rgba(255, 255, 255, 0.9)";
    ctx.lineWidth = width;
    ctx.stroke();
  }
  ctx.strokeStyle = group.colour;
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
  const count = new Set(group.features.map(({ event }) => event)).size;
  const number = count > 1 ? String(count) : "";
  if (group.kind !== "area" && group.kind !== "waters") return { name: "", number };
  const words = [group.label && group.draft ? `${group.label} (draft)` : group.label, number];
  return { name: group.label ? words.filter(Boolean).join(" · ") : "", number };
}

/**
 * Points of a group that may stand for it: those on screen first, and among them those not in a smaller area.
 * @param {AreaGroup} group
 * @param {View} view
 * @param {View} visible The part of the view that is on screen.
 * @param {AreaGroup[]} smaller
 * @returns {{points: [number, number][], seen: number}} The first `seen` of them are on screen.
 */
function anchorPoints(group, view, visible, smaller) {
  const turns = turnsTo(view, (group.shape.box[0] + group.shape.box[2]) / 2);
  /** @type {[number, number][]} */
  const open = [];
  /** @type {[number, number][]} */
  const covered = [];
  /** @type {[number, number][]} */
  const outsideView = [];
  for (const [worldx, worldy] of group.anchors) {
    const x = (worldx + turns) * view.scale - view.x0;
    const y = worldy * view.scale - view.y0;
    const seen = x > visible.minX + 12 && x < visible.maxX - 12 && y > visible.minY + 12 && y < visible.maxY - 12;
    const inSmaller = seen && smaller.some(({ shape }) => shapeHolds(shape, worldx, worldy));
    (seen ? (inSmaller ? covered : open) : outsideView).push([x, y]);
  }
  return { points: [...open, ...covered, ...outsideView], seen: open.length + covered.length };
}

/**
 * Label a group where it has room, and say where a click finds it.
 * @param {CanvasRenderingContext2D} ctx
 * @param {AreaGroup} group
 * @param {View} view
 * @param {View} visible
 * @param {TakenSpace} taken
 * @param {AreaGroup[]} smaller
 * @returns {[number, number] | null}
 */
function labelArea(ctx, group, view, visible, taken, smaller) {
  const { points, seen } = anchorPoints(group, view, visible, smaller);
  if (!points.length) return null;
  const onScreen = points.slice(0, seen);
  const { name, number } = areaWords(group);
  ctx.font = `italic 600 11.5px ${MAP_FONT}`;
  const width = ctx.measureText(name).width;
  const room = (group.shape.box[2] - group.shape.box[0]) * view.scale;
  const named = name && width <= Math.max(room * 1.15, 40) && onScreen.find(([x, y]) => taken.isFree(x, y, width + 6, 16));
  if (named) {
    const style = { font: ctx.font, colour: darker(group.colour), haloWidth: 3.5, halo: "rgba(255, 255, 255, 0.92)" };
    haloText(ctx, name, named[0], named[1], style);
    taken.take(named[0], named[1], width + 8, 18);
    return named;
  }
  const at = onScreen.find(([x, y]) => taken.isFree(x, y, 26, 22)) ?? points[0];
  if (number && seen) {
    drawCountChip(ctx, number, at[0], at[1], group.colour);
    taken.take(at[0], at[1], 26, 22);
  }
  return at;
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

/**
 * A colour dark enough to be read as text on the map.
 * @param {string} colour
 */
function darker(colour) {
  const parts = /^#(..)(..)(..)$/.exec(colour);
  if (!parts) return "#1f2933";
  const [r, g, b] = parts.slice(1).map((part) => Math.round(parseInt(part, 16) * 0.55));
  return `rgb(${r}, ${g}, ${b})`;
}
