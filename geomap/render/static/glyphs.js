// @ts-check
// The type symbols, drawn on canvas; the shape alone tells the types apart.

/** @typedef {"pin" | "hollow"} GlyphStyle */

/** Pixels of a canvas to one of the page; paper wants more of them than most screens have. */
const sharpness = { least: 1 };

function pixelRatio() {
  return Math.max(sharpness.least, window.devicePixelRatio || 1);
}

/**
 * @param {number} corners
 * @param {number} radius
 * @param {number} turn
 * @param {number} [inner] Radius of the corners between, for stars.
 */
function cornersOf(corners, radius, turn, inner) {
  const count = inner ? corners * 2 : corners;
  return Array.from({ length: count }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / count;
    const reach = inner && i % 2 ? inner : radius;
    return [Math.cos(angle) * reach, Math.sin(angle) * reach];
  });
}

const UP = -Math.PI / 2;
const PLUS = [
  [-0.4, -1.1], [0.4, -1.1], [0.4, -0.4], [1.1, -0.4], [1.1, 0.4], [0.4, 0.4],
  [0.4, 1.1], [-0.4, 1.1], [-0.4, 0.4], [-1.1, 0.4], [-1.1, -0.4], [-0.4, -0.4],
];

/**
 * Outlines for a glyph of half-size 1; a null means a circle.
 * @type {Record<string, number[][] | null>}
 */
const GLYPH_OUTLINES = {
  __proto__: null, // so that no name but these is known
  square: cornersOf(4, 1.22, Math.PI / 4),
  square_open: cornersOf(4, 1.22, Math.PI / 4),
  triangle: cornersOf(3, 1.22, UP),
  triangle_down: cornersOf(3, 1.22, -UP),
  diamond: [[0, -1.4], [0.98, 0], [0, 1.4], [-0.98, 0]],
  diamond_open: cornersOf(4, 1.25, UP),
  pentagon: cornersOf(5, 1.12, UP),
  hourglass: [[-1.05, -1.15], [1.05, -1.15], [0.3, 0], [1.05, 1.15], [-1.05, 1.15], [-0.3, 0]],
  star: cornersOf(5, 1.3, UP, 0.58),
  chevron: [[0, -1.1], [1.1, 0.35], [1.1, 1.15], [0, 0.15], [-1.1, 1.15], [-1.1, 0.35]],
  cross: PLUS.map(([x, y]) => [(x - y) * Math.SQRT1_2 * 1.1, (x + y) * Math.SQRT1_2 * 1.1]),
  plus: PLUS,
  bar: [[-1.25, -0.5], [1.25, -0.5], [1.25, 0.5], [-1.25, 0.5]],
  circle: null,
  ring: null,
  dot: null,
};

// By it a light colour stands out from light land and sea; the white halo does so from dark ones.
const GLYPH_EDGE = "rgba(20, 28, 36, 0.7)";
const OPEN_GLYPHS = new Set(["square_open", "diamond_open", "ring"]);

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} glyph
 * @param {number} size Half-size in pixels.
 */
function traceGlyph(ctx, glyph, size) {
  const outline = GLYPH_OUTLINES[glyph];
  ctx.beginPath();
  if (!outline) {
    ctx.arc(0, 0, glyph === "dot" ? size * 0.65 : size, 0, 2 * Math.PI);
  } else {
    outline.forEach(([x, y], i) => (i ? ctx.lineTo(x * size, y * size) : ctx.moveTo(x * size, y * size)));
    ctx.closePath();
  }
}

/**
 * Draw a type symbol round the origin: white halo, then the symbol.
 * @param {CanvasRenderingContext2D} ctx
 * @param {TypeSymbol} symbol
 * @param {number} size
 * @param {GlyphStyle} style `hollow` for a place that is only near.
 */
function drawGlyph(ctx, symbol, size, style) {
  ctx.lineJoin = "round";
  traceGlyph(ctx, symbol.glyph, size);
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = 4;
  ctx.stroke();
  const open = OPEN_GLYPHS.has(symbol.glyph);
  ctx.fillStyle = style === "hollow" || open ? "#ffffff" : symbol.colour;
  ctx.fill();
  ctx.strokeStyle = style === "hollow" ? darker(symbol.colour) : open ? symbol.colour : GLYPH_EDGE;
  ctx.lineWidth = style === "hollow" ? 1.4 : open ? 2.6 : 0.8;
  ctx.stroke();
}

const SVG = "http://www.w3.org/2000/svg";

/** @type {Map<string, SVGSVGElement>} */
const icons = new Map();

/**
 * A type symbol as an element, for lists and buttons.
 * @param {TypeSymbol} symbol
 * @param {number} [size] In pixels.
 */
function glyphIcon(symbol, size = 18) {
  const key = `${symbol.glyph} ${symbol.colour} ${size}`;
  let icon = icons.get(key);
  if (!icon) {
    icon = document.createElementNS(SVG, "svg");
    const half = 1.75;
    const attributes = { class: "gm-glyph", width: size, height: size, viewBox: `${-half} ${-half} ${2 * half} ${2 * half}`, "aria-hidden": "true" };
    for (const [name, value] of Object.entries(attributes)) icon.setAttribute(name, String(value));
    const outline = GLYPH_OUTLINES[symbol.glyph];
    const shape = document.createElementNS(SVG, outline ? "polygon" : "circle");
    if (outline) shape.setAttribute("points", outline.map(([x, y]) => `${x.toFixed(3)},${y.toFixed(3)}`).join(" "));
    else shape.setAttribute("r", symbol.glyph === "dot" ? "0.65" : "1");
    const open = OPEN_GLYPHS.has(symbol.glyph);
    shape.setAttribute("fill", open ? "#ffffff" : symbol.colour);
    shape.setAttribute("stroke", open ? symbol.colour : GLYPH_EDGE);
    shape.setAttribute("stroke-width", open ? "0.42" : "0.14");
    icon.append(shape);
    icons.set(key, icon);
  }
  return /** @type {SVGSVGElement} */ (icon.cloneNode(true));
}

/**
 * How the outline of a status is drawn: the pattern, not the colour, tells it.
 * @param {string} status
 * @returns {number[]}
 */
function dashOf(status) {
  if (status === "disputed") return [5, 3];
  if (status === "denied" || status === "retracted") return [1.5, 3];
  return [];
}

/**
 * The mark of a status round a symbol at the origin; nothing for an undisputed one.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} status
 * @param {number} size
 */
function drawStatusMark(ctx, status, size) {
  const dash = dashOf(status);
  if (!dash.length) return;
  ctx.save();
  ctx.strokeStyle = "#ffffff";
  ctx.lineWidth = 3.4;
  ctx.beginPath();
  ctx.arc(0, 0, size + 5, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.strokeStyle = "#1f2933";
  ctx.lineWidth = 1.5;
  ctx.setLineDash(status === "disputed" ? [4, 3] : [1.5, 2.5]);
  ctx.stroke();
  if (status !== "disputed") {
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(-size - 3, size + 3);
    ctx.lineTo(size + 3, -size - 3);
    ctx.stroke();
  }
  ctx.restore();
}

/**
 * A canvas to hold a small drawing, sharp on this screen; its origin lies in the middle.
 * @param {number} width
 * @param {number} height
 * @param {(ctx: CanvasRenderingContext2D) => void} draw
 */
function smallCanvas(width, height, draw) {
  const ratio = pixelRatio();
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  canvas.setAttribute("aria-hidden", "true");
  const ctx = canvas.getContext("2d");
  if (ctx) {
    ctx.setTransform(ratio, 0, 0, ratio, (width / 2) * ratio, (height / 2) * ratio);
    draw(ctx);
  }
  return canvas;
}
