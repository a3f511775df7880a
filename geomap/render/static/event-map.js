// @ts-check
// The events on the map: what is drawn where, and what lies under a click.

/**
 * @typedef {{shape: string, precision: string, bbox: [number, number, number, number], px: [number, number]}} Drawn
 * @typedef {{first: number[], under: number[], cluster: Cluster | null}} Hit Features; `under`: what lies beneath the first.
 */

const HIT_PIXELS = 10;

class EventMap {
  /**
   * @param {L.Map} map
   * @param {Scene} scene
   * @param {EventFilter} filter
   */
  constructor(map, scene, filter) {
    this.map = map;
    this.scene = scene;
    this.filter = filter;
    this.taken = new TakenSpace();
    /** Nothing is painted before the filter has been asked. */
    this.isShown = false;
    /** Rows pointed out: the open event, and the one under the pointer. @type {Set<number>} */
    this.marked = new Set();
    this.areas = new AreaPlan(scene);
    this.areaPictures = new AreaPictures();
    this.points = new PointPlan(scene);
    this.movements = new MovementPlan(scene);
    /** @type {PlacedBadge[]} */
    this.badges = [];
    /** Where each group of areas is found. @type {Map<number, [number, number]>} */
    this.anchors = new Map();
    this.areaLayer = new CanvasLayer("geomap-areas", 350, (ctx, view) => this.paintAreas(ctx, view), () => this.tellAreas());
    this.pointLayer = new CanvasLayer("geomap-points", 450, (ctx, view) => this.paintPoints(ctx, view));
    this.areaLayer.addTo(map);
    this.pointLayer.addTo(map);
  }

  /** Draw what the filter shows now. */
  show() {
    this.isShown = true;
    this.areas.fill(this.filter);
    this.redraw();
  }

  redraw() {
    this.areaLayer._update();
    this.pointLayer._update();
  }

  /** @param {Set<number>} rows */
  mark(rows) {
    if (rows.size === this.marked.size && [...rows].every((row) => this.marked.has(row))) return;
    this.marked = rows;
    this.redraw();
  }

  /**
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  paintAreas(ctx, view) {
    if (!this.isShown) return;
    const chosen = this.markedGroups();
    for (const group of this.areas.groups) this.areaPictures.draw(ctx, group, view, chosen.has(group.number));
    this.movements.draw(ctx, this.filter, view, this.marked);
  }

  /** What the areas look like: in a crowd they stay the same from one step of time to the next. */
  tellAreas() {
    if (!this.isShown || this.movements.arrows.length) return null;
    const chosen = this.markedGroups();
    return this.areas.groups.map(({ number, colour, dash, draft }) => [number, colour, dash.join("-"), draft, chosen.has(number)].join()).join(";");
  }

  /** Groups of areas that a marked event is drawn in. */
  markedGroups() {
    const features = [...this.marked].flatMap((row) => featuresOf(this.scene, row));
    return new Set(features.map((f) => this.areas.groupWith(f)?.number));
  }

  /**
   * Points take their space first, then areas label what is left of it.
   * @param {CanvasRenderingContext2D} ctx
   * @param {View} view
   */
  paintPoints(ctx, view) {
    if (!this.isShown) return;
    const taken = (this.taken = new TakenSpace());
    const visible = viewOf(this.map);
    this.points.fill(this.filter, view);
    this.badges = placeBadges(ctx, this.points, view, visible);
    for (const { x, y, width } of this.badges) taken.take(x, y, width, 24);
    drawPoints(ctx, this.filter, this.points, view, this.marked, taken);
    this.movements.label(ctx, this.filter, view, taken);
    this.anchors.clear();
    // The smallest first; what is wider then stands for itself where it is not covered by them.
    /** @type {Set<number>} */
    const smaller = new Set();
    for (const group of [...this.areas.groups].reverse()) {
      const at = labelArea(ctx, this.areas, group, view, visible, taken, smaller);
      if (at) this.anchors.set(group.number, at);
      smaller.add(group.number);
    }
    const marked = new Set(sitesOf(this.scene, this.marked).map((site) => this.scene.sites.spot[site]));
    for (const placed of this.badges) drawBadge(ctx, placed, marked.has(placed.badge.spot));
  }

  /** Countries that stand on the map as labels. */
  labelledCountries() {
    return new Set(this.points.badges.map(({ spot }) => this.points.badgeNames.get(spot) ?? ""));
  }

  /**
   * What lies at a point of the map: symbols first; `under` is what lies beneath them.
   * @param {L.Point} point In layer points.
   * @returns {Hit}
   */
  at(point) {
    const view = viewOf(this.map);
    const cluster = this.points.clusters.find((own) => {
      const [x, y] = placeOf(view, own);
      return Math.hypot(point.x - x, point.y - y) <= own.radius + 2;
    });
    const symbols = this.symbolsAt(point, view);
    if (cluster && !symbols.length) return { first: [], under: [], cluster };
    const { labelled, found } = this.areasAt(point, view);
    const wide = [...labelled, ...found, ...this.ringsAt(point, view)].filter((feature) => !symbols.includes(feature));
    if (symbols.length) return { first: symbols, under: wide, cluster: null };
    // A click on a label means what the label counts.
    return labelled.length
      ? { first: labelled, under: wide.slice(labelled.length), cluster: null }
      : { first: wide, under: [], cluster: null };
  }

  /**
   * @param {L.Point} point
   * @param {View} view
   * @returns {number[]}
   */
  symbolsAt(point, view) {
    const badge = this.badges.findLast(({ x, y, width }) => Math.abs(point.x - x) <= width / 2 && Math.abs(point.y - y) <= 11);
    const { symbols, stacks } = this.points;
    const reach = HIT_PIXELS * Math.min(1.5, signSpread()) + 1;
    const near = [...symbols, ...stacks]
      .map((drawn) => {
        const [x, y] = placeOf(view, drawn);
        return { drawn, distance: Math.hypot(point.x - x, point.y - y) };
      })
      .filter(({ distance }) => distance <= reach)
      .sort((a, b) => a.distance - b.distance)
      .map(({ drawn, distance }) => ({ distance, members: "feature" in drawn ? [drawn.feature] : this.featuresAt(drawn.spot) }));
    if (badge) return [...this.featuresAt(badge.badge.spot), ...near.flatMap(({ members }) => members)];
    // A click on the middle of one symbol means that one, even where its neighbour is close.
    const [first, second] = near;
    if (first && second && first.distance <= 5 && second.distance - first.distance >= 3) return first.members;
    return near.flatMap(({ members }) => members);
  }

  /** @param {number} spot */
  featuresAt(spot) {
    const { sites } = this.scene;
    return this.filter.featuresAt((site) => Number(sites.spot[site] === spot))[0];
  }

  /**
   * @param {L.Point} point
   * @param {View} view
   * @returns {{labelled: number[], found: number[]}} What the label there stands for, and what else lies there.
   */
  areasAt(point, view) {
    /** @type {AreaGroup[]} */
    const labelled = [];
    const y = (point.y + view.y0) / view.scale;
    /** @type {AreaGroup[]} */
    const found = [];
    for (const group of [...this.areas.groups].reverse()) {
      const { shape, kind, number } = group;
      const [w, n, e, s] = shape.box;
      const x = (point.x + view.x0) / view.scale - turnsTo(view, (w + e) / 2);
      const reach = (kind === "area" || kind === "waters" ? 2 : 9) / view.scale;
      const label = this.anchors.get(number);
      const onLabel = label && Math.abs(label[0] - point.x) < 12 && Math.abs(label[1] - point.y) < 11;
      if (!onLabel && (x < w - reach || x > e + reach || y < n - reach || y > s + reach)) continue;
      if (onLabel) labelled.push(group);
      else if (shapeHolds(shape, x, y) || distanceToEdges(shape, x, y) <= reach) found.push(group);
    }
    const features = this.areas.featuresOf([...labelled, ...found], this.filter);
    return { labelled: features.slice(0, labelled.length).flat(), found: features.slice(labelled.length).flat() };
  }

  /**
   * @param {L.Point} point
   * @param {View} view
   * @returns {number[]}
   */
  ringsAt(point, view) {
    const { sites } = this.scene;
    const under = new Set(
      this.points.visibleRings().filter((number) => {
        const ring = this.points.ringShapes(number);
        const [x, y] = placeOf(view, ring);
        const distance = Math.hypot(point.x - x, point.y - y);
        const pixels = Math.max(ringPixels(ring, view), 13);
        return ring.near ? distance <= pixels : Math.abs(distance - pixels) <= 4;
      }),
    );
    if (!under.size) return [];
    return this.filter.featuresAt((site) => Number(under.has(sites.ring[site])))[0];
  }

  /**
   * The places of an event as they are drawn now.
   * @param {number} row
   * @returns {Drawn[]}
   */
  drawn(row) {
    if (!this.filter.shows(row)) return [];
    const view = viewOf(this.map);
    const px = (/** @type {[number, number]} */ at) => {
      const point = this.map.layerPointToContainerPoint(at);
      return /** @type {[number, number]} */ ([Math.round(point.x * 10) / 10, Math.round(point.y * 10) / 10]);
    };
    const places = featuresOf(this.scene, row).flatMap((feature) => {
      const at = this.anchorOf(feature, view);
      if (!at) return [];
      const precision = this.scene.precisions[this.scene.sites.precision[this.scene.features.site[feature]]];
      return [{ shape: shapeOf(this.scene, feature), precision, bbox: this.boxOf(feature), px: px(at) }];
    });
    return [...places, ...this.movements.drawn(row, this.filter, view).map((own) => ({ ...own, px: px(own.px) }))];
  }

  /**
   * Where a shown feature is found, in layer points; null when it is not shown.
   * @param {number} feature
   * @param {View} view
   * @returns {[number, number] | null}
   */
  anchorOf(feature, view) {
    if (!this.filter.draws(feature)) return null;
    const { features, sites, spots } = this.scene;
    const spot = sites.spot[features.site[feature]];
    if (spot === NONE) {
      const group = this.areas.groupWith(feature);
      return (group && this.anchors.get(group.number)) ?? null;
    }
    if (spots.badge[spot]) {
      const placed = this.badges.find(({ badge }) => badge.spot === spot);
      return placed ? [placed.x, placed.y] : null;
    }
    const cluster = this.points.clusters[clusterOfFeature(this.points, feature)];
    if (cluster) return placeOf(view, cluster);
    const symbol = this.points.symbols.find((own) => own.feature === feature);
    return placeOf(view, symbol ?? { x: spots.x(spot), y: spots.y(spot) });
  }

  /**
   * West, south, east, north of a feature with its ring.
   * @param {number} feature
   * @returns {[number, number, number, number]}
   */
  boxOf(feature) {
    const round = (/** @type {number} */ degrees) => Math.round(degrees * 1e6) / 1e6;
    const { features, sites, spots, shapesDrawn } = this.scene;
    const site = features.site[feature];
    const spot = sites.spot[site];
    if (spot === NONE) {
      const [west, south, east, north] = shapesDrawn[sites.geometry[site]].degrees;
      return [round(west), round(south), round(east), round(north)];
    }
    const radius = spots.badge[spot] ? 0 : Math.max(0, sites.radius[site]);
    const circle = radius ? geodesicCircle(spots.lon(spot), spots.lat(spot), radius) : [[spots.lon(spot), spots.lat(spot)]];
    const lons = circle.map((position) => position[0]);
    const lats = circle.map((position) => position[1]);
    return [round(Math.min(...lons)), round(Math.min(...lats)), round(Math.max(...lons)), round(Math.max(...lats))];
  }
}
