// @ts-check
// Time: a histogram with two handles, play and step, and the days to type in.

const TIMELINE_HEIGHT = 74;
const AXIS_HEIGHT = 16;
const PLAY_MS = 900;
const PLAYED_SHARE = 24;

class Timeline {
  /**
   * @param {Scene} scene
   * @param {(change: object) => void} apply
   */
  constructor(scene, apply) {
    this.scene = scene;
    this.apply = apply;
    const extent = timeExtent(scene);
    this.bins = extent ? makeBins(extent) : null;
    /** @type {Histogram | null} */
    this.histogram = null;
    /** @type {[string | null, string | null] | null} */
    this.time = null;
    this.mode = "window";
    this.speed = 1;
    this.timer = 0;
    this.counted = -1;
    this.canvas = make("canvas", "gm-histogram");
    this.canvas.setAttribute("aria-hidden", "true");
    this.chart = make("div", "gm-chart");
    this.window = make("div", "gm-window");
    /** @type {HTMLElement[]} */
    this.handles = [this.handle("first"), this.handle("last")];
    this.chart.append(this.canvas, this.window, ...this.handles);
    this.play = iconButton("play", t("time.play"), () => this.toggle());
    this.back = iconButton("back", t("time.back"), () => this.step(-1));
    this.next = iconButton("next", t("time.next"), () => this.step(1));
    this.all = make("button", "gm-plain-button", t("time.all"));
    this.all.type = "button";
    this.all.addEventListener("click", () => {
      this.stop();
      apply({ time: null });
    });
    this.inputs = [this.dayInput("first"), this.dayInput("last")];
    this.modeBox = selectBox(t("time.mode"), OPTIONS.mode.map((mode) => [mode, t(`time.${mode}`)]), (mode) => apply({ mode }));
    this.speedBox = selectBox(t("time.speed"), OPTIONS.speed.map((speed) => [speed, `${speed}×`]), (speed) => apply({ speed }));
    this.undated = make("span", "gm-undated");
    const tools = make("div", "gm-time-tools");
    const dash = make("span", undefined, "–");
    dash.setAttribute("aria-hidden", "true");
    const entry = make("span", "gm-time-entry");
    entry.append(this.inputs[0], dash, this.inputs[1]);
    tools.append(this.back, this.play, this.next, entry, this.all, this.modeBox, this.speedBox, this.undated);
    this.element = make("div", "gm-timeline");
    this.element.append(tools, this.chart);
    if (!this.bins) this.element.replaceChildren(make("p", "gm-faint", t("time.none")));
    this.chart.addEventListener("pointerdown", (down) => this.drag(down));
    // Kept here: to ask the browser for them in the middle of a change makes it lay out the page twice.
    this.width = 0;
    this.ink = "";
    /** The days below the bars, which no filter changes. @type {HTMLCanvasElement | null} */
    this.axis = null;
    new ResizeObserver(() => this.refit()).observe(this.chart);
  }

  /** The first and the last day of the axis. */
  get days() {
    return this.bins ? [this.bins.starts[0], this.bins.end] : [0, 0];
  }

  /** The days chosen, as numbers; the whole axis where nothing is chosen. */
  get chosen() {
    const [first, last] = this.days;
    return [this.time?.[0] ? dayNumber(this.time[0]) : first, this.time?.[1] ? dayNumber(this.time[1]) : last];
  }

  /**
   * Choose days; the whole axis is no choice at all.
   * @param {number} first
   * @param {number} last
   */
  choose(first, last) {
    const [from, to] = this.days;
    const [a, b] = [Math.max(from, Math.min(first, last)), Math.min(to, Math.max(first, last))];
    this.apply({ time: a <= from && b >= to ? null : [isoDay(a), isoDay(b)] });
  }

  /** @param {"first" | "last"} end */
  handle(end) {
    const handle = make("div", `gm-handle gm-handle-${end}`);
    handle.tabIndex = 0;
    handle.setAttribute("role", "slider");
    handle.setAttribute("aria-label", t(`time.${end}`));
    handle.addEventListener("keydown", (key) => this.key(key, end));
    return handle;
  }

  /** @param {"first" | "last"} end */
  dayInput(end) {
    const input = make("input", "gm-day");
    input.type = "date";
    input.setAttribute("aria-label", t(`time.${end}`));
    // A year that is typed goes through the years 2, 20 and 202, and each moves the other end only for as long.
    let before = this.time;
    input.addEventListener("focus", () => { before = this.time; });
    input.addEventListener("change", () => {
      this.stop();
      const day = input.value || null;
      const [first, last] = before ?? [null, null];
      const next = end === "first" ? [day, last] : [first, day];
      // The end just typed is the one that is meant; the other gives way.
      if (next[0] && next[1] && next[0] > next[1]) next[end === "first" ? 1 : 0] = day;
      this.apply({ time: next[0] === null && next[1] === null ? null : next });
    });
    return input;
  }

  /**
   * @param {KeyboardEvent} key
   * @param {"first" | "last"} end
   */
  key(key, end) {
    if (!this.bins) return;
    const { starts } = this.bins;
    const [first, last] = this.chosen;
    const steps = /** @type {Record<string, number>} */ ({ ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10, Home: -starts.length, End: starts.length });
    const step = steps[key.key];
    if (step === undefined) return;
    key.preventDefault();
    this.stop();
    const bin = binOf(this.bins, end === "first" ? first : last) + step;
    if (end === "first") this.choose(Math.min(this.binStart(bin), last), last);
    else this.choose(first, Math.max(first, this.binEnd(bin)));
  }

  /** @param {number} bin */
  binStart(bin) {
    const { starts } = /** @type {Bins} */ (this.bins);
    return starts[Math.max(0, Math.min(starts.length - 1, bin))];
  }

  /** @param {number} bin */
  binEnd(bin) {
    const { starts, end } = /** @type {Bins} */ (this.bins);
    const at = Math.max(0, Math.min(starts.length - 1, bin));
    return at + 1 < starts.length ? starts[at + 1] - 1 : end;
  }

  // Playing

  toggle() {
    if (this.timer) this.stop();
    else this.start();
  }

  start() {
    if (!this.bins) return;
    const [, to] = this.days;
    // From the beginning where there is nothing left to play; all of the time is no window that could move.
    const isOver = this.chosen[1] >= to;
    if (isOver && this.mode === "cumulative") this.apply({ time: null });
    if (!this.time || isOver) this.first();
    this.timer = window.setInterval(() => this.playOn(), PLAY_MS / this.speed);
    this.play.dataset.icon = "pause";
    this.play.setAttribute("aria-label", t("time.pause"));
    this.play.title = t("time.pause");
  }

  /** One step of play; the last one shows all there is, and nothing comes after it. */
  playOn() {
    if (!this.step(1) || !this.time) this.stop();
  }

  stop() {
    window.clearInterval(this.timer);
    this.timer = 0;
    this.play.dataset.icon = "play";
    this.play.setAttribute("aria-label", t("time.play"));
    this.play.title = t("time.play");
  }

  /** How many bins the window holds. */
  get windowBins() {
    if (!this.bins) return 1;
    const [first, last] = this.chosen;
    return Math.max(1, binOf(this.bins, last) - binOf(this.bins, first) + 1);
  }

  /** The first position of play: the window that was chosen, or a part of the whole. */
  first() {
    if (!this.bins) return;
    const bins = this.time ? this.windowBins : Math.max(1, Math.round(this.bins.starts.length / PLAYED_SHARE));
    this.choose(this.days[0], this.binEnd(bins - 1));
  }

  /**
   * @param {number} by Bins.
   * @returns {boolean} False at the end.
   */
  step(by) {
    if (!this.bins) return false;
    const { starts } = this.bins;
    if (!this.time) {
      this.first();
      return true;
    }
    const [first, last] = this.chosen;
    const from = binOf(this.bins, first);
    const to = binOf(this.bins, last);
    if ((by > 0 && to >= starts.length - 1) || (by < 0 && (this.mode === "cumulative" ? to : from) <= 0)) return false;
    if (this.mode === "cumulative") this.choose(this.days[0], this.binEnd(to + by));
    else this.choose(this.binStart(from + by), this.binEnd(to + by));
    return true;
  }

  // Dragging

  /** @param {PointerEvent} down */
  drag(down) {
    if (!this.bins || down.button !== 0) return;
    down.preventDefault();
    this.stop();
    this.chart.setPointerCapture(down.pointerId);
    const [first, last] = this.chosen;
    const start = this.dayAt(down.clientX);
    const onHandle = this.handles.includes(/** @type {HTMLElement} */ (down.target));
    const inside = down.target === this.window && this.time !== null;
    const end = this.nearerHandle(down.clientX);
    if (!inside) this.handles[end].focus({ preventScroll: true });
    let asked = false;
    let x = down.clientX;
    const move = () => {
      asked = false;
      const day = this.dayAt(x);
      if (inside) {
        const [from, to] = this.days;
        const shift = Math.max(from - first, Math.min(to - last, day - start));
        this.choose(first + shift, last + shift);
      } else if (end === 0) this.choose(Math.min(day, last), last);
      else this.choose(first, Math.max(day, first));
    };
    /** @param {PointerEvent} event */
    const follow = (event) => {
      x = event.clientX;
      if (!asked) requestAnimationFrame(move);
      asked = true;
    };
    const release = () => {
      this.chart.removeEventListener("pointermove", follow);
      this.chart.removeEventListener("pointerup", release);
      this.chart.removeEventListener("pointercancel", release);
    };
    this.chart.addEventListener("pointermove", follow);
    this.chart.addEventListener("pointerup", release);
    this.chart.addEventListener("pointercancel", release);
    if (!onHandle && !inside) move();
  }

  /** Handles are wide enough for a finger, so they may lie over each other. @param {number} clientX */
  nearerHandle(clientX) {
    const [first, last] = this.handles.map((handle) => {
      const { left, width } = handle.getBoundingClientRect();
      return clientX - left - width / 2;
    });
    if (Math.abs(first) === Math.abs(last)) return first < 0 ? 0 : 1;
    return Math.abs(first) < Math.abs(last) ? 0 : 1;
  }

  /** @param {number} clientX */
  dayAt(clientX) {
    const { left, width } = this.chart.getBoundingClientRect();
    const [first, last] = this.days;
    const share = (clientX - left) / Math.max(1, width);
    return Math.round(first + Math.max(0, Math.min(1, share)) * (last + 1 - first) - 0.5);
  }

  // Showing

  /**
   * @param {State} state
   * @param {EventFilter} filter
   */
  show(state, filter) {
    this.time = state.time;
    this.mode = state.mode;
    this.modeBox.value = state.mode;
    this.speedBox.value = state.speed;
    if (this.speed !== Number(state.speed)) {
      this.speed = Number(state.speed);
      if (this.timer) {
        this.stop();
        this.start();
      }
    }
    const { undated } = filter.totals;
    this.undated.textContent = undated ? t(state.time ? "time.undated_hidden" : "time.undated", { n: undated }) : "";
    if (!this.bins) return;
    const [first, last] = this.chosen;
    const [from, to] = this.days;
    this.handles.forEach((handle, end) => {
      handle.setAttribute("aria-valuemin", String(from));
      handle.setAttribute("aria-valuemax", String(to));
      handle.setAttribute("aria-valuenow", String(end ? last : first));
      handle.setAttribute("aria-valuetext", formatDay(end ? last : first, "day"));
      handle.style.left = `${this.share(end ? last + 1 : first) * 100}%`;
    });
    this.window.style.left = `${this.share(first) * 100}%`;
    this.window.style.width = `${(this.share(last + 1) - this.share(first)) * 100}%`;
    this.window.classList.toggle("gm-chosen", this.time !== null);
    this.inputs.forEach((input, end) => {
      if (document.activeElement !== input) input.value = this.time?.[end] ?? isoDay(end ? to : from);
    });
    // The bars stand for all times; only other choices change them.
    if (this.counted === filter.version) return;
    this.counted = filter.version;
    this.histogram = countBins(this.scene, filter, this.bins);
    this.draw();
  }

  /** @param {number} day */
  share(day) {
    const [first, last] = this.days;
    return Math.max(0, Math.min(1, (day - first) / (last + 1 - first)));
  }

  /** Draw with the room and the colours that the page gives now. */
  refit() {
    if (!this.histogram) return;
    this.width = this.chart.clientWidth;
    this.ink = getComputedStyle(this.element).color;
    const { bins, width, ink } = this;
    if (bins && width) this.axis = smallCanvas(width, TIMELINE_HEIGHT, (ctx) => {
      ctx.translate(-width / 2, -TIMELINE_HEIGHT / 2);
      this.drawAxis(ctx, width, bins, ink);
    });
    this.draw();
  }

  draw() {
    const { canvas, bins, histogram, axis, width, ink } = this;
    if (!bins || !histogram || !axis || !width) return;
    const ratio = Math.max(1, window.devicePixelRatio || 1);
    if (canvas.width !== Math.round(width * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(TIMELINE_HEIGHT * ratio);
    }
    const ctx = canvas.getContext("2d");
    if (!ctx) return;
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, TIMELINE_HEIGHT);
    this.drawBars(ctx, width, bins, histogram);
    ctx.drawImage(axis, 0, 0, width, TIMELINE_HEIGHT);
    ctx.fillStyle = ink;
    ctx.font = `10px ${MAP_FONT}`;
    ctx.textAlign = "right";
    ctx.textBaseline = "top";
    if (histogram.most) ctx.fillText(t("time.most", { n: histogram.most }), width - 12, 1);
  }

  /**
   * What is sure stands solid; what may have happened then stands on it, fading.
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} width
   * @param {Bins} bins
   * @param {Histogram} histogram
   */
  drawBars(ctx, width, bins, { sure, maybe, types, most }) {
    const room = TIMELINE_HEIGHT - AXIS_HEIGHT - 8;
    const floor = TIMELINE_HEIGHT - AXIS_HEIGHT;
    const left = bins.starts.map((start) => this.share(start) * width);
    const tops = new Float64Array(left.length).fill(floor);
    for (const [counts, alpha] of /** @type {[Uint32Array, number][]} */ ([[sure, 1], [maybe, 0.35]])) {
      ctx.globalAlpha = alpha;
      for (let type = 0; type < types; type++) {
        ctx.fillStyle = lineColour((this.scene.types[type] ?? UNKNOWN_TYPE).colour);
        ctx.beginPath();
        for (let bin = 0; bin < left.length; bin++) {
          const count = counts[bin * types + type];
          if (!count) continue;
          const height = (count / Math.max(1, most)) * room;
          const x1 = left[bin + 1] ?? width;
          const gap = x1 - left[bin] > 4 ? 1 : 0;
          tops[bin] -= height;
          ctx.rect(left[bin], tops[bin], Math.max(1, x1 - left[bin] - gap), Math.max(height, 0.75));
        }
        ctx.fill();
      }
    }
    ctx.globalAlpha = 1;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {number} width
   * @param {Bins} bins
   * @param {string} colour
   */
  drawAxis(ctx, width, bins, colour) {
    const [first, last] = this.days;
    const days = last + 1 - first;
    const most = Math.max(2, Math.floor(width / 90));
    const step = AXIS_STEPS.find(([, length]) => days / length <= most) ?? AXIS_STEPS[AXIS_STEPS.length - 1];
    ctx.fillStyle = ctx.strokeStyle = colour;
    ctx.globalAlpha = 0.5;
    ctx.fillRect(0, TIMELINE_HEIGHT - AXIS_HEIGHT, width, 1);
    ctx.globalAlpha = 1;
    ctx.font = `10.5px ${MAP_FONT}`;
    ctx.textBaseline = "bottom";
    let taken = -Infinity;
    const [unit, , each] = step;
    for (let day = stepStart(first, unit), guard = 0; day <= last && guard < 5000; day = stepStart(day, unit, each), guard++) {
      const x = this.share(day) * width;
      const words = formatDay(day, unit === "year" ? "year" : unit === "month" || unit === "quarter" ? "month" : "short");
      const size = ctx.measureText(words).width;
      const left = Math.max(0, Math.min(width - size, x + 3));
      if (day < first && size > this.share(stepStart(day, unit, each)) * width) continue;
      if (left < taken + 6) continue;
      ctx.fillRect(x, TIMELINE_HEIGHT - AXIS_HEIGHT, 1, 5);
      ctx.textAlign = "left";
      ctx.fillText(words, left, TIMELINE_HEIGHT);
      taken = left + size;
    }
  }
}

/** Steps of the axis: unit, length in days, and how many units. @type {[BinUnit, number, number][]} */
const AXIS_STEPS = [
  ["day", 1, 1], ["day", 2, 2], ["week", 7, 1], ["week", 14, 2], ["month", 30.4, 1], ["month", 61, 2], ["quarter", 91, 1],
  ["quarter", 183, 2], ["year", 365, 1], ["year", 1826, 5], ["year", 3652, 10], ["year", 36_525, 100],
];

/**
 * @param {string} icon
 * @param {string} label
 * @param {() => void} act
 */
function iconButton(icon, label, act) {
  const button = make("button", "gm-icon");
  button.type = "button";
  button.dataset.icon = icon;
  button.setAttribute("aria-label", label);
  button.title = label;
  button.addEventListener("click", act);
  return button;
}
