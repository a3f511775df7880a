// @ts-check
// What the signs mean, whose borders are drawn, and where the data come from.

const LEGEND_KINDS = ["pin", "ring", "area", "waters", "line", "badge", "stub"];

/**
 * @param {(ctx: CanvasRenderingContext2D) => void} draw
 * @param {string} words
 */
function legendRow(draw, words) {
  const row = make("li");
  row.append(smallCanvas(34, 24, draw), ours(make("span"), words));
  return row;
}

/**
 * @param {Scene} scene
 * @param {Record<string, boolean>} [layers] The context layers to tell of; all of them otherwise.
 */
function legendElement(scene, layers) {
  const box = make("div", "gm-legend-box");
  const used = new Set(scene.events.type);
  const types = make("ul", "gm-legend gm-legend-types");
  const signed = signRows(scene);
  scene.types.forEach((symbol, type) => {
    if (!used.has(type)) return;
    const row = make("li");
    row.append(glyphIcon(symbol, 24), ours(make("span"), typeLabel(symbol)));
    types.append(row);
  });
  const sides = signed.length ? [make("h2", undefined, t("legend.symbols")), signList(scene, signed), make("p", "gm-faint", t("legend.affiliation"))] : [];
  const places = make("ul", "gm-legend");
  const kinds = new Set(Array.from({ length: scene.sites.count }, (_, site) => kindOf(scene, site)));
  if (scene.movements.length) kinds.add("stub");
  for (const kind of LEGEND_KINDS) {
    if (kinds.has(kind)) places.append(legendRow((ctx) => drawShapeSample(ctx, kind), t(`shape.${kind}`)));
  }
  places.append(...asideLegend(scene));
  const statuses = make("ul", "gm-legend");
  const present = new Set(Array.from(new Set(scene.events.status), (status) => scene.statuses[status]));
  for (const status of ["disputed", "denied", "retracted"]) {
    if (present.has(status)) statuses.append(legendRow((ctx) => drawStatusSample(ctx, status), word("status", status)));
  }
  if (scene.events.flags.some((flags) => flags & DRAFT)) {
    statuses.append(legendRow((ctx) => { ctx.translate(0, -4); drawGlyph(ctx, UNKNOWN_SAMPLE, 5, "pin"); drawDraftMark(ctx); }, t("mark.draft_long")));
  }
  box.append(make("h2", undefined, t("legend.types")), types, ...sides, make("h2", undefined, t("legend.places")), places);
  if (statuses.childElementCount) box.append(make("h2", undefined, t("legend.contested")), statuses);
  box.append(...contextLegend(scene, layers));
  const about = make("section", "gm-about");
  about.append(make("h2", undefined, t("legend.about")), outside(make("p"), scene.worldview));
  if (scene.worldview_note) about.append(outside(make("p", "gm-faint"), scene.worldview_note));
  about.append(make("p", "gm-faint", t("legend.generalised")));
  if (scene.tiles) about.append(make("p", "gm-faint", t("legend.tiles")));
  if (speech.lang !== ENGLISH) about.append(make("p", "gm-faint", t("legend.translation")));
  for (const line of scene.attribution) about.append(outside(make("p", "gm-faint"), line));
  box.append(about);
  return box;
}

/**
 * @param {Scene} scene
 * @param {ReturnType<typeof signRows>} rows
 */
function signList(scene, rows) {
  const list = make("ul", "gm-legend gm-legend-signs");
  for (const { sign, type, subtypes } of rows) {
    const row = make("li");
    const names = subtypes.filter(Boolean).map((subtype) => word("subtype", subtype));
    const label = typeLabel(scene.types[type]);
    row.append(signIcon(sign, 34), ours(make("span"), names.length && !subtypes.includes("") ? `${label}: ${names.join(", ")}` : label));
    list.append(row);
  }
  return list;
}

/** @type {TypeSymbol} */
const UNKNOWN_SAMPLE = { id: "", label: "", colour: "#52606d", glyph: "circle" };

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} kind
 */
function drawShapeSample(ctx, kind) {
  const { colour } = UNKNOWN_SAMPLE;
  ctx.strokeStyle = ctx.fillStyle = colour;
  if (kind === "pin") {
    drawGlyph(ctx, UNKNOWN_SAMPLE, 5, "pin");
    ctx.beginPath();
    ctx.arc(0, 0, 10, 0, 7);
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1;
    ctx.stroke();
  } else if (kind === "ring") {
    ctx.globalAlpha = 0.18;
    ctx.beginPath();
    ctx.arc(0, 0, 10, 0, 7);
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.lineWidth = 1.8;
    ctx.stroke();
    drawGlyph(ctx, UNKNOWN_SAMPLE, 4, "hollow");
  } else if (kind === "area" || kind === "waters") {
    ctx.beginPath();
    ctx.rect(-14, -9, 28, 18);
    ctx.globalAlpha = 0.1;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.fillStyle = hatchOf(ctx, colour, kind, { ...NO_VIEW }) ?? colour;
    ctx.fill();
    ctx.lineWidth = 1.6;
    ctx.stroke();
  } else if (kind === "line") {
    ctx.beginPath();
    ctx.moveTo(-15, 5);
    ctx.bezierCurveTo(-5, -12, 4, 14, 15, -5);
    ctx.globalAlpha = 0.28;
    ctx.lineWidth = 7;
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.lineWidth = 2;
    ctx.stroke();
  } else if (kind === "stub") {
    drawArrow(ctx, [-15, 6, 15, -6], { colour, dash: [], stub: true, wide: false });
  } else {
    ctx.beginPath();
    ctx.roundRect(-16, -8, 32, 16, 3);
    ctx.lineWidth = 1.4;
    ctx.stroke();
    ctx.font = `600 9.5px ${MAP_FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = "#1f2933";
    ctx.fillText("XX · 2", 0, 0.5);
  }
}

/** @type {View} */
const NO_VIEW = { scale: 1, x0: 0, y0: 0, minX: 0, minY: 0, maxX: 0, maxY: 0, zoom: 0, centreX: 0 };

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} status
 */
function drawStatusSample(ctx, status) {
  ctx.translate(-6, 0);
  drawStatusMark(ctx, status, 4);
  drawGlyph(ctx, UNKNOWN_SAMPLE, 4, "pin");
  ctx.beginPath();
  ctx.moveTo(11, -9);
  ctx.lineTo(21, -9);
  ctx.lineTo(21, 9);
  ctx.lineTo(11, 9);
  ctx.closePath();
  ctx.setLineDash(dashOf(status));
  ctx.strokeStyle = UNKNOWN_SAMPLE.colour;
  ctx.lineWidth = 1.6;
  ctx.stroke();
}

