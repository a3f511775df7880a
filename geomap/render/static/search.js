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

/** The folded texts of all events; opened the first time that somebody searches. */
class SearchIndex {
  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    /** @type {string[] | null} */
    this.blocks = null;
    /** @type {Uint32Array} */
    this.starts = new Uint32Array(0);
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
    const lengths = new Uint32Array(events.count);
    /** @type {string[]} */
    const blocks = [];
    const { size } = text.heads;
    for (let first = 0; first < events.count; first += size) {
      // One long text for each block: the browser searches a long text faster than many short ones.
      const [heads, summaries] = await Promise.all([text.heads.read(first), text.summaries.read(first)]);
      let block = "";
      /** @type {unknown[]} */ (heads.title).forEach((title, i) => {
        const summary = summaries.summary[i];
        const folded = foldText(summary ? `${title} | ${summary}` : String(title), folds);
        lengths[first + i] = folded.length + 1;
        block += `${folded}\n`;
      });
      blocks.push(block);
      await afterTask();
    }
    this.starts = startsOf(lengths);
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
    return first.map((hit, row) => hit & rest.reduce((all, own) => all & own[row], 1));
  }

  /** @param {string} word */
  matchWord(word) {
    const known = this.found.get(word);
    if (known) return known;
    const hits = new Uint8Array(this.scene.events.count);
    this.matchTexts(word, hits);
    this.matchNames(word, hits);
    if (this.found.size > 40) this.found.clear();
    this.found.set(word, hits);
    return hits;
  }

  /**
   * @param {string} word
   * @param {Uint8Array} hits
   */
  matchTexts(word, hits) {
    let row = 0;
    let offset = 0;
    for (const block of this.blocks ?? []) {
      let at = block.indexOf(word);
      while (at >= 0) {
        while (this.starts[row + 1] <= offset + at) row += 1;
        hits[row] = 1;
        at = block.indexOf(word, this.starts[row + 1] - offset);
      }
      offset += block.length;
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

/** Let the browser do what waits, so that long work does not hold the page. @returns {Promise<void>} */
function afterTask() {
  return new Promise((resolve) => setTimeout(resolve));
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
