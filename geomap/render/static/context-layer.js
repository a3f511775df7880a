// @ts-check
// Context layers: areas and lines of somebody else's under the events. They are no events, and count as none.

/**
 * @typedef {{context: Context, label: string}} ContextHit
 */

const CONTEXT_HIT_PIXELS = 5;
const TIP_PIXELS = 28;

/** Of which day a layer is and whose account it gives, as every place says it that names the layer. @param {Context} context */
function contextWords({ edtf, date, credit }) {
  return t("context.as_of", { date: whenText({ title: "", place: "", edtf, when: date }), credit });
}

class ContextMap {
  /**
   * @param {L.Map} map
   * @param {Scene} scene
   */
  constructor(map, scene) {
    this.map = map;
    this.contexts = scene.contexts;
    /** @type {Context[]} */
    this.on = [];
    this.shown = "";
    /** What the map itself says of the layers that are on. */
    this.credits = make("span", "gm-context-credits");
    /** Where a tip was asked for, in pixels of the map. @type {L.Point | null} */
    this.asked = null;
    /** @type {Map<Shape, [number, number][]>} */
    this.anchors = new Map();
    this.layer = new CanvasLayer("geomap-context", 300, (ctx, view) => this.paint(ctx, view));
    if (this.contexts.length) this.layer.addTo(map);
  }

  /** @param {Record<string, boolean>} layers */
  show(layers) {
    this.on = this.contexts.filter(({ id }) => layers[id]);
    const shown = `${speech.lang} ${this.on.map(({ id }) => id).join(" ")}`;
    if (shown === this.shown) return;
    this.shown = shown;
    this.credits.replaceChildren();
    for (const context of this.on) {
      outside(this.credits, `${context.title}: ${contextWords(context)}`, speech.lang);
      this.credits.append(" | ");
    }
    this.layer._update();
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  paint(ctx, view) {
    for (const { shapes, colour } of this.on) for (const shape of shapes) drawContextShape(ctx, shape, colour, view);
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   * @param {TakenSpace} taken
   * @param {{halo: string, town: string}} look
   */
  label(ctx, view, taken, look) {
    const visible = viewOf(this.map);
    for (const { shapes, labels } of this.on) {
      labels.forEach((label, i) => {
        if (!label || !isInView(edgesOf(shapes[i]), view, turnsTo(view, middleOf(shapes[i])))) return;
        this.labelShape(ctx, shapes[i], canvasText(label, 40), look, visible, taken);
      });
    }
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {Shape} shape
   * @param {string} label
   * @param {{halo: string, town: string}} look
   * @param {View} view
   * @param {TakenSpace} taken
   */
  labelShape(ctx, shape, label, look, view, taken) {
    ctx.font = `italic 11px ${MAP_FONT}`;
    const width = ctx.measureText(label).width;
    if (width > Math.max((shape.box[2] - shape.box[0]) * view.scale * 1.1, 24)) return;
    let anchors = this.anchors.get(shape);
    if (!anchors) this.anchors.set(shape, (anchors = anchorsOf(shape)));
    const turns = turnsTo(view, middleOf(shape));
    for (const [worldx, worldy] of anchors) {
      const [x, y] = [(worldx + turns) * view.scale - view.x0, worldy * view.scale - view.y0];
      const isSeen = x - width / 2 > view.minX && x + width / 2 < view.maxX && y > view.minY + 8 && y < view.maxY - 8;
      if (!isSeen || !taken.isFree(x, y, width + 4, 14)) continue;
      haloText(ctx, label, x, y, { font: ctx.font, colour: look.town, halo: look.halo });
      taken.take(x, y, width + 6, 15);
      return;
    }
  }

  /**
   * The shapes at a point of the map, the topmost first.
   * @param {L.Point} point In layer points.
   * @returns {ContextHit[]}
   */
  at(point) {
    const view = viewOf(this.map);
    const reach = CONTEXT_HIT_PIXELS / view.scale;
    return this.on.flatMap((context) => {
      const hit = context.shapes.findIndex((shape) => {
        const [w, n, e, s] = shape.box;
        const x = (point.x + view.x0) / view.scale - turnsTo(view, middleOf(shape));
        const y = (point.y + view.y0) / view.scale;
        if (x < w - reach || x > e + reach || y < n - reach || y > s + reach) return false;
        return shapeHolds(shape, x, y) || distanceToEdges(shape, x, y) <= reach;
      });
      return hit < 0 ? [] : [{ context, label: context.labels[hit] }];
    }).reverse();
  }

  /**
   * Say in the tip what lies at a click where no event is.
   * @param {HTMLElement} tip
   * @param {L.LeafletMouseEvent} click
   */
  tell(tip, { layerPoint, containerPoint }) {
    const found = this.at(layerPoint);
    this.asked = found.length ? containerPoint : null;
    if (!found.length) return;
    tip.replaceChildren(...found.map(({ context, label }) => {
      const part = make("div");
      outside(part.appendChild(make("strong")), canvasText(label ? `${context.title}: ${label}` : context.title, 120));
      outside(part.appendChild(make("div", "gm-faint")), canvasText(contextWords(context), 200), speech.lang);
      return part;
    }));
    tip.hidden = false;
    const { x: width, y: height } = this.map.getSize();
    tip.style.left = `${Math.max(0, Math.min(containerPoint.x + 14, width - 260))}px`;
    tip.style.top = `${Math.max(0, Math.min(containerPoint.y + 16, height - tip.offsetHeight - 8))}px`;
  }

  /**
   * Whether the tip stays that was asked for: as long as the pointer stays about there.
   * @param {L.Point} at In pixels of the map.
   */
  keepsTip(at) {
    if (this.asked && this.asked.distanceTo(at) > TIP_PIXELS) this.asked = null;
    return this.asked !== null;
  }
}

/** @param {Shape} shape */
function middleOf({ box: [w, , e] }) {
  return (w + e) / 2;
}

/** @param {Shape} shape */
function edgesOf({ box: [w, n, e, s] }) {
  return { w, n, e, s };
}

/**
 * Sober: what happened lies on it, and must stand out.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Shape} shape
 * @param {string} colour
 * @param {View} view
 */
function drawContextShape(ctx, shape, colour, view) {
  const turns = turnsTo(view, middleOf(shape));
  if (!isInView(edgesOf(shape), view, turns)) return;
  ctx.save();
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.strokeStyle = ctx.fillStyle = colour;
  if (shape.polygons.length) {
    ctx.beginPath();
    for (const rings of shape.polygons) for (const ring of rings) traceRing(ctx, ring, view, turns, true);
    ctx.globalAlpha = 0.13;
    ctx.fill("evenodd");
    ctx.globalAlpha = 0.75;
    ctx.lineWidth = 1;
    ctx.stroke();
  }
  if (shape.lines.length) {
    ctx.beginPath();
    for (const line of shape.lines) traceRing(ctx, line, view, turns, false);
    ctx.globalAlpha = 0.85;
    ctx.lineWidth = 1.8;
    ctx.stroke();
  }
  ctx.restore();
}
