// @ts-check
// The words on Leaflet's own controls, which it has in English only.

/**
 * Let the controls of a map speak; their scales go on doing so when the map moves.
 * @param {L.Map} map
 */
function labelControls(map) {
  const container = map.getContainer();
  for (const [sign, words] of [["in", t("map.zoom_in")], ["out", t("map.zoom_out")]]) {
    const button = container.querySelector(`.leaflet-control-zoom-${sign}`);
    button?.setAttribute("title", words);
    button?.setAttribute("aria-label", words);
  }
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (container.querySelectorAll(".leaflet-control-scale-line"))) {
    line.dataset.length ??= line.textContent ?? "";
    line.textContent = lengthText(line.dataset.length);
  }
}

/** @param {string} length As Leaflet writes it: 300 km. */
function lengthText(length) {
  const [number, unit] = length.split(" ");
  return t(`unit.${unit}`, { n: Number(number) });
}

L.Control.Scale.include({
  /**
   * @this {L.Control.Scale}
   * @param {HTMLElement} line
   * @param {string} length
   * @param {number} ratio
   */
  _updateScale(line, length, ratio) {
    line.style.width = `${Math.round((this.options.maxWidth ?? 100) * ratio)}px`;
    line.dataset.length = length;
    line.textContent = lengthText(length);
  },
});
