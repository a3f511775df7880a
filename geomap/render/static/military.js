// @ts-check
// Military symbols in place of the type symbols, where the map has them. Whose side they stand on is the reader's
// own choice: nothing in the data says it.

/**
 * @typedef {{sheet: number, drawings: Record<string, string>[], kinds: Map<string, number>}} MilitarySymbols
 * @typedef {{key: string, picture: HTMLImageElement}} MilitarySign
 */

// The square sheet that a symbol is drawn on, in pixels: the frame of a friend is 33 wide.
const SIGN_SIZE = 40;
const SIGN_REACH = 15;
const HALO_STEPS = 12;
const HALO_PIXELS = 1.8;

/** The pictures that are ready, by choice and number of the drawing. @type {Map<string, HTMLImageElement>} */
const signs = new Map();
let worn = "types";

/**
 * Make ready what a choice of symbols needs.
 * @param {Scene} scene
 * @param {string} choice
 * @returns {Promise<unknown> | null} Null where all is ready.
 */
function openSigns(scene, choice) {
  const drawings = choice === "types" ? [] : (scene.symbols?.drawings ?? []);
  const missing = Array.from(drawings.keys()).filter((number) => !signs.has(`${choice} ${number}`));
  return missing.length ? Promise.all(missing.map((number) => openSign(`${choice} ${number}`, drawings[number][choice]))) : null;
}

/**
 * @param {string} key
 * @param {string} svg
 */
async function openSign(key, svg) {
  const picture = new Image();
  picture.alt = "";
  picture.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  try {
    await picture.decode();
    signs.set(key, picture);
  } catch {
    // The type's own symbol stands for one that this browser cannot draw.
  }
}

/**
 * Draw with these symbols from now on; they must be ready.
 * @param {string} choice
 * @returns {boolean} Whether they are others than before.
 */
function wearSigns(choice) {
  const changed = worn !== choice;
  worn = choice;
  return changed;
}

/** How much wider symbols stand apart than the type symbols do. */
function signSpread() {
  return worn === "types" ? 1 : 2.4;
}

/**
 * The military symbol of an event, if it is to be drawn with one.
 * @param {Scene} scene
 * @param {number} row
 * @returns {MilitarySign | null}
 */
function signOf(scene, row) {
  if (worn === "types") return null;
  const subtype = scene.words.subtype[scene.events.subtype[row]] ?? "";
  return signOfKind(scene, `${symbolOf(scene, row).id}/${subtype}`);
}

/**
 * @param {Scene} scene
 * @param {string} kind
 * @returns {MilitarySign | null}
 */
function signOfKind(scene, kind) {
  const key = `${worn} ${scene.symbols?.kinds.get(kind) ?? ""}`;
  const picture = signs.get(key);
  return picture ? { key, picture } : null;
}

/**
 * Draw a military symbol round the origin, in a white halo.
 * @param {CanvasRenderingContext2D} ctx
 * @param {MilitarySign} sign
 * @param {number} size Of its sheet, in pixels.
 */
function drawSign(ctx, { picture }, size) {
  const half = size / 2;
  const halo = smallCanvas(size, size, (own) => {
    own.drawImage(picture, -half, -half, size, size);
    own.globalCompositeOperation = "source-in";
    own.fillStyle = "#ffffff";
    own.fillRect(-half, -half, size, size);
  });
  for (let step = 0; step < HALO_STEPS; step++) {
    const angle = (2 * Math.PI * step) / HALO_STEPS;
    ctx.drawImage(halo, HALO_PIXELS * Math.cos(angle) - half, HALO_PIXELS * Math.sin(angle) - half, size, size);
  }
  ctx.drawImage(picture, -half, -half, size, size);
}

/**
 * A military symbol as an element, for lists and cards.
 * @param {MilitarySign} sign
 * @param {number} size In pixels.
 */
function signIcon({ picture }, size) {
  const icon = /** @type {HTMLImageElement} */ (picture.cloneNode());
  icon.className = "gm-sign";
  icon.width = icon.height = size;
  return icon;
}

/**
 * The symbol of an event as an element: military where that is chosen, else its type's.
 * @param {Scene} scene
 * @param {number} row
 * @param {number} [size] In pixels, of the type's.
 */
function eventIcon(scene, row, size = 18) {
  const sign = signOf(scene, row);
  return sign ? signIcon(sign, Math.round(size * 1.7)) : glyphIcon(symbolOf(scene, row), size);
}

/**
 * The kinds of events that are drawn alike, for the legend.
 * @param {Scene} scene
 * @returns {{sign: MilitarySign, type: number, subtypes: string[]}[]}
 */
function signRows(scene) {
  /** @type {Map<string, {sign: MilitarySign, type: number, subtypes: string[]}>} */
  const rows = new Map();
  for (const kind of scene.symbols?.kinds.keys() ?? []) {
    const [id, subtype] = kind.split("/");
    const type = scene.types.findIndex((symbol) => symbol.id === id);
    const sign = signOfKind(scene, kind);
    if (!sign || type < 0) continue;
    const key = `${type} ${sign.key}`;
    const row = rows.get(key) ?? { sign, type, subtypes: [] };
    row.subtypes.push(subtype);
    rows.set(key, row);
  }
  return [...rows.values()].sort((a, b) => a.type - b.type);
}
