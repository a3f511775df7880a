// @ts-check
// The list of what is shown: the table twin of the map. Long lists hold only the rows in sight.

const ROW_PIXELS = 74;
// So many rows all stand in the page, where the browser's own search finds them; of more than a few those out of sight
// wait until the list stands still.
const MOST_ROWS = 400;
const FEW_ROWS = 60;
const ROWS_AROUND = 8;
// Who moves the time faster than this sees no text: it is opened when the time stands, or is moved on for long.
const HASTE_MS = 60;
const PATIENCE_MS = 250;
const CLOSED = "closed";

class ResultsList {
  /**
   * @param {Scene} scene
   * @param {{open: OpenEvent, hover: (row: number | null) => void, choose: (key: "list" | "sort", value: string) => void}} actions
   */
  constructor(scene, actions) {
    this.scene = scene;
    this.actions = actions;
    /** In the order of the scene. @type {Uint32Array} */
    this.rows = new Uint32Array(0);
    this.isTurned = false;
    this.status = scene.events.status;
    this.symbols = "";
    /** @type {Map<number, HTMLElement>} By place in the list. */
    this.made = new Map();
    this.active = 0;
    this.chosen = -1;
    this.hovered = -1;
    this.scope = /** @type {HTMLSelectElement} */ (selectBox(t("list.scope"), OPTIONS.list.map((value) => [value, t(`list.${value}`)]), (value) => actions.choose("list", value)));
    this.sort = selectBox(t("list.sort"), OPTIONS.sort.map((value) => [value, t(`list.${value}`)]), (value) => actions.choose("sort", value));
    this.none = make("p", "gm-faint gm-none", t("list.empty"));
    this.space = make("div", "gm-results-space");
    this.space.setAttribute("role", "rowgroup");
    this.grid = make("div", "gm-results");
    this.grid.setAttribute("role", "grid");
    this.grid.setAttribute("aria-label", t("list.label"));
    this.grid.setAttribute("aria-colcount", "4");
    this.grid.append(this.space);
    const tools = make("div", "gm-list-tools");
    tools.append(this.scope, this.sort);
    this.element = make("div", "gm-list-box");
    this.element.append(tools, this.none, this.grid);
    /** When events were shown last, and since when texts wait to be opened; they do so by a timer. */
    this.shownAt = -Infinity;
    this.waitsSince = 0;
    this.timer = 0;
    /** Whether the rows have stood still for a moment, and the timer that says so. */
    this.isStill = false;
    this.stillTimer = 0;
    // Kept here: to ask the browser for them in the middle of a change makes it lay out the page twice.
    this.top = 0;
    this.height = 600;
    this.grid.addEventListener("scroll", () => {
      this.top = this.grid.scrollTop;
      this.fill();
    });
    this.grid.addEventListener("keydown", (key) => this.key(key));
    this.grid.addEventListener("pointerleave", () => actions.hover(null));
    new ResizeObserver(() => {
      this.height = this.grid.clientHeight;
      this.fill();
    }).observe(this.grid);
  }

  /**
   * The event at a place of the list.
   * @param {number} place
   */
  rowAt(place) {
    return this.rows[this.isTurned ? this.rows.length - 1 - place : place];
  }

  /**
   * @param {Uint32Array} rows In the order of the scene.
   * @param {State} state
   * @param {Uint8Array} status
   * @param {Record<string, number>} counts By scope.
   */
  show(rows, state, status, counts) {
    this.rows = rows;
    this.isTurned = state.sort === "newest";
    this.status = status;
    this.scope.value = state.list;
    this.sort.value = state.sort;
    for (const option of this.scope.options) {
      const words = `${t(`list.${option.value}`)} (${speech.numbers.format(counts[option.value])})`;
      if (option.textContent !== words) option.textContent = words;
    }
    this.none.hidden = rows.length > 0;
    this.grid.hidden = !rows.length;
    this.grid.setAttribute("aria-rowcount", String(rows.length));
    this.space.style.height = `${rows.length * ROW_PIXELS}px`;
    this.active = Math.max(0, Math.min(this.active, rows.length - 1));
    this.symbols = state.symbols;
    const now = performance.now();
    const isHasty = now - this.shownAt < HASTE_MS;
    this.shownAt = now;
    this.isStill = false;
    window.clearTimeout(this.stillTimer);
    if (rows.length > FEW_ROWS && rows.length <= MOST_ROWS) this.stillTimer = window.setTimeout(() => this.settle(), HASTE_MS);
    this.drop(...this.span());
    for (const [place, element] of this.made) this.write(element, place);
    this.fill(isHasty);
  }

  settle() {
    this.isStill = true;
    this.fill();
  }

  /**
   * The first and the last place whose rows are to stand in the page.
   * @returns {[number, number]}
   */
  span() {
    const { rows, height } = this;
    if (rows.length <= (this.isStill ? MOST_ROWS : FEW_ROWS)) return [0, rows.length - 1];
    const top = Math.max(0, Math.min(this.top, rows.length * ROW_PIXELS - height));
    const last = Math.ceil((top + height) / ROW_PIXELS) + ROWS_AROUND;
    return [Math.max(0, Math.floor(top / ROW_PIXELS) - ROWS_AROUND), Math.min(rows.length - 1, last)];
  }

  /**
   * Take away the rows outside of a span.
   * @param {number} first
   * @param {number} last
   */
  drop(first, last) {
    for (const [place, element] of this.made) {
      if ((place >= first && place <= last) || (place === this.active && place < this.rows.length)) continue;
      element.remove();
      this.made.delete(place);
    }
  }

  /**
   * Make the rows in sight and drop the others.
   * @param {boolean} [isHasty] Whether others were shown a moment ago.
   */
  fill(isHasty = false) {
    const { rows, made } = this;
    const [first, last] = this.span();
    this.drop(first, last);
    // In the order in which they are read: from the last to the first, each before the one that follows it.
    const places = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => last - i);
    if (this.active < rows.length && (this.active < first || this.active > last)) places.splice(this.active > last ? 0 : places.length, 0, this.active);
    /** @type {HTMLElement | null} */
    let next = null;
    for (const place of places) {
      if (!made.has(place)) this.space.insertBefore(this.makeRow(place), next);
      next = made.get(place) ?? null;
    }
    if (isHasty) this.openSoon();
    else this.openNow();
  }

  /** Open the texts of the rows in sight when these stand still. */
  openSoon() {
    const now = performance.now();
    if (!this.timer) this.waitsSince = now;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.openNow(), Math.max(0, Math.min(HASTE_MS, this.waitsSince + PATIENCE_MS - now)));
  }

  openNow() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    const missing = [...this.made].filter(([, element]) => element.dataset.shown?.endsWith(CLOSED)).map(([place]) => this.rowAt(place));
    if (missing.length) void this.scene.text.openHeads(missing).then(() => this.complete());
  }

  /** Fill the rows whose texts were still closed. */
  complete() {
    for (const [place, element] of this.made) this.write(element, place);
  }

  /** @param {number} place */
  makeRow(place) {
    const element = make("div", "gm-row");
    element.setAttribute("role", "row");
    element.setAttribute("aria-rowindex", String(place + 1));
    element.style.top = `${place * ROW_PIXELS}px`;
    element.dataset.place = String(place);
    element.addEventListener("click", () => {
      this.activate(place, false);
      this.actions.open(this.rowAt(place));
    });
    element.addEventListener("pointerenter", () => this.actions.hover(this.rowAt(place)));
    element.addEventListener("focus", () => {
      this.activate(place, false);
      this.actions.hover(this.rowAt(place));
    });
    this.made.set(place, element);
    this.write(element, place);
    return element;
  }

  /**
   * Let an element show the event at its place, if it does not yet.
   * @param {HTMLElement} element
   * @param {number} at
   */
  write(element, at) {
    const row = this.rowAt(at);
    const head = this.scene.text.head(row);
    element.tabIndex = at === this.active ? 0 : -1;
    this.mark(element, row);
    const shown = [row, this.status[row], this.symbols, head ? "open" : CLOSED].join(" ");
    if (element.dataset.shown === shown) return;
    element.dataset.shown = shown;
    // The row is written in place: what is made anew must be laid out anew.
    if (!element.firstChild) element.append(...["type", "title", "line", "chips"].map((name) => gridCell(`gm-row-${name}`)));
    const [kind, title, line, chips] = /** @type {HTMLElement[]} */ ([...element.children]);
    const symbol = symbolOf(this.scene, row);
    const sign = [signOf(this.scene, row)?.key, symbol.id, this.symbols].join(" ");
    if (kind.dataset.shown !== sign) {
      kind.dataset.shown = sign;
      kind.replaceChildren(eventIcon(this.scene, row, 20), ours(make("span", "gm-offscreen"), typeLabel(symbol)));
    }
    if (head) {
      title.replaceChildren();
      outside(title, head.title);
      const place = make("span", "gm-row-place");
      if (head.place) outside(place, head.place);
      else ours(place, t(featuresOf(this.scene, row).length ? "place.unnamed" : "place.none"));
      line.replaceChildren(ours(make("span", "gm-row-when"), whenText(head)), place);
    } else {
      title.textContent = "…";
      line.replaceChildren();
    }
    const marks = [this.scene.events.flags[row] & DRAFT, this.status[row]].join(" ");
    if (chips.dataset.shown === marks) return;
    chips.dataset.shown = marks;
    chips.replaceChildren(...statusChips(this.scene, row, this.status[row]));
  }

  /**
   * @param {HTMLElement} element
   * @param {number} row
   */
  mark(element, row) {
    element.setAttribute("aria-selected", String(row === this.chosen));
    element.classList.toggle("gm-hovered", row === this.hovered);
  }

  /**
   * Point out the open event and the one under the pointer.
   * @param {number} chosen
   * @param {number} hovered
   */
  point(chosen, hovered) {
    [this.chosen, this.hovered] = [chosen, hovered];
    for (const [place, element] of this.made) this.mark(element, this.rowAt(place));
  }

  /** Bring an event into sight, if it is in the list. @param {number} row */
  reveal(row) {
    const at = placeIn(this.rows, row);
    if (this.rows[at] !== row) return;
    const place = this.isTurned ? this.rows.length - 1 - at : at;
    this.activate(place, false);
    const { grid } = this;
    if (place * ROW_PIXELS < grid.scrollTop) grid.scrollTop = place * ROW_PIXELS;
    else if ((place + 1) * ROW_PIXELS > grid.scrollTop + grid.clientHeight) grid.scrollTop = (place + 1) * ROW_PIXELS - grid.clientHeight;
    this.top = grid.scrollTop;
  }

  /**
   * @param {number} place
   * @param {boolean} focus
   */
  activate(place, focus) {
    const before = this.made.get(this.active);
    if (before) before.tabIndex = -1;
    this.active = place;
    if (focus) {
      const { grid } = this;
      const top = place * ROW_PIXELS;
      if (top < grid.scrollTop) grid.scrollTop = top;
      else if (top + ROW_PIXELS > grid.scrollTop + grid.clientHeight) grid.scrollTop = top + ROW_PIXELS - grid.clientHeight;
      this.top = grid.scrollTop;
      this.fill();
    }
    const element = this.made.get(place);
    if (!element) return;
    element.tabIndex = 0;
    if (focus) element.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} key */
  key(key) {
    const page = Math.max(1, Math.floor(this.grid.clientHeight / ROW_PIXELS) - 1);
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -this.rows.length, End: this.rows.length });
    const step = steps[key.key];
    if (step !== undefined) {
      key.preventDefault();
      this.activate(Math.max(0, Math.min(this.rows.length - 1, this.active + step)), true);
    } else if ((key.key === "Enter" || key.key === " ") && this.rows.length) {
      key.preventDefault();
      this.actions.open(this.rowAt(this.active));
    }
  }

  /** Put the focus on the row that was used last. */
  focus() {
    if (this.rows.length) this.activate(this.active, true);
  }
}

/**
 * Where a row stands among others, or would.
 * @param {Uint32Array} rows From the least to the greatest.
 * @param {number} row
 */
function placeIn(rows, row) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {string} name */
function gridCell(name) {
  const cell = make("div", name);
  cell.setAttribute("role", "gridcell");
  return cell;
}

/**
 * @param {string} label
 * @param {string[][]} options Value and words.
 * @param {(value: string) => void} choose
 */
function selectBox(label, options, choose) {
  const box = make("select", "gm-select");
  box.setAttribute("aria-label", label);
  for (const [value, words] of options) {
    const option = make("option", undefined, words);
    option.value = value;
    box.append(option);
  }
  box.addEventListener("change", () => choose(box.value));
  return box;
}
