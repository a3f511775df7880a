// @ts-check
// Print: the map takes the size it has on paper, sharper than on a screen, and shows what it showed.

// About 290 dots an inch.
const PAPER_SHARPNESS = 3;
// So many pixels at the top and the bottom of the map are not seen on paper that lies across, as in page.css.
const PAPER_SPARE = 23;

class Paper {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    /** What is printed beside the map. @type {HTMLElement | null} */
    this.sheet = null;
    /** Where the map stood on the screen. @type {{centre: L.LatLng, zoom: number} | null} */
    this.onScreen = null;
    window.addEventListener("beforeprint", () => this.takeOut());
    window.addEventListener("afterprint", () => this.putAway());
  }

  get isOut() {
    return this.sheet !== null;
  }

  takeOut() {
    this.putAway();
    const { page } = this;
    const { map } = page;
    const { dataset, classList } = document.documentElement;
    const bounds = map.getBounds();
    this.onScreen = { centre: map.getCenter(), zoom: map.getZoom() };
    page.quiet = true;
    classList.add("gm-printing");
    dataset.theme = "light";
    setGroundTheme("light");
    sharpness.least = PAPER_SHARPNESS;
    this.sheet = printSheet(page.scene, page.state, page.filter);
    document.body.append(this.sheet);
    map.invalidateSize({ animate: false, pan: false });
    map.fitBounds(bounds, { animate: false, padding: [0, PAPER_SPARE] });
    page.redrawAll();
    copyCanvases(map.getContainer());
  }

  putAway() {
    const { page, onScreen } = this;
    const { map } = page;
    if (!this.sheet || !onScreen) return;
    this.sheet.remove();
    this.sheet = null;
    sharpness.least = 1;
    for (const copy of map.getContainer().querySelectorAll(".gm-copied")) copy.remove();
    document.documentElement.classList.remove("gm-printing");
    page.dress();
    map.invalidateSize({ animate: false, pan: false });
    map.setView(onScreen.centre, onScreen.zoom, { animate: false });
    page.quiet = false;
    page.redrawAll();
  }
}
