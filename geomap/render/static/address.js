// @ts-check
// The address bar follows the state, and the state follows what is typed there.

const HASH_MS = 250;
// What a page writes there too often browsers drop, and each time they look at the whole page again.
const MOST_AT_ONCE = 8;

class Address {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** The hash that the page wrote last. @type {string | undefined} */
    this.written = undefined;
    /** @type {number | undefined} */
    this.timer = undefined;
    /** For how many more times it may be written at once. */
    this.spare = MOST_AT_ONCE;
    this.since = 0;
    window.addEventListener("hashchange", () => {
      const hash = location.hash.slice(1);
      if (hash === this.written) return;
      // Written at once or not at all: later it could undo another step back or forward.
      this.written = hash;
      void page.take(hashToState(page.scene, hash, page.beginning)).then(() => this.write());
    });
  }

  /** The state as a hash. */
  hash() {
    const { scene, state, beginning } = this.page;
    return stateToHash(scene, state, beginning);
  }

  /** The permalink. */
  link() {
    return `${location.href.split("#")[0]}#${this.hash()}`;
  }

  /**
   * Write at once, or soon where the time alone is moved again and again.
   * @param {boolean} isTime
   */
  keepUp(isTime) {
    if (!isTime) {
      this.write();
      return;
    }
    const now = performance.now();
    this.spare = Math.min(MOST_AT_ONCE, this.spare + (now - this.since) / HASH_MS);
    this.since = now;
    if (this.spare < 1) this.note();
    else {
      this.spare -= 1;
      this.write();
    }
  }

  /** Browsers refuse a page that changes its address at every step of a slider. */
  note() {
    this.timer ??= window.setTimeout(() => this.write(), HASH_MS);
  }

  /** The address follows the state where the browser lets a page change it. */
  write() {
    window.clearTimeout(this.timer);
    this.timer = undefined;
    const hash = this.hash();
    if (hash === this.written || !/^(https?|file):$/.test(location.protocol)) return;
    try {
      history.replaceState(null, "", `#${hash}`);
      this.written = location.hash.slice(1);
    } catch {
      this.written = undefined;
    }
  }
}
