// @ts-check
// Where somebody went: an arrow between two places that are known, else a stub at the end that is known.

/**
 * @typedef {{row: number, x0: number, y0: number, x1: number, y1: number, stub: boolean, head: boolean, label: string, country: boolean}} Arrow
 */

const STUB_PIXELS = 44;

class MovementPlan {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    /** @type {Arrow[]} */
    this.arrows = scene.movements.map(({ event, from, to, label, country }) => {
      const [start, end] = [from ?? to, to ?? from].map((at) => /** @type {[number, number]} */ (at));
      return {
        row: event, x0: worldX(start[0]), y0: worldY(start[1]), x1: worldX(end[0]), y1: worldY(end[1]),
        stub: from === null || to === null, head: to !== null, label, country,
      };
    });
    /** @type {Map<number, Arrow[]>} */
    this.byRow = new Map();
    for (const arrow of this.arrows) gather(this.byRow, arrow.row, arrow);
  }

  /**
   * The ends of an arrow on screen; a stub keeps its length at every zoom, for nothing is known of its other end.
   * @param {Arrow} arrow
   * @param {View} view
   * @returns {[number, number, number, number]}
   */
  ends(arrow, view) {
    const [x0, y0] = placeOf(view, { x: arrow.x0, y: arrow.y0 });
    if (!arrow.stub) {
      const [x1, y1] = placeOf(view, { x: arrow.x1, y: arrow.y1 });
      return [x0, y0, x1, y1];
    }
    // Its words need room beside it.
    const side = x0 > view.maxX - (view.maxX - view.minX) * 0.25 ? -1 : 1;
    const [dx, dy] = [side * STUB_PIXELS * 0.8, -STUB_PIXELS * 0.6];
    return arrow.head ? [x0 + dx, y0 + dy, x0 + dx * 0.22, y0 + dy * 0.22] : [x0 + dx * 0.22, y0 + dy * 0.22, x0 + dx, y0 + dy];
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {EventFilter} filter
   * @param {View} view
   * @param {Set<number>} marked
   */
  draw(ctx, filter, view, marked) {
    for (const arrow of this.arrows) {
      if (!filter.shows(arrow.row)) continue;
      const status = this.scene.statuses[filter.status[arrow.row]];
      drawArrow(ctx, this.ends(arrow, view), { colour: symbolOf(this.scene, arrow.row).colour, dash: dashOf(status), stub: arrow.stub, wide: marked.has(arrow.row) });
    }
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {EventFilter} filter
   * @param {View} view
   * @param {TakenSpace} taken
   */
  label(ctx, filter, view, taken) {
    for (const arrow of this.arrows) {
      if (!arrow.stub || !filter.shows(arrow.row) || view.zoom < 4) continue;
      const [x0, y0, x1, y1] = this.ends(arrow, view);
      const [x, y] = arrow.head ? [x0, y0] : [x1, y1];
      const text = canvasText(t(`movement.${arrow.head ? "from" : "to"}${arrow.country ? "_country" : ""}`, { place: arrow.label }), 44);
      ctx.font = `italic 11px ${MAP_FONT}`;
      const width = ctx.measureText(text).width;
      const at = x + Math.sign(arrow.head ? x0 - x1 : x1 - x0) * (width / 2 + 4);
      if (!taken.isFree(at, y - 6, width, 13)) continue;
      haloText(ctx, text, at, y - 6, { font: ctx.font, colour: textColour(symbolOf(this.scene, arrow.row).colour) });
      taken.take(at, y - 6, width, 14);
    }
  }

  /**
   * @param {number} row
   * @param {EventFilter} filter
   * @param {View} view
   * @returns {Drawn[]} With `px` in layer points.
   */
  drawn(row, filter, view) {
    if (!filter.shows(row)) return [];
    return (this.byRow.get(row) ?? []).map((arrow) => {
      const [x0, y0, x1, y1] = this.ends(arrow, view);
      const corners = [fromWorld(arrow.x0, arrow.y0), fromWorld(arrow.x1, arrow.y1)];
      const [lons, lats] = [corners.map(([lon]) => lon), corners.map(([, lat]) => lat)];
      return {
        shape: arrow.stub ? "stub" : "line", precision: "line",
        bbox: [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)],
        px: [(x0 + x1) / 2, (y0 + y1) / 2],
      };
    });
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {[number, number, number, number]} ends
 * @param {{colour: string, dash: number[], stub: boolean, wide: boolean}} style
 */
function drawArrow(ctx, [x0, y0, x1, y1], { colour, dash, stub, wide }) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 16) return;
  // Clear of the symbols at its ends, and a little bent, so that two ways do not lie on each other.
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const bend = stub ? 0 : Math.min(40, length * 0.12);
  const [ax, ay] = stub ? [x0, y0] : [x0 + ux * 10, y0 + uy * 10];
  const [bx, by] = stub ? [x1, y1] : [x1 - ux * 11, y1 - uy * 11];
  const [cx, cy] = [(ax + bx) / 2 + uy * bend, (ay + by) / 2 - ux * bend];
  ctx.save();
  ctx.lineCap = "round";
  for (const [stroke, width] of /** @type {[string, number][]} */ ([["rgba(255, 255, 255, 0.85)", wide ? 6 : 4.5], [colour, wide ? 3.2 : 2]])) {
    ctx.strokeStyle = stroke;
    ctx.fillStyle = stroke;
    ctx.lineWidth = width;
    ctx.setLineDash(stroke === colour ? (stub ? [6, 4] : dash) : []);
    ctx.beginPath();
    ctx.moveTo(ax, ay);
    ctx.quadraticCurveTo(cx, cy, bx, by);
    ctx.stroke();
    ctx.setLineDash([]);
    const angle = Math.atan2(by - cy, bx - cx);
    ctx.beginPath();
    for (const [along, aside] of [[0, 0], [-10, 4.6], [-10, -4.6]]) {
      ctx.lineTo(bx + along * Math.cos(angle) - aside * Math.sin(angle), by + along * Math.sin(angle) + aside * Math.cos(angle));
    }
    ctx.closePath();
    if (stroke === colour) ctx.fill();
    else ctx.stroke();
  }
  ctx.restore();
}
