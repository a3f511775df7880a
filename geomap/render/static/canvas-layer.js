// @ts-check
// One canvas in its own pane; Leaflet's renderer base moves and scales it with the map.

/**
 * @typedef {{scale: number, x0: number, y0: number, minX: number, minY: number, maxX: number, maxY: number, zoom: number, centreX: number}} View
 * @typedef {(ctx: CanvasRenderingContext2D, view: View) => void} Paint
 * @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Pen
 * @typedef {() => string | null} Told Says all that the painting depends on but the view; null where it cannot.
 */

const MAP_FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif';

/** What the marks are drawn on. */
const surface = { isDark: false };

/**
 * A colour moved towards white by a share, or towards black by a negative one.
 * @param {string} colour
 * @param {number} share
 */
function shaded(colour, share) {
  const parts = /^#(..)(..)(..)$/.exec(colour);
  if (!parts) return share > 0 ? "#ffffff" : "#1f2933";
  const end = share > 0 ? 255 : 0;
  const [r, g, b] = parts.slice(1).map((part) => Math.round(parseInt(part, 16) * (1 - Math.abs(share)) + end * Math.abs(share)));
  return `rgb(${r}, ${g}, ${b})`;
}

/**
 * A colour dark enough to be read as text on a light ground.
 * @param {string} colour
 */
function darker(colour) {
  return shaded(colour, -0.45);
}

/**
 * A colour that can be read as text on the surface.
 * @param {string} colour
 */
function textColour(colour) {
  return surface.isDark ? shaded(colour, 0.6) : darker(colour);
}

/**
 * A colour that can be made out as a line or fill on the surface.
 * @param {string} colour
 */
function lineColour(colour) {
  return surface.isDark ? shaded(colour, 0.35) : colour;
}

/** What keeps marks apart from the ground. */
function haloColour() {
  return surface.isDark ? "rgba(22, 29, 36, 0.92)" : "rgba(255, 255, 255, 0.92)";
}

/**
 * Where world units fall on the screen, in Leaflet's layer points.
 * @param {L.Map} map
 * @param {L.Bounds} [bounds] In layer points; the visible map by default.
 * @returns {View}
 */
function viewOf(map, bounds) {
  const origin = map.getPixelOrigin();
  const zoom = map.getZoom();
  const size = map.getSize();
  const min = bounds?.min ?? map.containerPointToLayerPoint([0, 0]);
  const max = bounds?.max ?? map.containerPointToLayerPoint([size.x, size.y]);
  return {
    scale: 256 * 2 ** zoom, x0: origin.x, y0: origin.y, minX: min.x, minY: min.y, maxX: max.x, maxY: max.y,
    zoom, centreX: worldX(map.getCenter().lng),
  };
}

class CanvasLayer extends L.Renderer {
  /**
   * @param {string} pane
   * @param {number} zIndex
   * @param {Paint} paint
   * @param {Told} [tell] What is painted already, and would be painted the same again, stays.
   */
  constructor(pane, zIndex, paint, tell = () => null) {
    super({ pane, padding: 0.15 });
    this.paneName = pane;
    this.zIndex = zIndex;
    this.paint = paint;
    this.tell = tell;
    /** What stands on the canvas now. @type {string | null} */
    this.painted = null;
  }

  /** @param {L.Map} map */
  beforeAdd(map) {
    const pane = map.getPane(this.paneName) ?? map.createPane(this.paneName);
    pane.style.zIndex = String(this.zIndex);
    pane.style.pointerEvents = "none";
    return this;
  }

  _initContainer() {
    this._container = document.createElement("canvas");
    this._container.setAttribute("aria-hidden", "true");
    this.painted = null;
  }

  _destroyContainer() {
    this._container?.remove();
    this._container = undefined;
  }

  _updatePaths() {}

  _update() {
    const map = this._map;
    const canvas = this._container;
    if (!map || !canvas) return;
    super._update();
    const size = this._bounds.getSize();
    const ratio = pixelRatio();
    const min = /** @type {L.Point} */ (this._bounds.min);
    L.DomUtil.setPosition(canvas, min);
    const [width, height] = [Math.round(size.x * ratio), Math.round(size.y * ratio)];
    const view = viewOf(map, this._bounds);
    const told = this.tell();
    const painted = told === null ? null : [told, width, height, ...Object.values(view), surface.isDark].join(" ");
    if (painted !== null && painted === this.painted) return;
    this.painted = painted;
    const ctx = canvas.getContext("2d");
    if (!ctx) return;
    // Setting a size makes a new canvas, which costs more than wiping the old one.
    if (canvas.width !== width || canvas.height !== height) {
      [canvas.width, canvas.height] = [width, height];
      canvas.style.width = `${size.x}px`;
      canvas.style.height = `${size.y}px`;
    } else {
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.clearRect(0, 0, width, height);
    }
    ctx.setTransform(ratio, 0, 0, ratio, -min.x * ratio, -min.y * ratio);
    this.paint(ctx, view);
  }
}

/**
 * Add a ring to the current path, leaving out steps too small to see.
 * @param {Pen} ctx
 * @param {Ring} ring
 * @param {View} view
 * @param {number} turns
 * @param {boolean} closed
 */
function traceRing(ctx, ring, view, turns, closed) {
  const { xy } = ring;
  const { scale, x0, y0 } = view;
  let [px, py] = [Infinity, Infinity];
  for (let i = 0; i < xy.length; i += 2) {
    const x = (xy[i] + turns) * scale - x0;
    const y = xy[i + 1] * scale - y0;
    if (i === 0) ctx.moveTo(x, y);
    else if (Math.abs(x - px) + Math.abs(y - py) < 0.7 && i + 2 < xy.length) continue;
    else ctx.lineTo(x, y);
    [px, py] = [x, y];
  }
  if (closed) ctx.closePath();
}

/**
 * @param {{w: number, n: number, e: number, s: number}} box
 * @param {View} view
 * @param {number} turns
 */
function isInView({ w, n, e, s }, view, turns) {
  const { scale, x0, y0 } = view;
  return (
    (e + turns) * scale - x0 >= view.minX - 20 &&
    (w + turns) * scale - x0 <= view.maxX + 20 &&
    s * scale - y0 >= view.minY - 20 &&
    n * scale - y0 <= view.maxY + 20
  );
}

/**
 * Text with a halo; x and y are its middle.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {{font: string, colour: string, halo?: string, align?: CanvasTextAlign, haloWidth?: number}} style
 */
function haloText(ctx, text, x, y, style) {
  ctx.font = style.font;
  ctx.textAlign = style.align ?? "center";
  ctx.textBaseline = "middle";
  ctx.lineJoin = "round";
  ctx.lineWidth = style.haloWidth ?? 3;
  ctx.strokeStyle = style.halo ?? haloColour();
  ctx.strokeText(text, x, y);
  ctx.fillStyle = style.colour;
  ctx.fillText(text, x, y);
}

/** Widths by font and text: most words are drawn again and again. @type {Map<string, Map<string, number>>} */
const knownWidths = new Map();
const MOST_WIDTHS = 4000;

/**
 * How wide a text is in a font, in pixels.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} font
 * @param {string} text
 */
function textWidth(ctx, font, text) {
  const known = knownWidths.get(font) ?? new Map();
  let width = known.get(text);
  if (width === undefined) {
    ctx.font = font;
    width = ctx.measureText(text).width;
    if (known.size >= MOST_WIDTHS) known.clear();
    knownWidths.set(font, known.set(text, width));
  }
  return width;
}

/** Boxes already taken on the map, so that labels keep clear of them. */
class TakenSpace {
  constructor() {
    /** @type {[number, number, number, number][]} */
    this.boxes = [];
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  isFree(x, y, width, height) {
    return this.boxes.every(
      ([w, n, e, s]) => x + width / 2 < w || x - width / 2 > e || y + height / 2 < n || y - height / 2 > s,
    );
  }

  /**
   * Take a box round x, y.
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  take(x, y, width, height) {
    this.boxes.push([x - width / 2, y - height / 2, x + width / 2, y + height / 2]);
  }
}
