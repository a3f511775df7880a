// @ts-check
// The panel beside the map: layers, what the signs mean, and the events that are no point on the map.

const LONGEST_LIST = 300;

class SidePanel {
  /**
   * @param {HTMLElement} root
   * @param {Scene} scene
   * @param {{open: OpenEvent, setLayer: (id: string, on: boolean) => void, clear: () => void}} actions
   */
  constructor(root, scene, actions) {
    this.scene = scene;
    this.actions = actions;
    /** @type {Map<string, {box: HTMLInputElement, count: HTMLElement}>} */
    this.rows = new Map();
    this.totals = make("p", "gm-totals");
    this.totals.setAttribute("role", "status");
    this.filtered = make("p", "gm-filtered");
    this.filtered.append("Not all events are shown: layers, time or filters leave some out. ");
    const clear = make("button", "gm-plain-button", "Show all");
    clear.type = "button";
    clear.addEventListener("click", () => actions.clear());
    this.filtered.append(clear);
    /** @type {string | undefined} */
    this.listed = undefined;
    /** Which groups of the list are open, by title. @type {Map<string, boolean>} */
    this.folded = new Map();
    this.list = make("div");
    this.points = make("div");
    root.append(this.layerSection(), this.listSection(), legendSection(scene), aboutSection(scene));
  }

  layerSection() {
    const box = sideSection("Layers");
    /** @type {Map<string, HTMLFieldSetElement>} */
    const groups = new Map();
    for (const layer of this.scene.layers) {
      let group = groups.get(layer.group);
      if (!group) {
        group = make("fieldset", "gm-layers");
        const legend = outside(make("legend"), layer.group || "Layers");
        group.append(legend);
        groups.set(layer.group, group);
      }
      group.append(this.layerRow(layer));
    }
    box.append(this.totals, this.filtered, ...groups.values());
    return box;
  }

  /** @param {Layer} layer */
  layerRow(layer) {
    const label = make("label", "gm-layer");
    const box = make("input");
    box.type = "checkbox";
    box.addEventListener("change", () => this.actions.setLayer(layer.id, box.checked));
    const count = make("span", "gm-count");
    label.append(box, outside(make("span", "gm-layer-title"), layer.title), count);
    this.rows.set(layer.id, { box, count });
    return label;
  }

  listSection() {
    const box = sideSection("Not shown as a point");
    box.append(this.list, this.points);
    return box;
  }

  /**
   * @param {EventSelection} selection
   * @param {State} state
   */
  show(selection, state) {
    const counts = countSelection(this.scene, selection);
    for (const [id, { box, count }] of this.rows) {
      box.checked = state.layers[id] !== false;
      count.textContent = String(counts.layers[id]);
    }
    const parts = [
      counts.shown === counts.total ? counted(counts.total, "event") : `${counts.shown} of ${counted(counts.total, "event")}`,
      `${counted(selection.features.length, "place")} drawn`,
      `${counts.unlocated} without a place`,
    ];
    if (counts.undated) parts.push(`${counts.undated} without a date${state.time ? " (hidden while a time is set)" : ""}`);
    this.totals.textContent = parts.join(" · ");
    this.filtered.hidden = counts.shown === counts.total && !Object.keys(state.filters).length && !state.time;
    this.showList(selection);
  }

  /** @param {EventSelection} selection */
  showList(selection) {
    const listed = selection.features.map(({ id }) => id).concat(selection.shown.map(({ id }) => id)).join();
    // Made anew only for other events, so that focus and folded groups stay as people left them.
    if (listed === this.listed) return;
    this.listed = listed;
    for (const box of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(".gm-group"))) {
      this.folded.set(box.dataset.title ?? "", box.open);
    }
    /** @type {Map<string, MapEvent[]>} */
    const groups = new Map(LIST_GROUPS.map(({ id }) => [id, []]));
    /** @type {MapEvent[]} */
    const asPoints = [];
    /** @type {Map<MapEvent, MapFeature[]>} */
    const drawn = new Map();
    for (const feature of selection.features) gather(drawn, feature.event, feature);
    for (const event of selection.shown) {
      const kinds = new Set((drawn.get(event) ?? []).map((feature) => /** @type {string | null} */ (listGroupOf(feature))));
      const group = LIST_GROUPS.find(({ id }) => kinds.has(id))?.id ?? "none";
      if (kinds.has(null)) asPoints.push(event);
      else groups.get(group)?.push(event);
    }
    const boxes = LIST_GROUPS.flatMap(({ id, title }) => {
      const events = groups.get(id) ?? [];
      return events.length ? [this.listGroup(title, events, true)] : [];
    });
    const total = [...groups.values()].reduce((sum, events) => sum + events.length, 0);
    const intro = make("p", "gm-faint", total ? `${counted(total, "event")}, drawn as an area, a line or a label, or only listed here.` : selection.shown.length ? "Every event shown is a point." : "No event is shown.");
    this.list.replaceChildren(intro, ...boxes);
    this.points.replaceChildren(...(asPoints.length ? [this.listGroup("Shown as points", asPoints, false)] : []));
  }

  /**
   * @param {string} title
   * @param {MapEvent[]} events
   * @param {boolean} open
   */
  listGroup(title, events, open) {
    const box = make("details", "gm-group");
    box.dataset.title = title;
    box.open = this.folded.get(title) ?? open;
    const summary = make("summary", undefined, title);
    summary.append(make("span", "gm-count", String(events.length)));
    box.append(summary, buttonList(this.scene, events.slice(0, LONGEST_LIST), this.actions.open));
    const rest = events.length - LONGEST_LIST;
    if (rest > 0) box.append(make("p", "gm-faint", `and ${rest} more; narrow them by layers or filters`));
    return box;
  }
}

/** @param {string} title */
function sideSection(title) {
  const box = make("section", "gm-side-section");
  box.append(make("h2", undefined, title));
  return box;
}

/**
 * @param {(ctx: CanvasRenderingContext2D) => void} draw
 * @param {string} words
 */
function legendRow(draw, words) {
  const row = make("li");
  row.append(smallCanvas(34, 24, draw), outside(make("span"), words));
  return row;
}

/** @param {Scene} scene */
function legendSection(scene) {
  const box = sideSection("Legend");
  const used = new Set(scene.events.map((event) => event.type));
  const types = make("ul", "gm-legend gm-legend-types");
  for (const symbol of scene.types.values()) {
    if (!used.has(symbol.id)) continue;
    types.append(legendRow((ctx) => drawGlyph(ctx, symbol, 6, "pin"), symbol.label));
  }
  const places = make("ul", "gm-legend");
  const kinds = new Set(scene.features.map((feature) => listGroupOf(feature) ?? feature.shape));
  for (const kind of Object.keys(SHAPE_WORDS)) {
    if (kinds.has(kind)) places.append(legendRow((ctx) => drawShapeSample(ctx, kind), SHAPE_WORDS[kind]));
  }
  const statuses = make("ul", "gm-legend");
  const present = new Set(scene.events.map((event) => event.status));
  for (const status of ["disputed", "denied", "retracted"]) {
    if (present.has(status)) statuses.append(legendRow((ctx) => drawStatusSample(ctx, status), STATUS_WORDS[status]));
  }
  if (scene.events.some((event) => event.workflow === "draft")) {
    statuses.append(legendRow((ctx) => { ctx.translate(0, -4); drawGlyph(ctx, UNKNOWN_SAMPLE, 5, "pin"); drawDraftMark(ctx); }, "Draft, not reviewed"));
  }
  box.append(make("h3", undefined, "What happened"), types, make("h3", undefined, "How the place is known"), places);
  if (statuses.childElementCount) box.append(make("h3", undefined, "What is contested"), statuses);
  return box;
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

/** @param {Scene} scene */
function aboutSection(scene) {
  const box = sideSection("About this map");
  box.append(outside(make("p"), scene.worldview));
  if (scene.worldview_note) box.append(outside(make("p", "gm-faint"), scene.worldview_note));
  box.append(make("p", "gm-faint", "Border lines are generalised: the true line may lie up to 3 km from the one drawn."));
  for (const line of scene.attribution) box.append(outside(make("p", "gm-faint"), line));
  return box;
}
