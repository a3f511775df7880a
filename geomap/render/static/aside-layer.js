// @ts-check
// Places that do not locate their event: what it was for, and what is only mentioned. Drawn for who asks to see
// them, hollow and grey, with the word of their part; nothing counts them.

/**
 * @typedef {{x: number, y: number, members: number[]}} AsideMark
 * @typedef {{box: [number, number, number, number], members: number[]}} AsideLabel
 * @typedef {{rows: number[], also: number[], cluster: Cluster | null}} FoundEvents
 */

const ASIDE_DASH = [3, 2.6];
const ASIDE_SIZE = 6;
const ASIDE_CELL = 13;
const MOST_ASIDE_LABELS = 80;
const ASIDE_MOVES = [0, 26, -26, 52, -52];

class AsideMap {
  /**
   * @param {L.Map} map
   * @param {Scene} scene
   * @param {EventFilter} filter
   * @param {EventMap} eventMap
   */
  constructor(map, scene, filter, eventMap) {
    this.map = map;
    this.scene = scene;
    this.filter = filter;
    this.eventMap = eventMap;
    this.isOn = false;
    /** @type {AsideMark[]} */
    this.marks = [];
    /** @type {AsideLabel[]} */
    this.labels = [];
    /** @type {Map<number, [number, number][]>} */
    this.anchors = new Map();
    this.layer = new CanvasLayer("geomap-asides", 395, (ctx, view) => this.paint(ctx, view));
    if (scene.asides.count) this.layer.addTo(map);
  }

  /** Draw those of the events that the filter shows now. @param {boolean} isOn */
  show(isOn) {
    if (!isOn && !this.isOn) return;
    this.isOn = isOn;
    this.layer._update();
  }

  /**
   * The asides that are drawn now, by what they are drawn as.
   * @param {(shape: string) => boolean} isOf
   */
  drawnOf(isOf) {
    const { asides, shapes } = this.scene;
    const wanted = shapes.map(isOf);
    /** @type {number[]} */
    const found = [];
    for (let i = 0; i < asides.count; i++) {
      if (wanted[asides.shape[i]] && this.filter.shows(asides.event[i])) found.push(i);
    }
    return found;
  }

  /** The areas and lines, each with those who share it. */
  outlines() {
    /** @type {Map<number, number[]>} */
    const groups = new Map();
    for (const i of this.drawnOf(isWide)) gather(groups, this.scene.asides.geometry[i], i);
    return groups;
  }

  /** @param {number[]} members */
  isMarked(members) {
    return members.some((i) => this.eventMap.marked.has(this.scene.asides.event[i]));
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  paint(ctx, view) {
    this.marks = [];
    this.labels = [];
    if (!this.isOn) return;
    ctx.save();
    ctx.lineJoin = "round";
    for (const [geometry, members] of this.outlines()) this.drawOutline(ctx, this.scene.shapesDrawn[geometry], view, this.isMarked(members));
    this.marks = this.gatherMarks(view);
    for (const mark of this.marks) this.drawMark(ctx, mark, view);
    ctx.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Shape} shape
   * @param {View} view
   * @param {boolean} isMarked
   */
  drawOutline(ctx, shape, view, isMarked) {
    const turns = turnsTo(view, middleOf(shape));
    if (!isInView(edgesOf(shape), view, turns)) return;
    ctx.beginPath();
    for (const rings of shape.polygons) for (const ring of rings) traceRing(ctx, ring, view, turns, true);
    for (const line of shape.lines) traceRing(ctx, line, view, turns, false);
    strokeAside(ctx, isMarked ? 2.6 : 1.5);
  }

  /**
   * Points that would cover each other as one mark.
   * @param {View} view
   * @returns {AsideMark[]}
   */
  gatherMarks(view) {
    const { asides } = this.scene;
    /** @type {Map<string, number[]>} */
    const cells = new Map();
    for (const i of this.drawnOf((shape) => shape === "pin" || shape === "ring")) {
      const [x, y] = placeOf(view, { x: asides.x[i], y: asides.y[i] });
      if (x < view.minX || x > view.maxX || y < view.minY || y > view.maxY) continue;
      // Cells are tied to the ground, so that nothing regroups when the map is moved.
      gather(cells, `${Math.floor((x + view.x0) / ASIDE_CELL)} ${Math.floor((y + view.y0) / ASIDE_CELL)}`, i);
    }
    return [...cells.values()].map((members) => {
      const [x, y] = placeOf(view, { x: asides.x[members[0]], y: asides.y[members[0]] });
      return { x, y, members };
    });
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {AsideMark} mark
   * @param {View} view
   */
  drawMark(ctx, { x, y, members }, view) {
    const { asides } = this.scene;
    const isMarked = this.isMarked(members);
    const widest = members.reduce((best, i) => (asides.radius[i] > asides.radius[best] ? i : best), members[0]);
    const ring = { lon: asides.lon[widest], lat: asides.lat[widest], radius: asides.radius[widest] };
    const pixels = ringPixels(/** @type {RingShape} */ (/** @type {unknown} */ (ring)), view);
    if (pixels > ASIDE_SIZE + 8) {
      ctx.beginPath();
      traceRing(ctx, makeRing(geodesicCircle(ring.lon, ring.lat, ring.radius)), view, turnsTo(view, asides.x[widest]), true);
      strokeAside(ctx, 1);
    }
    ctx.beginPath();
    ctx.arc(x, y, ASIDE_SIZE, 0, 2 * Math.PI);
    ctx.fillStyle = GROUND.halo;
    ctx.globalAlpha = 0.6;
    ctx.fill();
    ctx.globalAlpha = 1;
    strokeAside(ctx, isMarked ? 2.6 : 1.6);
  }

  /**
   * What stands on the map in words: who is drawn as a label only, then the name and part of the rest.
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   * @param {TakenSpace} taken
   */
  label(ctx, view, taken) {
    this.labels = [];
    if (!this.isOn) return;
    const { asides } = this.scene;
    const visible = viewOf(this.map);
    /** @type {Map<string, number[]>} */
    const badges = new Map();
    for (const i of this.drawnOf((shape) => shape === "badge")) gather(badges, `${asides.x[i]} ${asides.y[i]}`, i);
    for (const members of badges.values()) this.drawBadge(ctx, members, view, taken);
    for (const { x, y } of this.marks) taken.take(x, y, 2 * ASIDE_SIZE + 2, 2 * ASIDE_SIZE + 2);
    for (const { x, y, members } of this.marks.slice(0, MOST_ASIDE_LABELS)) {
      this.write(ctx, members, [[x, y, 1], [x, y, -1]], visible, taken);
    }
    for (const [geometry, members] of this.outlines()) {
      const shape = this.scene.shapesDrawn[geometry];
      let anchors = this.anchors.get(geometry);
      if (!anchors) this.anchors.set(geometry, (anchors = anchorsOf(shape)));
      const turns = turnsTo(view, middleOf(shape));
      this.write(ctx, members, anchors.map(([x, y]) => [(x + turns) * view.scale - view.x0, y * view.scale - view.y0, 0]), visible, taken);
    }
  }

  /**
   * The place and its part, `Warsaw (mentioned)`.
   * @param {number[]} members
   */
  wordsOf(members) {
    const { asides, words } = this.scene;
    const distinct = (/** @type {string[]} */ texts) => [...new Set(texts)];
    const names = distinct(members.map((i) => words.place[asides.place[i]]?.[0] ?? ""));
    const roles = distinct(members.map((i) => word("role", words.role[asides.role[i]])));
    const name = names.length > 1 ? t("aside.places", { n: names.length }) : canvasText(names[0] || t("place.unnamed"), 32);
    return t("aside.label", { place: name, role: roles.join(", ") });
  }

  /**
   * Write where there is room for it.
   * @param {CanvasRenderingContext2D} ctx
   * @param {number[]} members
   * @param {number[][]} places Layer points; a third number is the side of the point to write on, 0 over it.
   * @param {View} visible
   * @param {TakenSpace} taken
   */
  write(ctx, members, places, visible, taken) {
    const text = this.wordsOf(members);
    ctx.font = `italic 11px ${MAP_FONT}`;
    const width = ctx.measureText(text).width;
    for (const [px, y, side] of places) {
      const x = px + side * (width / 2 + ASIDE_SIZE + 4);
      const isSeen = x - width / 2 > visible.minX && x + width / 2 < visible.maxX && y > visible.minY + 6 && y < visible.maxY - 6;
      if (!isSeen || !taken.isFree(x, y, width, 12)) continue;
      haloText(ctx, text, x, y, { font: ctx.font, colour: GROUND.town, halo: GROUND.halo });
      taken.take(x, y, width + 6, 15);
      this.labels.push({ box: [x - width / 2, y - 8, x + width / 2, y + 8], members });
      return;
    }
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {number[]} members
   * @param {View} view
   * @param {TakenSpace} taken
   */
  drawBadge(ctx, members, view, taken) {
    const { asides } = this.scene;
    const text = this.wordsOf(members);
    ctx.font = `600 11px ${MAP_FONT}`;
    const width = ctx.measureText(text).width + 14;
    const [x, middle] = placeOf(view, { x: asides.x[members[0]], y: asides.y[members[0]] });
    const y = middle + (ASIDE_MOVES.find((move) => taken.isFree(x, middle + move, width, 22)) ?? 0);
    ctx.beginPath();
    ctx.roundRect(x - width / 2, y - 10, width, 20, 4);
    ctx.fillStyle = GROUND.halo;
    ctx.fill();
    strokeAside(ctx, this.isMarked(members) ? 2.4 : 1.3);
    ctx.fillStyle = GROUND.town;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y + 0.5);
    taken.take(x, y, width, 22);
    this.labels.push({ box: [x - width / 2, y - 10, x + width / 2, y + 10], members });
  }

  /**
   * Events at a point of the map with those whose asides are there: after symbols, before what is wide.
   * @param {L.Point} point In layer points.
   * @param {FoundEvents} found
   * @returns {FoundEvents}
   */
  join(point, found) {
    const own = this.rowsAt(point);
    if (!own.length) return found;
    const isOnSymbol = this.eventMap.symbolsAt(point, viewOf(this.map)).length > 0;
    const [rows, below] = isOnSymbol ? [found.rows, own] : [own, found.rows];
    const also = [...below, ...found.also].filter((row) => !rows.includes(row));
    return { rows, also: [...new Set(also)], cluster: found.cluster };
  }

  /**
   * Events whose marks, words or outlines are at a point.
   * @param {L.Point} point
   * @returns {number[]}
   */
  rowsAt(point) {
    if (!this.isOn) return [];
    const view = viewOf(this.map);
    const marks = this.marks.filter(({ x, y }) => Math.hypot(point.x - x, point.y - y) <= HIT_PIXELS);
    const labels = this.labels.filter(({ box: [w, n, e, s] }) => point.x >= w && point.x <= e && point.y >= n && point.y <= s);
    const members = [...marks, ...labels].flatMap((own) => own.members);
    const y = (point.y + view.y0) / view.scale;
    for (const [geometry, own] of this.outlines()) {
      const shape = this.scene.shapesDrawn[geometry];
      const x = (point.x + view.x0) / view.scale - turnsTo(view, middleOf(shape));
      const reach = 7 / view.scale;
      const [w, n, e, s] = shape.box;
      const isNear = x >= w - reach && x <= e + reach && y >= n - reach && y <= s + reach;
      // Hollow: what lies within it is not meant.
      if (isNear && distanceToEdges(shape, x, y) <= reach) members.push(...own);
    }
    return [...new Set(members.map((i) => this.scene.asides.event[i]))];
  }
}

/** @param {string} shape */
function isWide(shape) {
  return shape === "area" || shape === "line" || shape === "stub";
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} width
 * @param {{halo: string, town: string}} [look] The ground's own by default.
 */
function strokeAside(ctx, width, look = GROUND) {
  ctx.setLineDash([]);
  ctx.strokeStyle = look.halo;
  ctx.lineWidth = width + 1.8;
  ctx.stroke();
  ctx.strokeStyle = look.town;
  ctx.lineWidth = width;
  ctx.setLineDash(ASIDE_DASH);
  ctx.stroke();
  ctx.setLineDash([]);
}
