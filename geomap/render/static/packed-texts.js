// @ts-check
// Texts of events as the island holds them: ids, and titles, summaries and details in blocks that are opened when they are needed.

const LINE_FEED = 10;
// In texts whose words are numbers: bytes up to the most frequent words' number are these.
const TEXT_END = 0;
const SHORT_WORDS = 190;
const NO_TEXT = 254;
const OWN_WORD = 255;

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
