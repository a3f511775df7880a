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
 * @param {Scene} scene
 * @param {{state: () => State, apply: (change: unknown) => void, selection: () => EventSelection, eventMap: EventMap}} page
 */
function openDoor(scene, page) {
  const door = {
    /** @type {Promise<void>} */
    ready: Promise.resolve(),
    state: () => structuredClone({ ...page.state(), layers: { ...page.state().layers } }),
    /** @param {unknown} change */
    set: async (change) => {
      page.apply(change);
      await afterFrame();
    },
    counts: () => {
      const counts = countSelection(scene, page.selection());
      return { ...counts, layers: { ...counts.layers } };
    },
    /** @param {string} id */
    drawn: (id) => {
      const event = scene.byId.get(id);
      return event ? page.eventMap.drawn(event) : [];
    },
  };
  door.ready = afterFrame().then(() => {
    performance.mark("geomap:ready");
  });
  window.geomap = Object.freeze(door);
}
