// @ts-check
// Free-text search: the same fold on both sides, so that a name is found in any spelling of its letters.

// Signs between letters may join or part them; a text with any is folded sign by sign.
const PLAIN = /^[A-Za-z0-9 ,.:;!?()-]*$/;

/**
 * Fold text for searching: lower-case ASCII words parted by single blanks.
 * @param {string} text
 * @param {Map<string, string>} folds
 */
function foldText(text, folds) {
  // Most titles are plain letters, which the browser folds at once.
  if (PLAIN.test(text)) return text.toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();
  let folded = "";
  for (const letter of text.normalize("NFKC").toLowerCase()) {
    folded += folds.get(letter) ?? foldPlain(letter, folds);
  }
  return folded.split(/\s+/).filter(Boolean).join(" ");
}

/**
 * A letter that the table lacks folds as the one that it is made of, without its marks.
 * @param {string} letter
 * @param {Map<string, string>} folds
 */
function foldPlain(letter, folds) {
  if (letter < "\u0080") return letter;
  const [base] = letter.normalize("NFD");
  return /\p{M}/u.test(base) ? "" : (folds.get(base) ?? base);
}

/**
 * The words of some events' texts.
 * @typedef {{first: number, values: Uint16Array | Uint32Array, ends: Uint16Array | Uint32Array}} WordBlock `first`: the row of the first event; `values`: numbers of words, end to end; `ends`: where those of each event end.
 */

// Hits of words asked for lately, in bytes.
const MOST_HITS = 10_000_000;
const LONGEST_TURN_MS = 12;
const BLANK = 32;

/**
 * The folded words of all events' texts, each word once; opened the first time that somebody searches. A text is the
 * numbers of its words: what is typed is looked for in the words, and then only for their numbers in the texts.
 */
class SearchIndex {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    /** @type {WordBlock[] | null} */
    this.blocks = null;
    /** Every word of any text, folded. @type {string[]} */
    this.words = [];
    /** @type {Promise<void> | undefined} */
    this.opening = undefined;
    /** @type {string[]} */
    this.places = [];
    /** @type {string[]} */
    this.actors = [];
    /** @type {string[]} */
    this.claimants = [];
    /** @type {Map<string, Uint8Array>} */
    this.found = new Map();
  }

  get isOpen() {
    return this.blocks !== null;
  }

  /** @returns {Promise<void>} */
  open() {
    return (this.opening ??= this.load());
  }

  async load() {
    const { text, folds, events } = this.scene;
    const { size } = text.heads;
    const book = new WordBook(folds);
    /** @type {WordBlock[]} */
    const blocks = [];
    const read = (/** @type {number} */ first) => (first < events.count ? Promise.all([text.titles.readText(first), text.summaries.readText(first)]) : null);
    let reading = read(0);
    /** The last block of titles, and of summaries. @type {{own: unknown, block: Omit<WordBlock, "first">}[]} */
    const last = [];
    let began = performance.now();
    for (let first = 0; reading; first += size) {
      const texts = await reading;
      // The browser unpacks the next block while this one is read.
      reading = read(first + size);
      texts.forEach((own, column) => {
        if (last[column]?.own !== own) last[column] = { own, block: "bytes" in own ? book.readCodes(own) : book.readTexts(own) };
        blocks.push({ first, ...last[column].block });
      });
      if (performance.now() - began < LONGEST_TURN_MS) continue;
      await afterTask();
      began = performance.now();
    }
    this.words = book.words;
    this.blocks = blocks;
    const { place, actor, claimant } = this.scene.words;
    const fold = (/** @type {string} */ name) => foldText(name, this.scene.folds);
    this.places = place.map(([label, native, names]) => fold(`${label ?? ""} | ${native ?? ""} | ${names}`));
    this.actors = actor.map(([name]) => fold(name));
    this.claimants = claimant.map(fold);
  }

  /**
   * Which events hold every word of a phrase, in any of their texts and names.
   * @param {string} phrase As people type it.
   * @returns {Uint8Array} 1 for each row that does.
   */
  match(phrase) {
    const { count } = this.scene.events;
    const words = foldText(phrase, this.scene.folds).split(" ").filter(Boolean);
    // What folds to nothing, such as a lone sign, finds nothing.
    if (!words.length) return new Uint8Array(count);
    const [first, ...rest] = words.map((word) => this.matchWord(word));
    if (!rest.length) return first;
    const all = first.slice();
    for (const own of rest) for (let row = 0; row < count; row++) all[row] &= own[row];
    return all;
  }

  /** @param {string} word */
  matchWord(word) {
    const known = this.found.get(word);
    if (known) return known;
    const hits = new Uint8Array(this.scene.events.count);
    this.matchTexts(word, hits);
    this.matchNames(word, hits);
    if (this.found.size > 2 && this.found.size * hits.length > MOST_HITS) this.found.clear();
    this.found.set(word, hits);
    return hits;
  }

  /**
   * @param {string} word
   * @param {Uint8Array} hits
   */
  matchTexts(word, hits) {
    const wanted = holding(this.words, word);
    if (!wanted) return;
    for (const { first, values, ends } of this.blocks ?? []) {
      for (let i = 0, row = 0; i < values.length; i++) {
        if (wanted[values[i]] === 0) continue;
        while (ends[row] <= i) row += 1;
        hits[first + row] = 1;
        i = ends[row] - 1;
      }
    }
  }

  /**
   * Names that many events share are searched once each.
   * @param {string} word
   * @param {Uint8Array} hits
   */
  matchNames(word, hits) {
    const { events, features, sites } = this.scene;
    const places = holding(this.places, word);
    if (places) {
      const named = Uint8Array.from(sites.place, (place) => places[place]);
      for (let f = 0; f < features.count; f++) if (named[features.site[f]] === 1) hits[features.event[f]] = 1;
    }
    for (const { lists, names } of [{ lists: events.actors, names: this.actors }, { lists: events.claimants, names: this.claimants }]) {
      const named = holding(names, word);
      if (!named) continue;
      for (let row = 0; row < events.count; row++) {
        for (let i = lists.starts[row]; i < lists.starts[row + 1]; i++) if (named[lists.values[i]]) hits[row] = 1;
      }
    }
  }
}

/** @typedef {{single: Uint32Array, several: number[][]}} VocabularyNumbers For each word the number of what it folds to, `NONE` where that is not one word. */

/** Numbers words: each is folded once, however many texts it stands in. */
class WordBook {
  /** @param {Map<string, string>} folds */
  constructor(folds) {
    this.folds = folds;
    /** Folded, by number. @type {string[]} */
    this.words = [];
    /** @type {Map<string, number>} */
    this.numbers = new Map();
    /** Words as they are written, each with its hash and the numbers of what it folds to. @type {{word: string, hash: number, numbers: number[]}[]} */
    this.written = [];
    /** By hash the place of each in the list, from 1 on; less than half full. */
    this.table = new Uint32Array(1 << 12);
    this.room = new Uint32Array(4096);
    this.used = 0;
    /** The numbers of what each word of a vocabulary folds to. @type {Map<string[], VocabularyNumbers>} */
    this.vocabularies = new Map();
  }

  /** @param {unknown[]} texts */
  readTexts(texts) {
    const ends = new Uint32Array(texts.length);
    this.used = 0;
    texts.forEach((text, i) => {
      if (text) this.add(String(text));
      ends[i] = this.used;
    });
    return this.packed(ends);
  }

  /**
   * Texts whose words are numbers already: nothing is put into words that the vocabulary has.
   * @param {CodedTexts} texts
   */
  readCodes({ bytes, vocabulary }) {
    const { single, several } = this.numbersIn(vocabulary);
    // Some of these bytes are the second ones of words.
    let most = 0;
    for (let at = 0; at < bytes.length; at++) if (bytes[at] === TEXT_END) most += 1;
    const ends = new Uint32Array(most);
    let letters = "";
    let row = 0;
    // At most one word for each byte, but for those that fold to several.
    this.used = 0;
    this.widen(bytes.length);
    let { room } = this;
    let used = 0;
    for (let at = 0; at < bytes.length; at++) {
      const code = bytes[at];
      if (code === TEXT_END) {
        ends[row++] = used;
        continue;
      }
      if (code === NO_TEXT) continue;
      const word = code === OWN_WORD ? -1 : code <= SHORT_WORDS ? code - 1 : SHORT_WORDS + (code - SHORT_WORDS - 1) * 256 + bytes[++at];
      if (word >= 0 && single[word] !== NONE) {
        room[used++] = single[word];
        continue;
      }
      this.used = used;
      if (word >= 0) this.put(several[word]);
      else {
        letters ||= lettersOf(bytes);
        const end = bytes.indexOf(OWN_WORD, at + 1);
        this.addWord(bytes, letters, at + 1, end);
        at = end;
      }
      this.widen(bytes.length - at);
      ({ room, used } = this);
    }
    this.used = used;
    return this.packed(ends.subarray(0, row));
  }

  /**
   * @param {Uint32Array} ends
   * @returns {{values: Uint16Array | Uint32Array, ends: Uint16Array | Uint32Array}}
   */
  packed(ends) {
    const values = this.room.subarray(0, this.used);
    return { values: this.words.length > 65_536 ? values.slice() : new Uint16Array(values), ends: this.used > 65_535 ? ends : new Uint16Array(ends) };
  }

  /**
   * @param {string[]} vocabulary
   * @returns {VocabularyNumbers}
   */
  numbersIn(vocabulary) {
    let known = this.vocabularies.get(vocabulary);
    if (!known) {
      const several = vocabulary.map((word) => this.foldedNumbers(word));
      known = { several, single: Uint32Array.from(several, (numbers) => (numbers.length === 1 ? numbers[0] : NONE)) };
      this.vocabularies.set(vocabulary, known);
    }
    return known;
  }

  /** @param {string} word */
  foldedNumbers(word) {
    return foldText(word, this.folds).split(" ").filter(Boolean).map((folded) => this.numberOf(folded));
  }

  /** @param {number[]} numbers */
  put(numbers) {
    this.widen(numbers.length);
    for (let i = 0; i < numbers.length; i++) this.room[this.used++] = numbers[i];
  }

  /**
   * A word that is written out among the numbers.
   * @param {Uint8Array} bytes
   * @param {string} letters Of the bytes, as far as they are ASCII.
   * @param {number} first
   * @param {number} end
   */
  addWord(bytes, letters, first, end) {
    let hash = 0;
    for (let at = first; at < end; at++) {
      if (bytes[at] > 127) {
        this.add(ownWord.decode(bytes.subarray(first, end)));
        return;
      }
      hash = (Math.imul(hash, 31) + bytes[at]) | 0;
    }
    this.put(this.numbersOf(letters, first, end, hash));
  }

  /**
   * A text is read letter by letter: to cut each word out of it takes several times as long.
   * @param {string} text
   */
  add(text) {
    let first = 0;
    let hash = 0;
    for (let at = 0; at <= text.length; at++) {
      const code = at < text.length ? text.charCodeAt(at) : BLANK;
      if (code !== BLANK) {
        hash = (Math.imul(hash, 31) + code) | 0;
        continue;
      }
      if (at > first) {
        this.put(this.numbersOf(text, first, at, hash));
      }
      first = at + 1;
      hash = 0;
    }
  }

  /** Make room for more. @param {number} more */
  widen(more) {
    if (this.used + more <= this.room.length) return;
    const room = new Uint32Array(2 * (this.used + more));
    room.set(this.room);
    this.room = room;
  }

  /**
   * The numbers of a word that stands in a text.
   * @param {string} text
   * @param {number} first
   * @param {number} end
   * @param {number} hash
   */
  numbersOf(text, first, end, hash) {
    const mask = this.table.length - 1;
    let slot = slotOf(hash, mask);
    for (; this.table[slot] !== 0; slot = (slot + 1) & mask) {
      const known = this.written[this.table[slot] - 1];
      if (known.hash === hash && known.word.length === end - first && text.startsWith(known.word, first)) return known.numbers;
    }
    const word = text.slice(first, end);
    const numbers = this.foldedNumbers(word);
    this.table[slot] = this.written.push({ word, hash, numbers });
    if (2 * this.written.length > this.table.length) this.rebuild();
    return numbers;
  }

  /** @param {string} folded */
  numberOf(folded) {
    let number = this.numbers.get(folded);
    if (number === undefined) this.numbers.set(folded, (number = this.words.push(folded) - 1));
    return number;
  }

  rebuild() {
    this.table = new Uint32Array(2 * this.table.length);
    const mask = this.table.length - 1;
    this.written.forEach(({ hash }, place) => {
      let slot = slotOf(hash, mask);
      while (this.table[slot] !== 0) slot = (slot + 1) & mask;
      this.table[slot] = place + 1;
    });
  }
}

/**
 * @param {number} hash
 * @param {number} mask
 */
function slotOf(hash, mask) {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) & mask;
}

/**
 * Bytes as letters, one for each; as UTF-8 only what is ASCII.
 * @param {Uint8Array} bytes
 */
function lettersOf(bytes) {
  return new TextDecoder("latin1").decode(bytes);
}

/** Let the browser do what waits, so that long work does not hold the page. @returns {Promise<void>} */
function afterTask() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/**
 * @param {string[]} names Folded.
 * @param {string} word
 * @returns {Uint8Array | null} 1 for each name that holds the word; null where none does.
 */
function holding(names, word) {
  const found = Uint8Array.from(names, (name) => (name.includes(word) ? 1 : 0));
  return found.includes(1) ? found : null;
}
