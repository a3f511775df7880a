// @ts-check
// The ground of the map: land, borders, waters, and names that keep out of each other's way.

/**
 * @typedef {{at: [number, number][], name: string[], names: Record<string, string[]>}} Named
 * @typedef {{parts: number, rank: number[], shape: any[][], at?: ([number, number] | null)[], name: string[], names: Record<string, string[]>}} Waters
 * @typedef {{window: [number, number, number, number], land: GeoShape, borders: GeoShape, disputed: GeoShape}} GroundPiece
 * @typedef {GroundPiece & {regions: GeoShape, world: GeoShape, far_borders: GeoShape, far_disputed: GeoShape, around: GroundPiece | null, rivers: Waters, lakes: Waters, seas: Named & {rank: number[]}, towns: Named & {rank: number[], native: (string | [string] | null)[]}, countries: Named & {code: string[]}}} GroundData
 * @typedef {{w: number, n: number, e: number, s: number}} Frame
 * @typedef {{frame: Frame | null, land: Shape, borders: Shape, disputed: Shape}} GroundLevel
 * @typedef {{rank: number, lines: Ring[], w: number, n: number, e: number, s: number}} River
 * @typedef {{rank: number, polygons: Ring[][], w: number, n: number, e: number, s: number}} Lake
 * @typedef {{x: number, y: number, rank: number, text: string, native: string}} TownLabel
 * @typedef {{x: number, y: number, rank: number, size: number, text: string, extent: number}} AreaLabel
 * @typedef {{river: River, text: string, zoom: number, spots: number[]}} RiverLabel
 * @typedef {{x: number, y: number, name: string, code: string, wide: boolean, text: string}} CountryLabel
 * @typedef {{towns: TownLabel[], lakes: AreaLabel[], seas: AreaLabel[], rivers: RiverLabel[], countries: CountryLabel[]}} GroundLabels
 */

const GROUND_THEMES = {
  light: {
    water: "#d3e1ea", land: "#f7f4ec", coast: "#93afc1", river: "#97b6ca", border: "#857a84", glow: "rgba(133, 122, 132, 0.17)",
    region: "#d9d2c4", town: "#333d46", native: "#646e76", dot: "#ffffff", country: "#726971", waterName: "#3c6580",
    halo: "rgba(247, 244, 236, 0.9)", waterHalo: "rgba(211, 225, 234, 0.85)",
  },
  dark: {
    water: "#161d24", land: "#272c32", coast: "#42525f", river: "#3b5566", border: "#8b8791", glow: "rgba(160, 150, 165, 0.13)",
    region: "#3d434b", town: "#d3d8dc", native: "#98a1a9", dot: "#272c32", country: "#9a949f", waterName: "#7396ad",
    halo: "rgba(32, 37, 42, 0.9)", waterHalo: "rgba(22, 29, 36, 0.85)",
  },
  contrast: {
    water: "#bcd6ea", land: "#ffffff", coast: "#2f5f85", river: "#2f6c9c", border: "#1a1a1a", glow: "rgba(0, 0, 0, 0.1)",
    region: "#8d8d8d", town: "#000000", native: "#303030", dot: "#ffffff", country: "#3a3a3a", waterName: "#0d3f66",
    halo: "rgba(255, 255, 255, 0.96)", waterHalo: "rgba(188, 214, 234, 0.95)",
  },
};
/** @type {typeof GROUND_THEMES.light} */
let GROUND = GROUND_THEMES.light;

/**
 * Choose the colours of the ground; what is drawn already keeps its own until it is painted again.
 * The colour of water is also the custom property `--ground-water` of the document.
 * @param {"light" | "dark" | "contrast"} theme
 */
function setGroundTheme(theme) {
  GROUND = GROUND_THEMES[theme] ?? GROUND_THEMES.light;
  surface.isDark = theme === "dark";
  document.documentElement.style.setProperty("--ground-water", GROUND.water);
}

const TOWN_FONTS = [`600 12.5px ${MAP_FONT}`, `500 12px ${MAP_FONT}`, `400 11.5px ${MAP_FONT}`, `400 11px ${MAP_FONT}`];
const TOWN_SIZES = [12.5, 12, 11.5, 11];
const NATIVE_FONT = `400 9.5px ${MAP_FONT}`;
const RIVER_FONT = `italic 400 10.5px ${MAP_FONT}`;
const COUNTRY_SIZES = [9.5, 11.5, 13.5];
const COUNTRY_FONTS = COUNTRY_SIZES.map((size) => `500 ${size}px ${MAP_FONT}`);
const COUNTRY_SPACING = 0.26;
// A country's name may move up or down as long as it is plain whose it is.
const COUNTRY_MOVES = [[0, 0], [0, 16], [0, -16], [0, 30], [0, -30]];
const WIDE_COUNTRY_MOVES = [...COUNTRY_MOVES, [-46, 0], [46, 0], [-46, 22], [46, 22], [-46, -22], [46, -22]];
const WIDE_COUNTRIES = 64;
// Rivers and lakes up to this rank lie also round the window, where the ground has a scale between.
const AROUND_RANK = 6;
const CYRILLIC_LANGUAGES = new Set(["be", "bg", "kk", "mk", "ru", "sr", "uk"]);
// Places where a town's name may stand: beside its dot, below, above, and a little off where a symbol covers it.
const TOWN_SIDES = [[1, 0], [-1, 0], [0, 1], [0, -1]];

/**
 * @param {any} content The page's `basemap`.
 * @param {{lang?: () => string}} [options] `lang` tells the language that names are written in.
 * @returns {{ground: Paint, names: (taken: TakenSpace, labelled: Set<string>) => Paint}}
 */
function makeBasemap(content, { lang = () => "en" } = {}) {
  const data = /** @type {GroundData} */ (content);
  const levels = readLevels(data);
  const regions = readShape(data.regions);
  const rivers = readRivers(data.rivers);
  const lakes = readLakes(data.lakes);
  const window = /** @type {Frame} */ (levels[levels.length - 1].frame);
  const around = levels.length > 2 ? levels[1].frame : null;
  /** @type {Map<string, GroundLabels>} */
  const labels = new Map();

  /** @type {Paint} */
  const ground = (ctx, view) => {
    ctx.fillStyle = GROUND.water;
    ctx.fillRect(view.minX, view.minY, view.maxX - view.minX, view.maxY - view.minY);
    const used = levels.filter(({ frame }) => !frame || shareOf(frame, view) > 0.35);
    // Detail that only a part of the world has comes in as the edges of that part leave the view.
    const comeIn = (/** @type {Frame} */ frame) => Math.max(0, Math.min(1, (shareOf(frame, view) - 0.4) / 0.3));
    const detail = comeIn(window);
    const beside = around ? comeIn(around) : detail;
    const ofRank = (/** @type {number} */ rank, /** @type {number} */ far) => rank <= far ? 1 : rank <= AROUND_RANK ? beside : detail;
    for (const turns of turnsInView(view)) {
      const seen = used.filter(({ frame }) => !frame || isInView(frame, view, turns));
      seen.forEach((level, i) => within(ctx, view, turns, level.frame, seen[i + 1]?.frame ?? null, () => fillLand(ctx, level, view, turns)));
      strokeRivers(ctx, rivers, view, turns, (rank) => ofRank(rank, 2));
      fillLakes(ctx, lakes, view, turns, (rank) => ofRank(rank, 1));
      if (view.zoom >= 4.5 && detail > 0.3 && isInView(window, view, turns)) {
        ctx.globalAlpha = detail;
        strokeLines(ctx, regions, view, turns, { colour: GROUND.region, width: view.zoom < 6 ? 0.7 : 1, dash: [] });
        ctx.globalAlpha = 1;
      }
      seen.forEach((level, i) => within(ctx, view, turns, level.frame, seen[i + 1]?.frame ?? null, () => strokeBorders(ctx, level, view, turns)));
    }
  };

  /**
   * @param {TakenSpace} taken
   * @param {Set<string>} labelled Countries, by name or code, that a label of ours names already.
   * @returns {Paint}
   */
  const names = (taken, labelled) => (ctx, view) => {
    const language = lang();
    let written = labels.get(language);
    if (!written) labels.set(language, (written = writeLabels(data, rivers, lakes, language)));
    const room = new Room(taken);
    const countries = () => {
      for (const country of /** @type {GroundLabels} */ (written).countries) {
        if (!labelled.has(country.name) && !labelled.has(country.code)) drawCountryName(ctx, view, country, room);
      }
    };
    // Far out countries say more than their capitals; nearer, a country's name moves out of its capital's way.
    if (view.zoom < 4) countries();
    drawTowns(ctx, view, written.towns, room, 0, 0);
    if (view.zoom >= 4) countries();
    for (const sea of written.seas) drawAreaName(ctx, view, sea, room);
    drawTowns(ctx, view, written.towns, room, 1, view.zoom >= 9 ? Infinity : view.zoom - 3);
    for (const lake of written.lakes) drawAreaName(ctx, view, lake, room);
    for (const river of written.rivers) drawRiverName(ctx, view, river, room);
  };
  return { ground, names };
}

// Reading

/**
 * The ground at its scales, the coarsest first; the last is the window's own.
 * @param {GroundData} data
 * @returns {GroundLevel[]}
 */
function readLevels(data) {
  const piece = (/** @type {GroundPiece} */ { window: [west, south, east, north], land, borders, disputed }) => ({
    frame: { w: worldX(west), n: worldY(north), e: worldX(east), s: worldY(south) },
    land: readShape(land), borders: readShape(borders), disputed: readShape(disputed),
  });
  const world = { frame: null, land: readShape(data.world), borders: readShape(data.far_borders), disputed: readShape(data.far_disputed) };
  return [world, ...(data.around ? [piece(data.around)] : []), piece(data)];
}

/**
 * @param {Waters} waters
 * @returns {River[]}
 */
function readRivers({ parts, rank, shape }) {
  return shape.map((lines, i) => {
    const rings = lines.map((line) => makeRing(positionsOf(line, parts)));
    return { rank: rank[i], lines: rings, ...boxRound(rings) };
  });
}

/**
 * @param {Waters} waters
 * @returns {Lake[]}
 */
function readLakes({ parts, rank, shape }) {
  return shape.map((polygons, i) => {
    const read = polygons.map((rings) => rings.map((/** @type {number[]} */ ring) => makeRing(positionsOf(ring, parts))));
    return { rank: rank[i], polygons: read, ...boxRound(read.map(([outer]) => outer)) };
  });
}

/**
 * @param {Ring[]} rings
 * @returns {Frame}
 */
function boxRound(rings) {
  const box = { w: Infinity, n: Infinity, e: -Infinity, s: -Infinity };
  for (const { w, n, e, s } of rings) {
    box.w = Math.min(box.w, w);
    box.n = Math.min(box.n, n);
    box.e = Math.max(box.e, e);
    box.s = Math.max(box.s, s);
  }
  return box;
}

// Drawing

/** @param {View} view */
function turnsInView(view) {
  const first = Math.floor((view.minX + view.x0) / view.scale);
  const last = Math.floor((view.maxX + view.x0) / view.scale);
  return Array.from({ length: Math.min(5, last - first + 1) }, (_, i) => first + i);
}

/**
 * How much of the view's width a frame would fill.
 * @param {Frame} frame
 * @param {View} view
 */
function shareOf(frame, view) {
  return ((frame.e - frame.w) * view.scale) / (view.maxX - view.minX);
}

/**
 * Draw inside a frame, but not where a finer level lies.
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {number} turns
 * @param {Frame | null} frame
 * @param {Frame | null} hole
 * @param {() => void} draw
 */
function within(ctx, view, turns, frame, hole, draw) {
  ctx.save();
  ctx.beginPath();
  if (frame) traceFrame(ctx, view, turns, frame);
  else ctx.rect(view.minX, view.minY, view.maxX - view.minX, view.maxY - view.minY);
  if (hole) traceFrame(ctx, view, turns, hole);
  if (frame || hole) ctx.clip("evenodd");
  draw();
  ctx.restore();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {number} turns
 * @param {Frame} frame
 */
function traceFrame(ctx, view, turns, { w, n, e, s }) {
  // Whole pixels within the frame, so that two levels meet without a hairline between them.
  const x = Math.ceil((w + turns) * view.scale - view.x0) + 1;
  const y = Math.ceil(n * view.scale - view.y0) + 1;
  ctx.rect(x, y, Math.floor((e + turns) * view.scale - view.x0) - 1 - x, Math.floor(s * view.scale - view.y0) - 1 - y);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {GroundLevel} level
 * @param {View} view
 * @param {number} turns
 */
function fillLand(ctx, { land, frame }, view, turns) {
  ctx.beginPath();
  const coasts = [];
  for (const rings of land.polygons) {
    if (!rings[0] || !isInView(rings[0], view, turns)) continue;
    for (const ring of rings) traceRing(ctx, ring, view, turns, true);
    coasts.push(...rings);
  }
  ctx.fillStyle = GROUND.land;
  ctx.fill("evenodd");
  ctx.beginPath();
  for (const ring of coasts) traceCoast(ctx, ring, view, turns, frame);
  ctx.strokeStyle = GROUND.coast;
  ctx.lineWidth = 0.8;
  ctx.lineJoin = "round";
  ctx.stroke();
}

/**
 * Trace a coast, but not where the land was cut at the window's edge or at the edge of the world.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Ring} ring
 * @param {View} view
 * @param {number} turns
 * @param {Frame | null} frame
 */
function traceCoast(ctx, ring, view, turns, frame) {
  const { w, n, e, s } = frame ?? { w: 0, n: 0, e: 1, s: 1 };
  const near = frame ? 2e-6 : 2e-4;
  const { xy } = ring;
  const sideOf = (/** @type {number} */ i) =>
    (Math.abs(xy[i] - w) < near ? 1 : 0) |
    (Math.abs(xy[i] - e) < near ? 2 : 0) |
    (Math.abs(xy[i + 1] - n) < near ? 4 : 0) |
    (Math.abs(xy[i + 1] - s) < near ? 8 : 0);
  let [px, py] = [Infinity, Infinity];
  let lifted = true;
  for (let i = 0; i < xy.length; i += 2) {
    const x = (xy[i] + turns) * view.scale - view.x0;
    const y = xy[i + 1] * view.scale - view.y0;
    const cut = i > 0 && (sideOf(i) & sideOf(i - 2)) !== 0;
    if (lifted || cut) ctx.moveTo(x, y);
    else if (Math.abs(x - px) + Math.abs(y - py) < 0.7 && i + 2 < xy.length && !sideOf(i)) continue;
    else ctx.lineTo(x, y);
    lifted = false;
    [px, py] = [x, y];
  }
}

/**
 * The greater rivers first, more of them and thicker as the map comes nearer.
 * @param {CanvasRenderingContext2D} ctx
 * @param {River[]} rivers
 * @param {View} view
 * @param {number} turns
 * @param {(rank: number) => number} opacityOf
 */
function strokeRivers(ctx, rivers, view, turns, opacityOf) {
  ctx.strokeStyle = GROUND.river;
  ctx.lineJoin = "round";
  ctx.lineCap = "round";
  for (const river of rivers) {
    if (river.rank > view.zoom + 1.2) break;
    const alpha = opacityOf(river.rank);
    if (!alpha || !isInView(river, view, turns)) continue;
    ctx.globalAlpha = alpha;
    ctx.lineWidth = Math.max(0.6, Math.min(2.4, 0.6 + (view.zoom + 1.2 - river.rank) * 0.22));
    ctx.beginPath();
    for (const line of river.lines) if (isInView(line, view, turns)) traceStream(ctx, line, view, turns);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  ctx.lineCap = "butt";
}

/**
 * Trace a river with its bends rounded: a curve from the middle of each step to the middle of the next.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Ring} line
 * @param {View} view
 * @param {number} turns
 */
function traceStream(ctx, { xy }, view, turns) {
  const { scale, x0, y0 } = view;
  let x = (xy[0] + turns) * scale - x0;
  let y = xy[1] * scale - y0;
  ctx.moveTo(x, y);
  for (let i = 2; i < xy.length; i += 2) {
    const nextX = (xy[i] + turns) * scale - x0;
    const nextY = xy[i + 1] * scale - y0;
    const isLast = i + 2 >= xy.length;
    if (!isLast && Math.abs(nextX - x) + Math.abs(nextY - y) < 1) continue;
    ctx.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
    if (isLast) ctx.lineTo(nextX, nextY);
    [x, y] = [nextX, nextY];
  }
}

/**
 * Lakes are water over the land, with a thin shore.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Lake[]} lakes
 * @param {View} view
 * @param {number} turns
 * @param {(rank: number) => number} opacityOf
 */
function fillLakes(ctx, lakes, view, turns, opacityOf) {
  ctx.fillStyle = GROUND.water;
  ctx.strokeStyle = GROUND.coast;
  ctx.lineWidth = 0.7;
  ctx.lineJoin = "round";
  for (const lake of lakes) {
    const alpha = opacityOf(lake.rank);
    const size = Math.max(lake.e - lake.w, lake.s - lake.n) * view.scale;
    if (!alpha || size < 3 || !isInView(lake, view, turns)) continue;
    ctx.globalAlpha = alpha;
    ctx.beginPath();
    for (const rings of lake.polygons) for (const ring of rings) traceRing(ctx, ring, view, turns, true);
    ctx.fill("evenodd");
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/**
 * A border is a thin line in a broad pale one; a disputed one is dashed.
 * @param {CanvasRenderingContext2D} ctx
 * @param {GroundLevel} level
 * @param {View} view
 * @param {number} turns
 */
function strokeBorders(ctx, { borders, disputed }, view, turns) {
  const near = view.zoom >= 4.5;
  const width = view.zoom < 4.5 ? 0.8 : view.zoom < 6 ? 1.1 : 1.4;
  if (near) for (const shape of [borders, disputed]) strokeLines(ctx, shape, view, turns, { colour: GROUND.glow, width: view.zoom < 6 ? 4.5 : 6.5, dash: [] });
  strokeLines(ctx, borders, view, turns, { colour: GROUND.border, width, dash: [] });
  strokeLines(ctx, disputed, view, turns, { colour: GROUND.border, width, dash: near ? [5, 4] : [3, 2.5] });
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Shape} shape
 * @param {View} view
 * @param {number} turns
 * @param {{colour: string, width: number, dash: number[]}} style
 */
function strokeLines(ctx, shape, view, turns, style) {
  ctx.beginPath();
  for (const line of shape.lines) if (isInView(line, view, turns)) traceRing(ctx, line, view, turns, false);
  for (const rings of shape.polygons) for (const ring of rings) if (isInView(ring, view, turns)) traceRing(ctx, ring, view, turns, true);
  ctx.strokeStyle = style.colour;
  ctx.lineWidth = style.width;
  ctx.lineJoin = "round";
  ctx.setLineDash(style.dash);
  ctx.stroke();
  ctx.setLineDash([]);
}

// Names

/** What symbols and labels of the events have taken, and what the names of the ground take beside them. */
class Room {
  /** @param {TakenSpace} events */
  constructor(events) {
    this.events = events;
    this.names = new TakenSpace();
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  isFree(x, y, width, height) {
    return this.names.isFree(x, y, width, height) && this.events.isFree(x, y, width, height);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  take(x, y, width, height) {
    this.names.take(x, y, width, height);
  }
}

/**
 * Every name in one language, found once: names are painted anew at each step of time.
 * @param {GroundData} data
 * @param {River[]} rivers
 * @param {Lake[]} lakesDrawn
 * @param {string} language
 * @returns {GroundLabels}
 */
function writeLabels(data, rivers, lakesDrawn, language) {
  const { towns, countries, lakes, seas } = data;
  const found = towns.at.map(([lon, lat], i) => {
    const rank = towns.rank[i];
    const home = nativeName(towns, i);
    const text = canvasText(townIn(towns, i, language, home), 40);
    const native = scriptOf(home) === scriptOf(text) ? "" : canvasText(home, 40);
    return { x: worldX(lon), y: worldY(lat), rank, text, native };
  });
  return {
    towns: found.sort((a, b) => a.rank - b.rank),
    lakes: areaLabels(lakes, language, 10.5, lakesDrawn),
    seas: areaLabels(seas, language, 12),
    rivers: rivers.flatMap((river, i) => {
      const text = canvasText(nameIn(data.rivers, i, language), 40);
      return text ? [{ river, text, zoom: NaN, spots: [] }] : [];
    }),
    countries: countries.at.map(([lon, lat], i) => {
      const text = canvasText(countryIn(countries, i, language), 40).toLocaleUpperCase(language);
      return { x: worldX(lon), y: worldY(lat), name: countries.name[i], code: countries.code[i], wide: i < WIDE_COUNTRIES, text };
    }),
  };
}

/**
 * @param {{at?: ([number, number] | null)[], rank: number[], name: string[], names: Record<string, string[]>}} waters
 * @param {string} language
 * @param {number} size
 * @param {Lake[]} [drawn] What the names stand on; a sea is always wide enough.
 * @returns {AreaLabel[]}
 */
function areaLabels(waters, language, size, drawn) {
  return (waters.at ?? []).flatMap((at, i) => {
    const text = canvasText(nameIn(waters, i, language), 40);
    if (!at || !text) return [];
    const extent = drawn ? Math.max(drawn[i].e - drawn[i].w, drawn[i].s - drawn[i].n) : Infinity;
    return [{ x: worldX(at[0]), y: worldY(at[1]), rank: waters.rank[i], size, text, extent }];
  });
}

/**
 * @param {{name: string[], names: Record<string, string[]>}} named
 * @param {number} i
 * @param {string} language
 */
function nameIn(named, i, language) {
  return (Object.hasOwn(named.names, language) && named.names[language][i]) || named.name[i];
}

/**
 * What a town is called at home; empty where that is not known.
 * @param {GroundData["towns"]} towns
 * @param {number} i
 */
function nativeName(towns, i) {
  const told = towns.native[i];
  if (told === null) return "";
  return Array.isArray(told) ? nameIn(towns, i, told[0]) : told || towns.name[i];
}

/**
 * A town's name in a language; those who read Cyrillic letters read its own name rather than a Latin one.
 * @param {GroundData["towns"]} towns
 * @param {number} i
 * @param {string} language
 * @param {string} home
 */
function townIn(towns, i, language, home) {
  const name = nameIn(towns, i, language);
  const isOwn = name !== towns.name[i] || !CYRILLIC_LANGUAGES.has(language);
  return isOwn || scriptOf(home) !== "Cyrillic" ? name : home;
}

/**
 * The script of a text's first letter, as far as it matters here.
 * @param {string} text
 */
function scriptOf(text) {
  const letter = /\p{L}/u.exec(text)?.[0] ?? "";
  return letter < "\u0250" || /\p{Script=Latin}/u.test(letter) ? "Latin" : /\p{Script=Cyrillic}/u.test(letter) ? "Cyrillic" : "other";
}

/**
 * A country's name from the page's data, else from the browser, else in English.
 * @param {GroundData["countries"]} countries
 * @param {number} i
 * @param {string} language
 */
function countryIn(countries, i, language) {
  const name = nameIn(countries, i, language);
  if (name !== countries.name[i] || language === "en" || Object.hasOwn(countries.names, language)) return name;
  try {
    const known = Intl.DisplayNames.supportedLocalesOf(language).length > 0;
    return (known && new Intl.DisplayNames(language, { type: "region", fallback: "none" }).of(countries.code[i])) || name;
  } catch {
    return name; // no language, or no code of a country
  }
}

/**
 * Where a place of the world falls in the view, in the turn of the globe nearest to its middle.
 * @param {View} view
 * @param {number} x
 */
function acrossOf(view, x) {
  return (x + turnsTo(view, x)) * view.scale - view.x0;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {CountryLabel} country
 * @param {Room} room
 */
function drawCountryName(ctx, view, country, room) {
  if (view.zoom < 2.5 || view.zoom > 8.5) return;
  const x = acrossOf(view, country.x);
  const y = country.y * view.scale - view.y0;
  if (x < view.minX || x > view.maxX || y < view.minY || y > view.maxY) return;
  const step = view.zoom < 4.5 ? 0 : view.zoom < 6 ? 1 : 2;
  const size = COUNTRY_SIZES[step];
  const width = textWidth(ctx, COUNTRY_FONTS[step], country.text) + Array.from(country.text).length * size * COUNTRY_SPACING;
  const moves = view.zoom < 4 ? COUNTRY_MOVES.slice(0, 1) : country.wide ? WIDE_COUNTRY_MOVES : COUNTRY_MOVES;
  for (const [dx, dy] of moves) {
    if (!room.isFree(x + dx, y + dy, width + 6, size + 6)) continue;
    ctx.letterSpacing = `${size * COUNTRY_SPACING}px`;
    haloText(ctx, country.text, x + dx + (size * COUNTRY_SPACING) / 2, y + dy, { font: COUNTRY_FONTS[step], colour: GROUND.country, halo: GROUND.halo });
    ctx.letterSpacing = "0px";
    room.take(x + dx, y + dy, width + 10, size + 8);
    return;
  }
}

/**
 * Towns between two ranks, the greater first.
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {TownLabel[]} towns
 * @param {Room} room
 * @param {number} first
 * @param {number} last
 */
function drawTowns(ctx, view, towns, room, first, last) {
  if (view.zoom < 3) return;
  for (const town of towns) {
    if (town.rank < first) continue;
    if (town.rank > last) break;
    const y = town.y * view.scale - view.y0;
    if (y < view.minY || y > view.maxY) continue;
    const x = acrossOf(view, town.x);
    if (x >= view.minX && x <= view.maxX) drawTown(ctx, view, town, x, y, room);
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {TownLabel} town
 * @param {number} x
 * @param {number} y
 * @param {Room} room
 */
function drawTown(ctx, view, town, x, y, room) {
  if (!room.names.isFree(x, y, 7, 7)) return;
  const style = Math.min(town.rank, 3);
  const size = TOWN_SIZES[style];
  const dotFree = room.events.isFree(x, y, 8, 8);
  const gap = dotFree ? 6 : 16;
  const own = textWidth(ctx, TOWN_FONTS[style], town.text);
  // With the native name beneath, where there is room for both.
  for (let lines = town.native && view.zoom >= 4.5 ? 2 : 1; lines > 0; lines--) {
    const width = lines === 2 ? Math.max(own, textWidth(ctx, NATIVE_FONT, town.native)) : own;
    const height = lines === 2 ? size + 11 : size;
    for (const [sideX, sideY] of TOWN_SIDES) {
      const dx = sideX * (width / 2 + gap);
      const dy = sideY * (height / 2 + gap);
      if (!room.isFree(x + dx, y + dy, width + 4, height + 4)) continue;
      if (dotFree) drawTownDot(ctx, x, y, town.rank);
      const align = sideX > 0 ? "left" : sideX < 0 ? "right" : "center";
      const at = x + sideX * gap;
      const top = y + dy - (lines === 2 ? 5.5 : 0);
      haloText(ctx, town.text, at, top, { font: TOWN_FONTS[style], colour: GROUND.town, halo: GROUND.halo, haloWidth: 2.6, align });
      if (lines === 2) {
        haloText(ctx, town.native, at, top + size / 2 + 5.5, { font: NATIVE_FONT, colour: GROUND.native, halo: GROUND.halo, haloWidth: 2.4, align });
      }
      room.take(x + dx, y + dy, width + 10, height + 6);
      room.take(x, y, 10, 10);
      return;
    }
  }
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} rank
 */
function drawTownDot(ctx, x, y, rank) {
  ctx.fillStyle = GROUND.dot;
  ctx.strokeStyle = GROUND.town;
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  if (rank === 0) ctx.rect(x - 2.6, y - 2.6, 5.2, 5.2);
  else ctx.arc(x, y, rank === 1 ? 2.4 : 1.8, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
}

/**
 * The name of a lake or sea, written across it.
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {AreaLabel} water
 * @param {Room} room
 */
function drawAreaName(ctx, view, water, room) {
  if (view.zoom < 2.5 || water.rank > view.zoom - 0.5) return;
  const y = water.y * view.scale - view.y0;
  if (y < view.minY || y > view.maxY) return;
  const x = acrossOf(view, water.x);
  if (x < view.minX || x > view.maxX) return;
  const font = `italic 400 ${water.size}px ${MAP_FONT}`;
  const width = textWidth(ctx, font, water.text);
  if (water.extent * view.scale < width * 0.6 || !room.isFree(x, y, width + 4, water.size + 4)) return;
  haloText(ctx, water.text, x, y, { font, colour: GROUND.waterName, halo: GROUND.waterHalo, haloWidth: 2.4 });
  room.take(x, y, width + 10, water.size + 8);
}

/**
 * The name of a river, along a stretch of it that is nearly straight.
 * @param {CanvasRenderingContext2D} ctx
 * @param {View} view
 * @param {RiverLabel} label
 * @param {Room} room
 */
function drawRiverName(ctx, view, label, room) {
  const { river, spots } = label;
  if (view.zoom < 5 || river.rank > view.zoom) return;
  const width = textWidth(ctx, RIVER_FONT, label.text);
  if (label.zoom !== view.zoom) {
    label.zoom = view.zoom;
    straightSpots(river, view.scale, width + 16, spots);
  }
  let [lastX, lastY] = [Infinity, Infinity];
  for (let i = 0; i < spots.length; i += 3) {
    const x = acrossOf(view, spots[i]);
    const y = spots[i + 1] * view.scale - view.y0;
    if (x < view.minX || x > view.maxX || y < view.minY || y > view.maxY) continue;
    if (Math.hypot(x - lastX, y - lastY) < 520 || !takeAlong(room, x, y, spots[i + 2], width)) continue;
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(spots[i + 2]);
    haloText(ctx, label.text, 0, -7, { font: RIVER_FONT, colour: GROUND.waterName, halo: GROUND.halo, haloWidth: 2.4 });
    ctx.restore();
    [lastX, lastY] = [x, y];
  }
}

/**
 * Take the room of a slanted name, box by box; false where a box is taken already.
 * @param {Room} room
 * @param {number} x
 * @param {number} y
 * @param {number} angle
 * @param {number} width
 */
function takeAlong(room, x, y, angle, width) {
  const boxes = Math.max(1, Math.ceil(width / 16));
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const side = 16;
  const middle = (/** @type {number} */ i) => (i - (boxes - 1) / 2) * (width / boxes);
  for (let i = 0; i < boxes; i++) {
    if (!room.isFree(x + cos * middle(i) + sin * 7, y + sin * middle(i) - cos * 7, side, side)) return false;
  }
  for (let i = 0; i < boxes; i++) room.take(x + cos * middle(i) + sin * 7, y + sin * middle(i) - cos * 7, side, side);
  return true;
}

/**
 * Stretches of a river, as long as its name, that bend little: x, y in world units and the slant of each.
 * @param {River} river
 * @param {number} scale
 * @param {number} length In pixels.
 * @param {number[]} spots Filled anew.
 */
function straightSpots(river, scale, length, spots) {
  spots.length = 0;
  const reach = length / scale;
  for (const { xy } of river.lines) {
    let last = 0;
    let along = 0;
    for (let first = 0; first + 2 < xy.length; first += 2) {
      // The end of the stretch that begins here.
      while (last + 2 < xy.length && along < reach) {
        along += Math.hypot(xy[last + 2] - xy[last], xy[last + 3] - xy[last + 1]);
        last += 2;
      }
      if (along < reach) break;
      const dx = xy[last] - xy[first];
      const dy = xy[last + 1] - xy[first + 1];
      if (Math.hypot(dx, dy) > 0.95 * along && Math.abs(dy) < 2.2 * Math.abs(dx)) {
        spots.push((xy[first] + xy[last]) / 2, (xy[first + 1] + xy[last + 1]) / 2, Math.atan(dy / dx));
      }
      along -= Math.hypot(xy[first + 2] - xy[first], xy[first + 3] - xy[first + 1]);
    }
  }
}
