// @ts-check
// Context layers and asides beside the map: their switches, and what the legend says of them.

/**
 * What a layer looks like: an area, or a line where it has no areas.
 * @param {Context} context
 * @param {number} width
 * @param {number} height
 */
function contextSample({ colour, shapes }, width, height) {
  const isArea = shapes.some(({ polygons }) => polygons.length);
  const [w, h] = [width - 6, height - 8];
  return smallCanvas(width, height, (ctx) => {
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.beginPath();
    if (isArea) ctx.rect(-w / 2, -h / 2, w, h);
    else {
      ctx.moveTo(-w / 2, h / 4);
      ctx.bezierCurveTo(-w / 6, -h, w / 6, h, w / 2, -h / 4);
    }
    ctx.globalAlpha = 0.18;
    if (isArea) ctx.fill();
    ctx.globalAlpha = 0.9;
    ctx.lineWidth = isArea ? 1 : 1.8;
    ctx.stroke();
  });
}

/** The switches of the context layers, for the panel of layers. */
class ContextRows {
  /**
   * @param {Scene} scene
   * @param {(change: object) => void} apply
   */
  constructor(scene, apply) {
    this.element = make("fieldset", "gm-layers gm-contexts");
    this.element.append(make("legend", undefined, t("context.title")));
    this.boxes = scene.contexts.map((context) => {
      const { row, box, count } = checkRow(context.title, (on) => apply({ layers: { [context.id]: on } }));
      box.after(contextSample(context, 22, 18));
      count.remove();
      outside(/** @type {HTMLElement} */ (row.querySelector(".gm-layer-title")).appendChild(make("span", "gm-context-words")), contextWords(context), speech.lang);
      this.element.append(row);
      return { id: context.id, box };
    });
    this.element.hidden = !scene.contexts.length;
  }

  /** @param {State} state */
  show(state) {
    for (const { id, box } of this.boxes) box.checked = state.layers[id] === true;
  }
}

/**
 * @param {Scene} scene
 * @param {Record<string, boolean>} [layers] Those to tell of; all of them otherwise.
 * @returns {HTMLElement[]} Nothing where there is none.
 */
function contextLegend({ contexts }, layers) {
  const told = contexts.filter(({ id }) => !layers || layers[id]);
  if (!told.length) return [];
  const list = make("ul", "gm-legend gm-context-legend");
  for (const context of told) {
    const row = make("li");
    const words = make("div");
    outside(words.appendChild(make("div")), context.title);
    outside(words.appendChild(make("div", "gm-faint")), contextWords(context), speech.lang);
    if (context.licence) outside(words.appendChild(make("div", "gm-faint")), t("context.licence", { licence: context.licence }), speech.lang);
    if (context.url) words.append(addressLine(context.url, context.href));
    row.append(contextSample(context, 34, 24), words);
    list.append(row);
  }
  return [make("h2", undefined, t("context.title")), list, make("p", "gm-faint", t("context.help"))];
}

/**
 * The switch, for the panel of filters.
 * @param {Scene} scene
 * @param {(change: object) => void} apply
 */
function asideBox({ asides }, apply) {
  const element = make("fieldset", "gm-filter-group");
  const row = make("label", "gm-layer");
  const box = make("input");
  box.type = "checkbox";
  box.addEventListener("change", () => apply({ asides: box.checked ? "on" : null }));
  row.append(box, make("span", undefined, t("filter.asides")));
  element.append(make("legend", undefined, t("filter.asides_title")), row, make("p", "gm-faint", t("filter.asides_help")));
  element.hidden = !asides.count;
  return { element, box };
}

/** The row of the legend; nothing where there are none. @param {Scene} scene */
function asideLegend({ asides }) {
  if (!asides.count) return [];
  return [legendRow((ctx) => { ctx.beginPath(); ctx.arc(0, 0, 7, 0, 7); strokeAside(ctx, 1.6, GROUND_THEMES.light); }, t("aside.legend"))];
}
