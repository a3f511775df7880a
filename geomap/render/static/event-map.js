// @ts-check
// The events on the map: what is drawn where, and what lies under a click.

/**
 * @typedef {{shape: string, precision: string, bbox: [number, number, number, number], px: [number, number]}} Drawn
 */

const HIT_PIXELS = 10;

class EventMap {
  /**
   * @param {L.Map} map
   * @param {Scene} scene
   */
  constructor(map, scene) {
    this.map = map;
    this.scene = scene;
    this.taken = new TakenSpace();
    /** @type {MapEvent | null} */
    this.chosen = null;
    /** @type {AreaGroup[]} */
    this.areas = [];
    this.plan = planPoints(scene, []);
    /** @type {{badge: Badge, x: number, y: number, width: number}[]} */
    this.badges = [];
    /** @type {Map<AreaGroup, [number, number]>} */
    this.anchors = new Map();
    this.areaLayer = new CanvasLayer("geomap-areas", 350, (ctx, view) => this.paintAreas(ctx, view));
    this.pointLayer = new CanvasLayer("geomap-points", 450, (ctx, view) => this.paintPoints(ctx, view));
    this.areaLayer.addTo(map);
    this.pointLayer.addTo(map);
  }

  /**
   * @param {EventSelection} selection
   * @param {MapEvent | null} chosen
   */
  show(selection, chosen) {
    this.areas = groupAreas(this.scene, selection.features);
    this.plan = planPoints(this.scene, selection.features);
    this.choose(chosen);
  }

  /** @param {MapEvent | null} chosen */
  choose(chosen) {
    this.chosen = chosen;
    this.areaLayer._update();
    this.pointLayer._update();
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  paintAreas(ctx, view) {
    for (const group of this.areas) drawArea(ctx, group, view, this.isChosen(group.features));
  }

  /**
   * Points take their space first, then areas label what is left of it.
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  paintPoints(ctx, view) {
    const taken = (this.taken = new TakenSpace());
    const visible = viewOf(this.map);
    this.badges = placeBadges(ctx, this.plan, view, visible);
    for (const { x, y, width } of this.badges) taken.take(x, y, width, 24);
    drawPoints(ctx, this.scene, this.plan, view, this.chosen, taken);
    this.anchors.clear();
    // The smallest first; what is wider then stands for itself where it is not covered by them.
    const smaller = [];
    for (const group of [...this.areas].reverse()) {
      const at = labelArea(ctx, group, view, visible, taken, smaller);
      if (at) this.anchors.set(group, at);
      smaller.push(group);
    }
    for (const placed of this.badges) drawBadge(ctx, placed, this.isChosen(placed.badge.features));
  }

  /** Countries that stand on the map as labels. */
  labelledCountries() {
    return new Set(this.plan.badges.map(({ features }) => countryOf(features)));
  }

  /** @param {MapFeature[]} features */
  isChosen(features) {
    return this.chosen !== null && features.some(({ event }) => event === this.chosen);
  }

  /**
   * What lies at a point of the map: symbols first; `under` is what lies beneath them.
   * @param {L.Point} point In layer points.
   * @returns {{first: MapFeature[], under: MapFeature[]}}
   */
  at(point) {
    const view = viewOf(this.map);
    const symbols = this.symbolsAt(point, view);
    const { labelled, found } = this.areasAt(point, view);
    const wide = [...labelled, ...found, ...this.ringsAt(point, view)].filter((feature) => !symbols.includes(feature));
    if (symbols.length) return { first: symbols, under: wide };
    // A click on a label means what the label counts.
    return labelled.length ? { first: labelled, under: wide.slice(labelled.length) } : { first: wide, under: [] };
  }

  /**
   * @param {L.Point} point
   * @param {View} view
   * @returns {MapFeature[]}
   */
  symbolsAt(point, view) {
    const badge = this.badges.findLast(
      ({ x, y, width }) => Math.abs(point.x - x) <= width / 2 && Math.abs(point.y - y) <= 11,
    );
    const near = this.plan.symbols
      .map((symbol) => {
        const [x, y] = placeOf(view, symbol);
        return { feature: symbol.feature, distance: Math.hypot(point.x - x, point.y - y) };
      })
      .filter(({ distance }) => distance <= HIT_PIXELS + 1)
      .sort((a, b) => a.distance - b.distance);
    if (badge) return [...badge.badge.features, ...near.map(({ feature }) => feature)];
    // A click on the middle of one symbol means that one, even where its neighbour is close.
    const [first, second] = near;
    if (first && second && first.distance <= 5 && second.distance - first.distance >= 3) return [first.feature];
    return near.map(({ feature }) => feature);
  }

  /**
   * @param {L.Point} point
   * @param {View} view
   * @returns {{labelled: MapFeature[], found: MapFeature[]}} What the label there stands for, and what else lies there.
   */
  areasAt(point, view) {
    /** @type {MapFeature[]} */
    const labelled = [];
    const y = (point.y + view.y0) / view.scale;
    /** @type {MapFeature[]} */
    const found = [];
    for (const group of [...this.areas].reverse()) {
      const { shape, kind } = group;
      const [w, n, e, s] = shape.box;
      const x = (point.x + view.x0) / view.scale - turnsTo(view, (w + e) / 2);
      const reach = (kind === "area" || kind === "waters" ? 2 : 9) / view.scale;
      const label = this.anchors.get(group);
      const onLabel = label && Math.abs(label[0] - point.x) < 12 && Math.abs(label[1] - point.y) < 11;
      if (!onLabel && (x < w - reach || x > e + reach || y < n - reach || y > s + reach)) continue;
      if (onLabel) labelled.push(...group.features);
      else if (shapeHolds(shape, x, y) || distanceToEdges(shape, x, y) <= reach) found.push(...group.features);
    }
    return { labelled, found };
  }

  /**
   * @param {L.Point} point
   * @param {View} view
   * @returns {MapFeature[]}
   */
  ringsAt(point, view) {
    return this.plan.rings
      .filter((ring) => {
        const [x, y] = placeOf(view, ring);
        const distance = Math.hypot(point.x - x, point.y - y);
        const pixels = Math.max(ringPixels(ring, view), 13);
        return ring.near ? distance <= pixels : Math.abs(distance - pixels) <= 4;
      })
      .flatMap((ring) => ring.features);
  }

  /**
   * The places of an event as they are drawn now.
   * @param {MapEvent} event
   * @returns {Drawn[]}
   */
  drawn(event) {
    const view = viewOf(this.map);
    return event.features.flatMap((feature) => {
      const at = this.anchorOf(feature, view);
      if (!at) return [];
      const px = this.map.layerPointToContainerPoint(at);
      return [
        {
          shape: feature.shape,
          precision: feature.precision,
          bbox: this.boxOf(feature),
          px: /** @type {[number, number]} */ ([Math.round(px.x * 10) / 10, Math.round(px.y * 10) / 10]),
        },
      ];
    });
  }

  /**
   * Where a shown feature is found, in layer points; null when it is not shown.
   * @param {MapFeature} feature
   * @param {View} view
   * @returns {[number, number] | null}
   */
  anchorOf(feature, view) {
    const symbol = this.plan.symbols.find((candidate) => candidate.feature === feature);
    if (symbol) return placeOf(view, symbol);
    const placed = this.badges.find(({ badge }) => badge.features.includes(feature));
    if (placed) return [placed.x, placed.y];
    const group = this.areas.find(({ features }) => features.includes(feature));
    return (group && this.anchors.get(group)) ?? null;
  }

  /**
   * West, south, east, north of a feature with its ring.
   * @param {MapFeature} feature
   * @returns {[number, number, number, number]}
   */
  boxOf(feature) {
    const round = (/** @type {number} */ degrees) => Math.round(degrees * 1e6) / 1e6;
    const { lon, lat, radius_m: radius, geometry, shape } = feature;
    if (lon === null || lat === null || (geometry !== null && !["pin", "ring", "badge"].includes(shape))) {
      const [west, south, east, north] = this.scene.shapes[/** @type {number} */ (geometry)].degrees;
      return [round(west), round(south), round(east), round(north)];
    }
    const circle = radius && shape !== "badge" ? geodesicCircle(lon, lat, radius) : [[lon, lat]];
    const lons = circle.map((position) => position[0]);
    const lats = circle.map((position) => position[1]);
    return [round(Math.min(...lons)), round(Math.min(...lats)), round(Math.max(...lons)), round(Math.max(...lats))];
  }
}
