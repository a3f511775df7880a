// @ts-check
// Pins, rings and country labels: all on one canvas.

/**
 * @typedef {{feature: MapFeature, x: number, y: number, dx: number, dy: number, stacked: boolean}} Symbol2d
 * @typedef {{key: string, x: number, y: number, text: string, features: MapFeature[], colour: string, dash: number[], draft: boolean}} Badge
 * @typedef {{symbols: Symbol2d[], stacks: {x: number, y: number, features: MapFeature[]}[], rings: RingGroup[], badges: Badge[]}} PointPlan
 * @typedef {{lon: number, lat: number, x: number, y: number, radius: number, near: boolean, features: MapFeature[], colour: string, note: string, outline: Ring | null}} RingGroup
 */

const GLYPH_SIZE = 6.5;
const MOST_FANNED = 9;
const FAN_RADIUS = 14;
const WIDE_RING_M = 10_000;

/**
 * Gather what shares a place, so that drawing needs only to move it about.
 * @param {Scene} scene
 * @param {MapFeature[]} features
 * @returns {PointPlan}
 */
function planPoints(scene, features) {
  /** @type {Map<string, MapFeature[]>} */
  const places = new Map();
  /** @type {Map<string, MapFeature[]>} */
  const rings = new Map();
  /** @type {Map<string, MapFeature[]>} */
  const badges = new Map();
  for (const feature of features) {
    const { lon, lat, shape } = feature;
    if (lon === null || lat === null || (feature.geometry !== null && !["pin", "ring", "badge"].includes(shape))) continue;
    const at = `${lon.toFixed(4)} ${lat.toFixed(4)}`;
    if (shape === "badge") {
      gather(badges, at, feature);
      continue;
    }
    gather(places, at, feature);
    if (feature.radius_m) gather(rings, `${at} ${feature.radius_m} ${shape}`, feature);
  }
  const plan = /** @type {PointPlan} */ ({ symbols: [], stacks: [], rings: [], badges: [] });
  for (const members of places.values()) fanOut(plan, members);
  plan.rings = [...rings.values()].map((members) => ringOf(scene, members)).sort((a, b) => b.radius - a.radius);
  plan.badges = [...badges].map(([key, members]) => badgeOf(scene, key, members));
  plan.badges.sort((a, b) => b.features.length - a.features.length || (a.key < b.key ? -1 : 1));
  return plan;
}

/**
 * @template K, T
 * @param {Map<K, T[]>} groups
 * @param {K} key
 * @param {T} member
 */
function gather(groups, key, member) {
  const group = groups.get(key);
  if (group) group.push(member);
  else groups.set(key, [member]);
}

/**
 * Spread the symbols of one place in a small circle round it; past a handful they stand as one number.
 * @param {PointPlan} plan
 * @param {MapFeature[]} members
 */
function fanOut(plan, members) {
  const n = members.length;
  const x = worldX(/** @type {number} */ (members[0].lon));
  const y = worldY(/** @type {number} */ (members[0].lat));
  const stacked = n > MOST_FANNED;
  const radius = n === 1 || stacked ? 0 : Math.min(FAN_RADIUS, Math.max(8, (n * 11) / (2 * Math.PI)));
  members.forEach((feature, i) => {
    const angle = -Math.PI / 2 + (2 * Math.PI * i) / n + (n === 2 ? Math.PI / 2 : 0);
    plan.symbols.push({ feature, x, y, dx: radius * Math.cos(angle), dy: radius * Math.sin(angle), stacked });
  });
  if (stacked) plan.stacks.push({ x, y, features: members });
}

/**
 * @param {Scene} scene
 * @param {MapFeature[]} members
 * @returns {RingGroup}
 */
function ringOf(scene, members) {
  const [{ lon, lat, radius_m: radius, shape }] = members;
  const notes = new Set(members.map(({ note }) => note ?? "").filter(Boolean));
  return {
    lon: /** @type {number} */ (lon),
    lat: /** @type {number} */ (lat),
    x: worldX(/** @type {number} */ (lon)),
    y: worldY(/** @type {number} */ (lat)),
    radius: /** @type {number} */ (radius),
    near: shape === "ring",
    features: members,
    colour: sharedColour(scene, members),
    note: /** @type {number} */ (radius) >= WIDE_RING_M ? canvasText([...notes].join(" · "), 48) : "",
    outline: null,
  };
}

/**
 * What a label says: the country, even where some of its events name an unknown place in it.
 * @param {MapFeature[]} members
 */
function countryOf(members) {
  const labels = members.map(({ label }) => label ?? "");
  return labels.reduce((shortest, label) => (label && label.length < shortest.length ? label : shortest), labels[0]);
}

/**
 * @param {Scene} scene
 * @param {string} key
 * @param {MapFeature[]} members
 * @returns {Badge}
 */
function badgeOf(scene, key, members) {
  const count = new Set(members.map(({ event }) => event)).size;
  return {
    key,
    x: worldX(/** @type {number} */ (members[0].lon)),
    y: worldY(/** @type {number} */ (members[0].lat)),
    text: `${canvasText(countryOf(members) || "Country", 32)} · ${count}`,
    features: members,
    colour: sharedColour(scene, members),
    dash: sharedDash(members),
    draft: members.every(({ event }) => event.workflow === "draft"),
  };
}

/** @param {RingGroup} ring */
function outlineOf(ring) {
  return (ring.outline ??= makeRing(geodesicCircle(ring.lon, ring.lat, ring.radius)));
}

/**
 * Radius of a ring on screen, in pixels.
 * @param {RingGroup} ring
 * @param {View} view
 */
function ringPixels(ring, view) {
  const stretch = Math.cos((ring.lat * Math.PI) / 180);
  return ((ring.radius / (2 * Math.PI * EARTH_RADIUS_M)) * view.scale) / Math.max(stretch, 0.01);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {RingGroup} ring
 * @param {View} view
 * @param {boolean} chosen
 */
function drawRing(ctx, ring, view, chosen) {
  const pixels = ringPixels(ring, view);
  if (!ring.near && pixels <= GLYPH_SIZE + 3) return;
  const [x, y] = placeOf(view, ring);
  // Twice the radius: far north a ring is wider on the map than its middle says.
  const reach = 2 * pixels + 13;
  if (x < view.minX - reach || x > view.maxX + reach || y < view.minY - reach || y > view.maxY + reach) return;
  ctx.save();
  ctx.beginPath();
  if (pixels < 13) ctx.arc(x, y, 13, 0, 7);
  else traceRing(ctx, outlineOf(ring), view, turnsTo(view, ring.x), true);
  if (ring.near) {
    ctx.fillStyle = ring.colour;
    ctx.globalAlpha = chosen ? 0.26 : 0.15;
    ctx.fill();
    ctx.globalAlpha = 1;
  }
  ctx.strokeStyle = "rgba(255, 255, 255, 0.7)";
  ctx.lineWidth = ring.near ? 3.4 : 2.6;
  ctx.stroke();
  ctx.strokeStyle = ring.colour;
  ctx.lineWidth = (ring.near ? 1.8 : 1) + (chosen ? 1 : 0);
  ctx.setLineDash(sharedDash(ring.features));
  ctx.stroke();
  ctx.restore();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {RingGroup} ring
 * @param {View} view
 * @param {TakenSpace} taken
 */
function drawRingNote(ctx, ring, view, taken) {
  const pixels = ringPixels(ring, view);
  if (!ring.note || pixels < 26) return;
  const outline = outlineOf(ring);
  const [x] = placeOf(view, ring);
  ctx.font = `italic 11px ${MAP_FONT}`;
  const width = ctx.measureText(ring.note).width;
  for (const y of [outline.s * view.scale - view.y0 + 9, outline.n * view.scale - view.y0 - 9]) {
    if (!taken.isFree(x, y, width, 14)) continue;
    haloText(ctx, ring.note, x, y, { font: ctx.font, colour: darker(ring.colour) });
    taken.take(x, y, width + 6, 16);
    return;
  }
}

/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();

/**
 * The finished picture of a symbol; the same few serve any number of points.
 * @param {TypeSymbol} symbol
 * @param {MapFeature} feature
 */
function spriteOf(symbol, feature) {
  const style = feature.shape === "pin" ? "pin" : "hollow";
  const { status, workflow } = feature.event;
  const ratio = window.devicePixelRatio || 1;
  const key = [symbol.glyph, symbol.colour, style, status, workflow === "draft", ratio].join(" ");
  let sprite = sprites.get(key);
  if (!sprite) {
    sprite = smallCanvas(40, 40, (ctx) => {
      drawStatusMark(ctx, status, GLYPH_SIZE);
      if (status === "denied" || status === "retracted") ctx.globalAlpha = 0.65;
      drawGlyph(ctx, symbol, style === "pin" ? GLYPH_SIZE : GLYPH_SIZE - 1, style);
      ctx.globalAlpha = 1;
      if (workflow === "draft") drawDraftMark(ctx);
    });
    sprites.set(key, sprite);
  }
  return sprite;
}

/** @param {CanvasRenderingContext2D} ctx */
function drawDraftMark(ctx) {
  haloText(ctx, "draft", 0, 14, { font: `italic 600 9.5px ${MAP_FONT}`, colour: "#7c2d12", halo: "#ffffff" });
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
 * @param {Scene} scene
 * @param {PointPlan} plan
 * @param {View} view
 * @param {MapEvent | null} chosen
 * @param {TakenSpace} taken
 */
function drawPoints(ctx, scene, plan, view, chosen, taken) {
  for (const ring of plan.rings) drawRing(ctx, ring, view, ring.features.some(({ event }) => event === chosen));
  /** @type {Symbol2d[]} */
  const fanned = [];
  const near = plan.symbols.filter((symbol) => {
    const [x, y] = placeOf(view, symbol);
    const visible = x > view.minX - 20 && x < view.maxX + 20 && y > view.minY - 20 && y < view.maxY + 20;
    if (visible && (symbol.dx || symbol.dy)) fanned.push(symbol);
    return visible;
  });
  drawLeaders(ctx, fanned, view);
  for (const symbol of near) {
    if (symbol.stacked) continue;
    const [x, y] = placeOf(view, symbol);
    if (symbol.feature.event === chosen) drawChosenMark(ctx, x, y);
    ctx.drawImage(spriteOf(symbolOf(scene, symbol.feature.event), symbol.feature), x - 20, y - 20, 40, 40);
    if (near.length < 3000) taken.take(x, y, 20, 20);
  }
  for (const stack of plan.stacks) {
    const [x, y] = placeOf(view, stack);
    if (stack.features.some(({ event }) => event === chosen)) drawChosenMark(ctx, x, y);
    drawCountChip(ctx, String(stack.features.length), x, y, sharedColour(scene, stack.features));
    taken.take(x, y, 28, 22);
  }
  for (const ring of plan.rings) drawRingNote(ctx, ring, view, taken);
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
 */
function drawChosenMark(ctx, x, y) {
  ctx.beginPath();
  ctx.arc(x, y, GLYPH_SIZE + 7.5, 0, 2 * Math.PI);
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = 5;
  ctx.stroke();
  ctx.strokeStyle = "#1f2933";
  ctx.lineWidth = 2;
  ctx.stroke();
}

// How far a country label may move to keep clear of another: not so far that it names a neighbour.
const BADGE_MOVES = [0, 24, -24, 13, -13, 37, -37];

/**
 * Where the country labels stand: at their place, or a little above or below where one would cover
 * another or a symbol.
 * @param {CanvasRenderingContext2D} ctx
 * @param {PointPlan} plan Of its labels, the one with most events is placed first.
 * @param {View} view
 * @param {View} visible The part of the view that is on screen.
 * @returns {{badge: Badge, x: number, y: number, width: number}[]}
 */
function placeBadges(ctx, plan, view, visible) {
  const space = new TakenSpace();
  for (const symbol of plan.symbols.length < 500 ? plan.symbols : []) space.take(...placeOf(view, symbol), 15, 15);
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
 * @param {{badge: Badge, x: number, y: number, width: number}} placed
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
  ctx.fillText(badge.draft ? `${badge.text} draft` : badge.text, x, y + 0.5);
}
