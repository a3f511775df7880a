// @ts-check
// The page's door: what other scripts and tests may ask and set.

/**
 * Resolve once the browser has shown what is drawn now; a page in the background shows no frames.
 * @returns {Promise<void>}
 */
function afterFrame() {
  return new Promise((resolve) => {
    let done = false;
    const finish = () => {
      if (!done) resolve();
      done = true;
    };
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = finish;
      port2.postMessage(null);
    });
    if (document.hidden) setTimeout(finish, 200);
  });
}

/**
 * Open the door at once; it answers when the page is ready.
 * @param {Promise<Page>} starting
 */
function openDoor(starting) {
  /** @type {Page | null} */
  let page = null;
  const opened = () => {
    if (!page) throw new Error("the page is not ready: await geomap.ready first");
    return page;
  };
  const door = {
    ready: starting.then(async (started) => {
      page = started;
      await afterFrame();
      page.address.write();
      performance.mark("geomap:ready");
    }),
    state: () => structuredClone({ ...opened().state, layers: { ...opened().state.layers } }),
    /** @param {unknown} change */
    set: async (change) => {
      await door.ready;
      await opened().apply(change);
      await afterFrame();
      opened().address.keepUp(Object.keys(asRecord(change)).every((key) => key === "time"));
    },
    counts: () => {
      const { scene, filter } = opened();
      const { shown, unlocated, undated, layers } = filter.totals;
      return { total: scene.events.count, shown, unlocated, undated, layers: Object.fromEntries(scene.layers.map(({ id }, number) => [id, layers[number]])) };
    },
    /** @param {string} id */
    drawn: (id) => {
      const row = opened().scene.text.rowOf(id);
      return row < 0 ? [] : opened().eventMap.drawn(row);
    },
  };
  window.geomap = Object.freeze(door);
}
