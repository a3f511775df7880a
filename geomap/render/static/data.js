// @ts-check
// The data island: columns of numbers for every event and feature, and their texts in blocks opened when needed.

/**
 * @typedef {{by?: unknown, stance?: string, about?: unknown, about_label?: unknown, about_by?: unknown, text?: unknown, quote?: unknown, when?: unknown, source?: string, via?: unknown, credibility?: unknown}} Claim
 * @typedef {{id: string, publisher?: unknown, author?: unknown, title?: unknown, url?: unknown, href?: string | null, archive_url?: unknown, archive_href?: string | null, published?: unknown, published_basis?: unknown, kind?: string, reliability?: unknown, graded_by?: unknown, derived_from?: unknown, licence?: unknown}} Source
 * @typedef {{name?: unknown, role?: string | null, precision?: string, relation?: string, note?: unknown, drawn?: boolean, method?: string, lon?: number | null, lat?: number | null, radius_m?: number | null}} PlaceDetail
 * @typedef {{when_words?: unknown, when_basis?: string, claims?: Claim[], sources?: number[], actors?: (string | {name?: unknown, role?: string})[], quantities?: unknown[], equipment?: unknown[], relations?: {type?: string, event?: string, title?: unknown}[], places?: PlaceDetail[], evidence?: {quote?: unknown, source?: unknown, field?: string}[], media?: {url?: unknown, credit?: unknown, captured?: unknown}[], where_unknown?: boolean, status_basis?: unknown, status_reason?: Record<string, string | number>}} Detail
 * @typedef {{title: string, when: string | null, edtf: string, place: string}} Head
 * @typedef {{summary: string | null, detail: Detail}} EventBody
 * @typedef {{id: string, label: string, colour: string, glyph: string}} TypeSymbol
 * @typedef {{id: string, title: string, group: string}} Layer
 * @typedef {Uint8Array | Uint16Array | Uint32Array} Numbers As narrow as they can be: nobody writes into them, for columns that are alike share their memory.
 * @typedef {{starts: Uint32Array, values: Numbers}} Lists
 * @typedef {{count: number, type: Numbers, subtype: Numbers, status: Uint8Array, modality: Uint8Array, datePrecision: Uint8Array, flags: Uint8Array, first: Int32Array, last: Int32Array, origins: Uint16Array, actors: Lists, claimants: Lists, stances: Uint8Array, reason: Uint32Array, actorRoles: Uint8Array, sources: Lists, layers: Lists, features: Uint32Array}} EventColumns
 * @typedef {{count: number, event: Uint32Array, site: Uint32Array}} FeatureColumns
 * @typedef {{count: number, shape: Uint8Array, precision: Uint8Array, role: Uint8Array, note: Uint32Array, place: Uint32Array, spot: Uint32Array, ring: Uint32Array, geometry: Uint32Array, radius: Float32Array, width: Float32Array, relation: Uint8Array, method: Uint8Array}} SiteColumns What all features at one place share.
 * @typedef {{count: number, event: Uint32Array, shape: Uint8Array, role: Uint8Array, place: Uint32Array, x: Float64Array, y: Float64Array, lon: Float64Array, lat: Float64Array, radius: Float32Array, geometry: Uint32Array}} AsideColumns
 * @typedef {{id: string, title: string, date: string, edtf: string, credit: string, url: string, href: string | null, licence: string, colour: string, shown: boolean, labels: string[], shapes: Shape[]}} Context
 * @typedef {{count: number, spot: Uint32Array, radius: Float32Array, near: Uint8Array}} Rings
 * @typedef {{subtype: (string | null)[], modality: (string | null)[], date_precision: (string | null)[], role: (string | null)[], note: (string | null)[], actor: [string, string | null][], relation: (string | null)[], method: (string | null)[], claimant: string[], source: string[], place: [string | null, string | null, string][], actor_role: (string | null)[], reason: (Record<string, string | number> | null)[]}} Words
 * @typedef {{title: string, subtitle: string, language: string, worldview: string, worldview_note: string, attribution: string[], bbox: [number, number, number, number], centre: [number, number, number] | null, types: TypeSymbol[], statuses: string[], precisions: string[], shapes: string[], layers: Layer[], events: EventColumns, features: FeatureColumns, sites: SiteColumns, spots: Spots, rings: Rings, words: Words, shapesDrawn: Shape[], basemap: any, tiles: {url: string, attribution: string, max_zoom: number} | null, text: TextStore, asides: AsideColumns, contexts: Context[], folds: Map<string, string>, movements: {event: number, from: [number, number] | null, to: [number, number] | null, label: string, country: boolean}[], messages: Record<string, Messages>, symbols: MilitarySymbols | null}} Scene
 * @typedef {{bytes: Uint8Array, vocabulary: string[]}} CodedTexts Texts whose words are numbers of a vocabulary, see `readTexts`.
 * @typedef {unknown} Part A part of the island: as it is, or as base64 of deflated bytes.
 */

const NO_DAY = -(2 ** 31);
const NONE = 2 ** 32 - 1;
const DRAFT = 1;
const ONE_OF = 2;
const END_OPEN = 4;
const UNKNOWN_PLACE = 8;
const LINE_FEED = 10;
// In texts whose words are numbers: bytes up to the most frequent words' number are these.
const TEXT_END = 0;
const SHORT_WORDS = 190;
const NO_TEXT = 254;
const OWN_WORD = 255;
/** How a claimant stands to an event whom its lens tells as denied. */
const OPPOSES = 2;

/** @type {TypeSymbol} */
const UNKNOWN_TYPE = { id: "", label: "", colour: "#777777", glyph: "dot" };

/**
 * @param {string} packed
 * @returns {Promise<ArrayBuffer>}
 */
async function inflate(packed) {
  const { readable, writable } = new DecompressionStream("deflate");
  // Written here and not piped from a Blob, which would first be handed to another process.
  const writer = writable.getWriter();
  writer.write(bytesOf(packed)).catch(() => {});
  writer.close().catch(() => {});
  return new Response(readable).arrayBuffer();
}

/**
 * @param {string} packed
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(packed) {
  const { fromBase64 } = /** @type {{fromBase64?: (text: string) => Uint8Array<ArrayBuffer>}} */ (/** @type {unknown} */ (Uint8Array));
  if (fromBase64) return fromBase64.call(Uint8Array, packed);
  const letters = atob(packed);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/**
 * @param {Part} part
 * @returns {Promise<any>}
 */
async function readPart(part) {
  if (typeof part !== "string") return part;
  return JSON.parse(new TextDecoder().decode(await inflate(part)));
}

/**
 * @template {Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array} T
 * @param {Part} part
 * @param {{new (buffer: ArrayBuffer): T, from(values: ArrayLike<number>): T, BYTES_PER_ELEMENT: number}} Kind
 * @returns {Promise<T>}
 */
async function readColumn(part, Kind) {
  if (typeof part !== "string") return Kind.from(/** @type {number[]} */ (part));
  const planes = new Uint8Array(await inflate(part));
  const size = Kind.BYTES_PER_ELEMENT;
  const count = planes.length / size;
  const one = oneOf(planes, size);
  if (one) return /** @type {T} */ (allAlike(one, count, Kind));
  if (size === 1) return new Kind(planes.buffer);
  // The first bytes of all numbers stand first, then the second ones.
  const bytes = new Uint8Array(planes.length);
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0, to = plane, from = plane * count; i < count; i++, to += size) bytes[to] = planes[from + i];
  }
  return new Kind(bytes.buffer);
}

/**
 * The bytes of one number, if all of a column are the same.
 * @param {Uint8Array} planes
 * @param {number} size
 */
function oneOf(planes, size) {
  const count = planes.length / size;
  const one = new Uint8Array(size);
  for (let plane = 0, at = 0; plane < size; plane++) {
    const byte = (one[plane] = planes[at]);
    for (const end = at + count; at < end; at++) if (planes[at] !== byte) return null;
  }
  return one;
}

/** Columns of one number, by kind, length and number. @type {Map<string, ArrayLike<number>>} */
const uniform = new Map();

/**
 * A column that says the same of each row; whoever asks gets the same memory.
 * @template {ArrayLike<number>} T
 * @param {Uint8Array<ArrayBuffer>} one The bytes of its number.
 * @param {number} count
 * @param {{new (buffer: ArrayBuffer): T, BYTES_PER_ELEMENT: number, name?: string}} Kind
 * @returns {T}
 */
function allAlike(one, count, Kind) {
  const key = [Kind.name, count, ...one].join();
  let column = /** @type {T | undefined} */ (uniform.get(key));
  if (column === undefined) {
    const bytes = new Uint8Array(count * one.length);
    // What is not written into takes no memory.
    if (one.some(Boolean)) for (let at = 0; at < bytes.length; at++) bytes[at] = one[at % one.length];
    column = new Kind(bytes.buffer);
    uniform.set(key, column);
  }
  return column;
}

let counting = new Uint32Array(0);

/**
 * The numbers from 0 to before a count. Whoever asks gets the same memory: nobody may write into it.
 * @param {number} count
 */
function countingTo(count) {
  // One more: where lists of one begin, and where the last ends, is counted on from their rows.
  if (count > counting.length) counting = new Uint32Array(count + 1);
  for (let i = counting.length - 1; i > 0 && counting[i] === 0; i--) counting[i] = i;
  return counting.subarray(0, count);
}

/**
 * Whether each number is that of its row.
 * @param {Uint32Array} column
 */
function isCounting(column) {
  let row = 0;
  while (row < column.length && column[row] === row) row += 1;
  return row === column.length;
}

/**
 * A column that may say no more than the numbers of its rows, or the same as another one.
 * @template {Uint32Array | Int32Array | Float32Array} T
 * @param {T} column
 * @param {T} [other]
 * @returns {T}
 */
function sharing(column, other) {
  if (other && other.length === column.length && column.every((number, row) => number === other[row])) return other;
  return column instanceof Uint32Array && isCounting(column) ? /** @type {T} */ (countingTo(column.length)) : column;
}

/**
 * The same numbers in as few bytes as hold the largest.
 * @param {Uint16Array | Uint32Array} column
 * @returns {Numbers}
 */
function narrowed(column) {
  let all = 0;
  for (let row = 0; row < column.length; row++) all |= column[row];
  return all >>> 0 < 2 ** 8 ? new Uint8Array(column) : all >>> 0 < 2 ** 16 ? new Uint16Array(column) : column;
}

/**
 * @param {{lengths: Part, values: Part}} lists
 * @returns {Promise<Lists>}
 */
async function readLists({ lengths, values }) {
  return { starts: startsOf(await readColumn(lengths, Uint16Array)), values: narrowed(await readColumn(values, Uint32Array)) };
}

/**
 * Where each of some runs begins, and at the end where the last one ends.
 * @param {ArrayLike<number>} lengths
 */
function startsOf(lengths) {
  let end = 0;
  while (end < lengths.length && lengths[end] === lengths[0]) end += 1;
  const alike = end === lengths.length ? lengths[0] : -1;
  if (alike === 1) return countingTo(end + 1);
  if (alike === 0) return allAlike(new Uint8Array(4), end + 1, Uint32Array);
  const starts = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i] + lengths[i];
  return starts;
}

/**
 * @param {Lists} lists
 * @param {number} row
 */
function listOf({ starts, values }, row) {
  return values.subarray(starts[row], starts[row + 1]);
}

// How many parts of the world's height are told apart where whole numbers stand for y: 64 to a pixel at the nearest zoom.
const DOWN_PARTS = 2 ** 31;

/** Positions as whole steps: four numbers with a fraction for each of a million would take three times the memory. */
class Spots {
  /**
   * @param {{west: Uint32Array, south: Uint32Array, corner: [number, number], parts: number, badge: Uint8Array}} steps
   */
  constructor({ west, south, corner, parts, badge }) {
    this.count = west.length;
    /** So many steps east of the corner, and north of it. */
    this.west = west;
    this.south = south;
    this.corner = corner;
    /** Steps of a degree. */
    this.parts = parts;
    this.badge = badge;
    /** The world's y, in `DOWN_PARTS`. */
    this.down = new Uint32Array(this.count);
    for (let spot = 0; spot < this.count; spot++) this.down[spot] = Math.round(this.y(spot) * DOWN_PARTS);
  }

  /** @param {number} spot */
  lon(spot) {
    return (this.west[spot] + this.corner[0]) / this.parts;
  }

  /** @param {number} spot */
  lat(spot) {
    return (this.south[spot] + this.corner[1]) / this.parts;
  }

  /** @param {number} spot */
  x(spot) {
    return this.xOf(this.west[spot]);
  }

  /** @param {number} spot */
  y(spot) {
    return worldY(this.lat(spot));
  }

  /** The world's x of so many steps, or of their mean. @param {number} west */
  xOf(west) {
    return worldX((west + this.corner[0]) / this.parts);
  }
}

/** A text in each row, kept as bytes: a million strings would take longer to make, and five times the memory. */
class Lines {
  /** @param {Uint8Array} bytes One line after the other, each ended but the last. */
  constructor(bytes) {
    this.bytes = bytes;
    let count = bytes.length ? 1 : 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
    this.starts = new Uint32Array(count + 1);
    let row = 0;
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) this.starts[++row] = at + 1;
    this.starts[count] = bytes.length + 1;
  }

  /** @param {number} row */
  at(row) {
    return new TextDecoder().decode(this.bytes.subarray(this.starts[row], this.starts[row + 1] - 1));
  }

  /**
   * The row of a text; -1 for one that there is not.
   * @param {string} text
   */
  indexOf(text) {
    const { bytes, starts } = this;
    const sought = new TextEncoder().encode(text);
    for (let row = 0; row + 1 < starts.length; row++) {
      const start = starts[row];
      if (starts[row + 1] - 1 - start !== sought.length) continue;
      // Ids are alike in front: the last letters tell them apart sooner.
      let i = sought.length - 1;
      while (i >= 0 && bytes[start + i] === sought[i]) i--;
      if (i < 0) return row;
    }
    return -1;
  }
}

/** Ids of one beginning that end with a number of so many digits. */
class NumberedIds {
  /**
   * @param {string} prefix
   * @param {number} digits
   * @param {Uint32Array} numbers
   */
  constructor(prefix, digits, numbers) {
    this.prefix = prefix;
    this.digits = digits;
    this.numbers = numbers;
  }

  /** @param {number} row */
  at(row) {
    return this.prefix + String(this.numbers[row]).padStart(this.digits, "0");
  }

  /** @param {string} text */
  indexOf(text) {
    const number = Number(text.slice(this.prefix.length));
    const row = this.numbers.indexOf(number);
    return row >= 0 && this.at(row) === text ? row : -1;
  }
}

/**
 * @param {any} part
 * @returns {Promise<Lines | NumberedIds>}
 */
async function readIds(part) {
  if (part.numbers !== undefined) return new NumberedIds(part.prefix, part.digits, await readColumn(part.numbers, Uint32Array));
  if (typeof part === "string") return new Lines(new Uint8Array(await inflate(part)));
  return new Lines(new TextEncoder().encode(/** @type {string[]} */ (part).join("\n")));
}

/** The texts of events, by row. */
class TextStore {
  /**
   * @param {any} raw
   */
  constructor(raw) {
    this.count = /** @type {number} */ (raw.count);
    /** @type {Lines | NumberedIds} */
    this.ids = new Lines(new Uint8Array(0));
    this.idPart = /** @type {Part} */ (raw.ids);
    /** @type {Source[]} */
    this.sources = [];
    this.sourcePart = /** @type {Part} */ (raw.source_details);
    this.heads = new Blocks(raw.heads, raw.head_rows, 64);
    this.titles = textBlocks(raw.titles, raw.head_rows, 64);
    this.summaries = textBlocks(raw.summaries, raw.head_rows, 16);
    this.details = new Blocks(raw.details, raw.detail_rows, 32);
    /** @type {(row: number, head: Record<string, unknown>) => Head} */
    this.complete = (_, head) => /** @type {Head} */ (/** @type {unknown} */ (head));
    /** @type {(row: number, detail: Detail) => Detail} */
    this.completeDetail = (_, detail) => detail;
  }

  async open() {
    [this.ids, this.sources] = await Promise.all([readIds(this.idPart), readPart(this.sourcePart)]);
    this.idPart = this.sourcePart = null;
  }

  /**
   * The row of an event; -1 for an id that there is not.
   * @param {string} id
   */
  rowOf(id) {
    return this.ids.indexOf(id);
  }

  /** @param {number} row */
  idOf(row) {
    return this.ids.at(row);
  }

  /**
   * @param {number} row
   * @returns {Head | null} Null where its block must be opened first.
   */
  head(row) {
    const [head, title] = [this.heads.row(row), this.titles.row(row)];
    return head && title && this.complete(row, { ...head, title: title.text });
  }

  /**
   * @param {number} row
   * @returns {EventBody | null} Null where its block must be opened first.
   */
  body(row) {
    const [own, summary] = [this.details.row(row), this.summaries.row(row)];
    return own && summary && { summary: /** @type {string | null} */ (summary.text), detail: this.completeDetail(row, own.detail ?? {}) };
  }

  /**
   * @param {Iterable<number>} rows
   * @returns {Promise<unknown>}
   */
  openHeads(rows) {
    const all = [...rows];
    return Promise.all([this.heads, this.titles].map((blocks) => blocks.open(all)));
  }

  /** @param {Iterable<number>} rows */
  openBodies(rows) {
    const all = [...rows];
    return Promise.all([this.heads, this.titles, this.summaries, this.details].map((blocks) => blocks.open(all)));
  }
}

/**
 * Texts in blocks, as lists or as numbers of words, which are opened with the first block.
 * @param {{vocabulary: Part, blocks: Part[]}} raw
 * @param {number} size
 * @param {number} kept
 */
function textBlocks({ vocabulary, blocks }, size, kept) {
  if (vocabulary === null) return new Blocks(blocks, size, kept);
  /** @type {Promise<string[]> | undefined} */
  let words;
  /** @type {{part: Part, codes: Promise<CodedTexts>} | null} */
  let last = null;
  const unpack = async (/** @type {Part} */ part) => {
    words ??= readPart(vocabulary);
    const [bytes, known] = await Promise.all([inflate(/** @type {string} */ (part)), words]);
    return { bytes: new Uint8Array(bytes), vocabulary: known };
  };
  // Blocks without any text are all the same.
  const readCodes = (/** @type {Part} */ part) => {
    if (last === null || last.part !== part) last = { part, codes: unpack(part) };
    return last.codes;
  };
  return new Blocks(blocks, size, kept, async (part) => {
    const { bytes, vocabulary: known } = await readCodes(part);
    return { text: readTexts(bytes, known) };
  }, readCodes);
}

/** A mark of byte order within a text is a letter of it. */
const ownWord = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * The texts of a block whose words are numbers; null for a row without one.
 * @param {Uint8Array} bytes
 * @param {string[]} vocabulary
 * @returns {(string | null)[]}
 */
function readTexts(bytes, vocabulary) {
  const texts = [];
  /** @type {string[] | null} */
  let words = [];
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === TEXT_END) {
      texts.push(words && words.join(" "));
      words = [];
    } else if (code === NO_TEXT) {
      words = null;
    } else if (code === OWN_WORD) {
      const end = bytes.indexOf(OWN_WORD, at + 1);
      words?.push(ownWord.decode(bytes.subarray(at + 1, end)));
      at = end;
    } else {
      words?.push(vocabulary[code <= SHORT_WORDS ? code - 1 : SHORT_WORDS + (code - SHORT_WORDS - 1) * 256 + bytes[++at]]);
    }
  }
  return texts;
}

/** Columns of text in blocks of so many rows; the blocks used last are kept open. */
class Blocks {
  /**
   * @param {Part[]} parts
   * @param {number} size
   * @param {number} kept
   * @param {(part: Part) => Promise<any>} [readBlock]
   * @param {((part: Part) => Promise<CodedTexts>) | null} [readCodes] Reads a block whose words are numbers, and leaves them so.
   */
  constructor(parts, size, kept, readBlock = readPart, readCodes = null) {
    this.parts = parts;
    this.size = size;
    this.kept = kept;
    this.readBlock = readBlock;
    this.readCodes = readCodes;
    /** @type {Map<number, Record<string, unknown[]>>} */
    this.opened = new Map();
    /** @type {Map<number, Promise<void>>} */
    this.opening = new Map();
    parts.forEach((part, block) => {
      if (typeof part !== "string") this.opened.set(block, /** @type {any} */ (part));
    });
  }

  /**
   * @param {number} row
   * @returns {Record<string, unknown> | null}
   */
  row(row) {
    const block = this.opened.get(Math.floor(row / this.size));
    if (!block) return null;
    const within = row % this.size;
    // A column with nothing in it is null.
    return Object.fromEntries(Object.entries(block).map(([name, values]) => [name, values ? values[within] : null]));
  }

  /**
   * @param {Iterable<number>} rows
   * @returns {Promise<unknown>}
   */
  open(rows) {
    const wanted = new Set();
    for (const row of rows) wanted.add(Math.floor(row / this.size));
    return Promise.all([...wanted].map((block) => this.openBlock(block)));
  }

  /**
   * The columns of the block that holds a row, without keeping them open.
   * @param {number} row
   * @returns {Promise<Record<string, unknown[]>>}
   */
  async read(row) {
    const block = Math.floor(row / this.size);
    return this.opened.get(block) ?? this.readBlock(this.parts[block]);
  }

  /**
   * The texts of the block that holds a row, as they come: numbers of words, or a list; without keeping them open.
   * @param {number} row
   * @returns {Promise<CodedTexts | unknown[]>}
   */
  async readText(row) {
    if (!this.readCodes) return (await this.read(row)).text ?? [];
    return this.readCodes(this.parts[Math.floor(row / this.size)]);
  }

  /** @param {number} block */
  openBlock(block) {
    if (this.opened.has(block)) return undefined;
    let opening = this.opening.get(block);
    if (!opening) {
      opening = this.readBlock(this.parts[block]).then((columns) => {
        this.opening.delete(block);
        this.opened.set(block, columns);
        // What was never packed costs nothing to keep.
        const packed = [...this.opened.keys()].filter((number) => typeof this.parts[number] === "string");
        if (packed.length > this.kept) this.opened.delete(packed[0]);
      });
      this.opening.set(block, opening);
    }
    return opening;
  }
}

/**
 * Read the island with this id.
 * @param {string} id
 * @returns {Promise<Scene>}
 */
async function readIsland(id) {
  const raw = JSON.parse(document.getElementById(id)?.textContent ?? "null");
  speech.author = raw.language;
  const text = new TextStore(raw.events);
  const [events, { features, sites }, spots, rings, words, geometries, basemap, messages, asides, contexts, symbols] = await Promise.all([
    readEvents(raw.events),
    readFeatures(raw.features),
    readSpots(raw.features.spots),
    readRings(raw.features.rings),
    readWords(raw.words),
    readPart(raw.geometries),
    readPart(raw.basemap),
    readPart(raw.messages),
    readAsides(raw.asides),
    readContexts(raw.contexts),
    readPart(raw.symbols),
    text.open(),
  ]);
  const shapesDrawn = geometries.map(readShape);
  events.features = features.starts;
  text.complete = (row, head) => completeHead(scene, row, head);
  text.completeDetail = (row, detail) => completeDetail(scene, row, detail);
  rings.radius = sharing(rings.radius, sites.radius);
  sites.width = widths(sites, shapesDrawn, raw.shapes.indexOf("badge"));
  /** @type {Scene} */
  const scene = {
    ...raw, events, features, sites, spots, rings, words, shapesDrawn, basemap, messages, text, asides, contexts, folds: readFolds(raw.folds),
    symbols: symbols && { ...symbols, kinds: new Map(Object.entries(symbols.kinds)) },
  };
  return scene;
}

/**
 * A head with what the columns say already: a plain day as EDTF, and its places in words.
 * @param {Scene} scene
 * @param {number} row
 * @param {Record<string, unknown>} head
 * @returns {Head}
 */
function completeHead(scene, row, head) {
  const { first, last } = scene.events;
  const isDay = !head.edtf && head.when === null && first[row] !== NO_DAY && first[row] === last[row];
  return {
    title: String(head.title), when: /** @type {string | null} */ (head.when),
    edtf: isDay ? isoDay(first[row]) : String(head.edtf ?? ""), place: head.place ? String(head.place) : placesText(scene, row),
  };
}

/**
 * A detail with what the columns say already: sources, actors with their parts, the reason of its status.
 * @param {Scene} scene
 * @param {number} row
 * @param {Detail} detail
 * @returns {Detail}
 */
function completeDetail(scene, row, detail) {
  const { events, words } = scene;
  const { starts } = events.actors;
  const roles = words.actor_role.length ? Array.from(events.actorRoles.subarray(starts[row], starts[row + 1]), (role) => words.actor_role[role]) : [];
  const reason = words.reason[events.reason[row]];
  return {
    ...detail,
    sources: Array.from(listOf(events.sources, row)),
    ...(!detail.actors && roles.some(Boolean) ? { actors: roles.map((role) => role ?? "") } : {}),
    ...(reason && { [reason.code ? "status_reason" : "status_basis"]: reason.code ? reason : reason.basis }),
    ...(events.flags[row] & UNKNOWN_PLACE && { where_unknown: true }),
  };
}

/**
 * The drawn places of an event, in words.
 * @param {Scene} scene
 * @param {number} row
 */
function placesText(scene, row) {
  const { words, features, sites } = scene;
  const order = ["origin", "route", "destination", "overflown", "target", "site"];
  const places = featuresOf(scene, row).map((f) => ({ name: placeName(scene, f), role: words.role[sites.role[features.site[f]]] ?? "site" }));
  places.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  const shown = places.filter(({ name }) => name).map(({ name, role }) => (messageOf(`toward.${role}`) ? t(`toward.${role}`, { place: name }) : name));
  return [...new Set(shown)].join("; ");
}

/**
 * @param {any} raw
 * @returns {Promise<EventColumns>}
 */
async function readEvents(raw) {
  const [type, subtype, status, modality, datePrecision, flags, first, last, origins, stances, reason, actorRoles] = await Promise.all([
    readColumn(raw.type, Uint16Array), readColumn(raw.subtype, Uint16Array), readColumn(raw.status, Uint8Array),
    readColumn(raw.modality, Uint8Array), readColumn(raw.date_precision, Uint8Array), readColumn(raw.flags, Uint8Array),
    readColumn(raw.first, Int32Array), readColumn(raw.last, Int32Array), readColumn(raw.n_origins, Uint16Array),
    readColumn(raw.stances, Uint8Array), readColumn(raw.reason, Uint32Array), readColumn(raw.actor_roles, Uint8Array),
  ]);
  const [actors, claimants, sources, layers] = await Promise.all(
    [raw.actors, raw.claimants, raw.sources, raw.layers].map(readLists),
  );
  return {
    count: raw.count, type: narrowed(type), subtype: narrowed(subtype), status, modality, datePrecision, flags, first, last: sharing(last, first), origins, stances, reason, actorRoles,
    actors, claimants, sources, layers, features: new Uint32Array(raw.count + 1),
  };
}

/**
 * Features name a site each, which says all that features at one place share.
 * @param {any} raw
 * @returns {Promise<{features: FeatureColumns & {starts: Uint32Array}, sites: SiteColumns}>}
 */
async function readFeatures(raw) {
  const own = raw.sites;
  const [site, note, place, spot, ring, geometry] = await Promise.all(
    [raw.site, own.note, own.place, own.spot, own.ring, own.geometry].map(async (part) => sharing(await readColumn(part, Uint32Array))),
  );
  const [shape, precision, role, relation, method] = await Promise.all(
    [own.shape, own.precision, own.role, own.relation, own.method].map((part) => readColumn(part, Uint8Array)),
  );
  const radius = await readColumn(own.radius, Float32Array);
  const starts = startsOf(await readColumn(raw.lengths, Uint16Array));
  const isPlain = isCounting(starts);
  const event = isPlain ? countingTo(site.length) : new Uint32Array(site.length);
  if (!isPlain) for (let row = 0; row + 1 < starts.length; row++) for (let f = starts[row]; f < starts[row + 1]; f++) event[f] = row;
  return {
    features: { count: site.length, event, site, starts },
    sites: { count: shape.length, shape, precision, role, note, place, spot, ring, geometry, radius, width: radius, relation, method },
  };
}

/**
 * @param {any} raw
 * @returns {Promise<Spots>}
 */
async function readSpots(raw) {
  const [west, south] = await Promise.all([raw.lon, raw.lat].map((part) => readColumn(part, Uint32Array)));
  return new Spots({ west, south, corner: raw.corner, parts: raw.parts, badge: await readColumn(raw.badge, Uint8Array) });
}

/**
 * @param {any} raw
 * @returns {Promise<AsideColumns>}
 */
async function readAsides(raw) {
  const [event, place, geometry] = await Promise.all([raw.event, raw.place, raw.geometry].map((part) => readColumn(part, Uint32Array)));
  const [shape, role] = await Promise.all([raw.shape, raw.role].map((part) => readColumn(part, Uint8Array)));
  const [lon, lat] = await Promise.all([raw.lon, raw.lat].map((part) => readColumn(part, Float64Array)));
  return { count: raw.count, event, shape, role, place, lon, lat, x: lon.map(worldX), y: lat.map(worldY), radius: await readColumn(raw.radius, Float32Array), geometry };
}

/**
 * @param {Part} part
 * @returns {Promise<Context[]>}
 */
async function readContexts(part) {
  const raw = /** @type {(Omit<Context, "shapes"> & {shapes: GeoShape[]})[]} */ ((await readPart(part)) ?? []);
  return raw.map((context) => ({ ...context, shapes: context.shapes.map(readShape) }));
}

/**
 * @param {any} raw
 * @returns {Promise<Rings>}
 */
async function readRings(raw) {
  const spot = sharing(await readColumn(raw.spot, Uint32Array));
  const radius = await readColumn(raw.radius, Float32Array);
  return { count: spot.length, spot, radius, near: await readColumn(raw.near, Uint8Array) };
}

/**
 * @param {Record<string, Part>} raw
 * @returns {Promise<Words>}
 */
async function readWords(raw) {
  const read = await Promise.all(Object.entries(raw).map(async ([name, part]) => [name, await readPart(part)]));
  const empty = { subtype: [], modality: [], date_precision: [], role: [], note: [], actor: [], relation: [], method: [], claimant: [], source: [], place: [], actor_role: [], reason: [] };
  return { ...empty, ...Object.fromEntries(read) };
}

/**
 * @param {[number, string][]} runs
 * @returns {Map<string, string>}
 */
function readFolds(runs) {
  /** @type {Map<string, string>} */
  const folds = new Map();
  for (const [first, run] of runs) {
    run.split("|").forEach((fold, i) => folds.set(String.fromCodePoint(first + i), fold));
  }
  return folds;
}

/**
 * How wide each site is, in metres, as a radius: 0 for a point of no stated width, infinite for a country.
 * @param {SiteColumns} sites
 * @param {Shape[]} shapes
 * @param {number} badge
 */
function widths(sites, shapes, badge) {
  const degree = (EARTH_RADIUS_M * Math.PI) / 180;
  const reach = shapes.map(({ degrees: [west, south, east, north] }) => {
    const middle = (((south + north) / 2) * Math.PI) / 180;
    return Math.hypot((east - west) * degree * Math.cos(middle), (north - south) * degree) / 2;
  });
  const { count, radius, shape, geometry } = sites;
  let stated = 0;
  while (stated < count && radius[stated] >= 0) stated += 1;
  if (stated === count) return radius;
  const wide = radius.slice();
  for (let site = stated; site < count; site++) {
    if (radius[site] >= 0) continue;
    wide[site] = shape[site] === badge ? Infinity : geometry[site] === NONE ? 0 : reach[geometry[site]];
  }
  return wide;
}

/**
 * @template K, T
 * @param {Map<K, T[]>} groups
 * @param {K} key
 * @param {T} member
 */
function gather(groups, key, member) {
  const group = groups.get(key);
  if (group) group.push(member);
  else groups.set(key, [member]);
}

/**
 * @param {Scene} scene
 * @param {number} row
 */
function symbolOf(scene, row) {
  return scene.types[scene.events.type[row]] ?? UNKNOWN_TYPE;
}

/**
 * Rows of the features of an event, from the first to before the last.
 * @param {Scene} scene
 * @param {number} row
 * @returns {number[]}
 */
function featuresOf(scene, row) {
  const { features } = scene.events;
  return Array.from({ length: features[row + 1] - features[row] }, (_, i) => features[row] + i);
}

/**
 * @param {Scene} scene
 * @param {number} feature
 */
function shapeOf(scene, feature) {
  return scene.shapes[scene.sites.shape[scene.features.site[feature]]];
}

/**
 * What the features at a site count as in the legend: their shape, with airspace and waters apart.
 * @param {Scene} scene
 * @param {number} site
 */
function kindOf({ sites, shapes, precisions }, site) {
  const shape = shapes[sites.shape[site]];
  if (shape !== "area") return shape;
  const precision = precisions[sites.precision[site]];
  return precision === "waters" ? "waters" : precision === "line" ? "line" : "area";
}

/**
 * The place of a feature as it is written, or empty.
 * @param {Scene} scene
 * @param {number} feature
 */
function placeName(scene, feature) {
  return siteName(scene, scene.features.site[feature]);
}

/**
 * The place of a site as it is written; one without a name by its position, latitude first.
 * @param {Scene} scene
 * @param {number} site
 */
function siteName({ words, sites, spots }, site) {
  const name = words.place[sites.place[site]]?.[0];
  const spot = sites.spot[site];
  if (name || name === "" || spot === NONE || spots.badge[spot]) return name ?? "";
  return `${Number(spots.lat(spot).toPrecision(6))}, ${Number(spots.lon(spot).toPrecision(6))}`;
}
