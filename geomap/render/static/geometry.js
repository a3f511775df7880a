// @ts-check
// Shapes in "world" units: Web Mercator, x and y from 0 to 1, y growing southward.

/**
 * @typedef {{xy: Float64Array, w: number, n: number, e: number, s: number}} Ring
 * @typedef {{polygons: Ring[][], lines: Ring[], box: [number, number, number, number], degrees: [number, number, number, number]}} Shape
 * @typedef {{type: string, coordinates?: any, geometries?: any[], parts?: number}} GeoShape
 */

const EARTH_RADIUS_M = 6371008.8;
const MERCATOR_LIMIT = 85.0511287798;

/** @param {number} lon */
function worldX(lon) {
  return (lon + 180) / 360;
}

/** @param {number} lat */
function worldY(lat) {
  const sine = Math.sin((Math.max(-MERCATOR_LIMIT, Math.min(MERCATOR_LIMIT, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/**
 * @param {number} x
 * @param {number} y
 * @returns {[number, number]} lon, lat
 */
function fromWorld(x, y) {
  return [x * 360 - 180, (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI];
}

/**
 * @param {number[][]} positions
 * @returns {Ring}
 */
function makeRing(positions) {
  const xy = new Float64Array(positions.length * 2);
  let [w, n, e, s] = [Infinity, Infinity, -Infinity, -Infinity];
  positions.forEach(([lon, lat], i) => {
    const x = (xy[2 * i] = worldX(lon));
    const y = (xy[2 * i + 1] = worldY(lat));
    w = Math.min(w, x);
    e = Math.max(e, x);
    n = Math.min(n, y);
    s = Math.max(s, y);
  });
  return { xy, w, n, e, s };
}

/**
 * The positions of a line or ring: as GeoJSON has them, or as one run of whole numbers, each the step from the
 * last in parts of a degree.
 * @param {number[][] | number[]} coordinates
 * @param {number} [parts]
 * @returns {number[][]}
 */
function positionsOf(coordinates, parts) {
  if (!parts) return /** @type {number[][]} */ (coordinates);
  const steps = /** @type {number[]} */ (coordinates);
  const positions = [];
  let [lon, lat] = [0, 0];
  for (let i = 0; i + 1 < steps.length; i += 2) {
    lon += steps[i];
    lat += steps[i + 1];
    positions.push([lon / parts, lat / parts]);
  }
  return positions;
}

/**
 * Read a GeoJSON geometry; points in it are not drawn as shapes and are left out.
 * @param {GeoShape | null | undefined} geometry
 * @returns {Shape}
 */
function readShape(geometry) {
  /** @type {Shape} */
  const shape = { polygons: [], lines: [], box: [Infinity, Infinity, -Infinity, -Infinity], degrees: [0, 0, 0, 0] };
  /** @param {any} part */
  const visit = (part) => {
    if (!part) return;
    const read = (/** @type {any} */ coordinates) => makeRing(positionsOf(coordinates, part.parts));
    if (part.type === "GeometryCollection") part.geometries.forEach(visit);
    else if (part.type === "Polygon") shape.polygons.push(part.coordinates.map(read));
    else if (part.type === "MultiPolygon") for (const rings of part.coordinates) shape.polygons.push(rings.map(read));
    else if (part.type === "LineString") shape.lines.push(read(part.coordinates));
    else if (part.type === "MultiLineString") for (const line of part.coordinates) shape.lines.push(read(line));
  };
  visit(geometry);
  for (const ring of [...shape.polygons.map((rings) => rings[0]), ...shape.lines]) {
    if (!ring) continue;
    shape.box = [
      Math.min(shape.box[0], ring.w),
      Math.min(shape.box[1], ring.n),
      Math.max(shape.box[2], ring.e),
      Math.max(shape.box[3], ring.s),
    ];
  }
  const [west, north] = fromWorld(shape.box[0], shape.box[1]);
  const [east, south] = fromWorld(shape.box[2], shape.box[3]);
  shape.degrees = [west, south, east, north];
  return shape;
}

/**
 * The circle of all places `radius` metres from a centre, on the sphere.
 * @param {number} lon
 * @param {number} lat
 * @param {number} radius
 * @param {number} [steps]
 * @returns {number[][]} Positions [lon, lat], closed; longitudes run on past 180.
 */
function geodesicCircle(lon, lat, radius, steps = 72) {
  const angle = Math.min(radius / EARTH_RADIUS_M, Math.PI / 2);
  const lat0 = (lat * Math.PI) / 180;
  const positions = [];
  for (let i = 0; i <= steps; i++) {
    const bearing = (2 * Math.PI * (i % steps)) / steps;
    const lat1 = Math.asin(
      Math.sin(lat0) * Math.cos(angle) + Math.cos(lat0) * Math.sin(angle) * Math.cos(bearing),
    );
    const east = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(lat0),
      Math.cos(angle) - Math.sin(lat0) * Math.sin(lat1),
    );
    positions.push([lon + (east * 180) / Math.PI, (lat1 * 180) / Math.PI]);
  }
  return positions;
}

/**
 * @param {Ring} ring
 * @param {number} x
 * @param {number} y
 */
function ringHolds(ring, x, y) {
  const { xy } = ring;
  let inside = false;
  for (let i = 0, j = xy.length - 2; i < xy.length; j = i, i += 2) {
    const yi = xy[i + 1];
    const yj = xy[j + 1];
    if (yi > y !== yj > y && x < ((xy[j] - xy[i]) * (y - yi)) / (yj - yi) + xy[i]) inside = !inside;
  }
  return inside;
}

/**
 * @param {Shape} shape
 * @param {number} x
 * @param {number} y
 */
function shapeHolds(shape, x, y) {
  return shape.polygons.some((rings) => rings.reduce((inside, ring) => inside !== ringHolds(ring, x, y), false));
}

/**
 * Distance in world units from a point to the nearest edge or line of a shape.
 * @param {Shape} shape
 * @param {number} x
 * @param {number} y
 */
function distanceToEdges(shape, x, y) {
  let best = Infinity;
  for (const { xy } of [...shape.lines, ...shape.polygons.flat()]) {
    for (let i = 0; i + 3 < xy.length; i += 2) {
      const dx = xy[i + 2] - xy[i];
      const dy = xy[i + 3] - xy[i + 1];
      const length = dx * dx + dy * dy;
      const along = length ? Math.max(0, Math.min(1, ((x - xy[i]) * dx + (y - xy[i + 1]) * dy) / length)) : 0;
      best = Math.min(best, Math.hypot(x - xy[i] - along * dx, y - xy[i + 1] - along * dy));
    }
  }
  return best;
}

/** @param {Ring} ring */
function ringArea({ xy }) {
  let twice = 0;
  for (let i = 0; i + 3 < xy.length; i += 2) twice += xy[i] * xy[i + 3] - xy[i + 2] * xy[i + 1];
  return Math.abs(twice) / 2;
}

/** @param {Shape} shape */
function shapeArea(shape) {
  return shape.polygons.reduce((sum, rings) => sum + (rings[0] ? ringArea(rings[0]) : 0), 0);
}

/**
 * Places on a shape to stand for it, the best first: inside its largest polygon, or along its longest line.
 * @param {Shape} shape
 * @returns {[number, number][]} World positions; empty for an empty shape.
 */
function anchorsOf(shape) {
  const polygon = shape.polygons.reduce(
    (best, rings) => (rings[0] && (!best || ringArea(rings[0]) > ringArea(best[0])) ? rings : best),
    /** @type {Ring[] | null} */ (null),
  );
  if (polygon) return polygonAnchors(polygon);
  const line = shape.lines.reduce(
    (best, ring) => (!best || ring.xy.length > best.xy.length ? ring : best),
    /** @type {Ring | null} */ (null),
  );
  return line ? [0.5, 0.35, 0.65, 0.2, 0.8].map((share) => alongLine(line, share)) : [];
}

/**
 * @param {Ring[]} rings
 * @returns {[number, number][]}
 */
function polygonAnchors(rings) {
  /** @type {{x: number, y: number, width: number}[]} */
  const spans = [];
  const { n, s } = rings[0];
  for (const share of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9]) {
    const y = n + (s - n) * share;
    const crossings = [];
    for (const { xy } of rings) {
      for (let i = 0; i + 3 < xy.length; i += 2) {
        if (xy[i + 1] > y !== xy[i + 3] > y) {
          crossings.push(xy[i] + ((y - xy[i + 1]) / (xy[i + 3] - xy[i + 1])) * (xy[i + 2] - xy[i]));
        }
      }
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const width = crossings[i + 1] - crossings[i];
      // A little less for each step from the middle, so that near-equal spans prefer the centre.
      const weight = width * (1 - 0.5 * Math.abs(share - 0.5));
      spans.push({ x: (crossings[i] + crossings[i + 1]) / 2, y, width: weight });
      spans.push({ x: crossings[i] + width / 4, y, width: weight / 3 });
      spans.push({ x: crossings[i] + (width * 3) / 4, y, width: weight / 3 });
    }
  }
  spans.sort((a, b) => b.width - a.width);
  return spans.slice(0, 16).map(({ x, y }) => [x, y]);
}

/**
 * @param {Ring} line
 * @param {number} share
 * @returns {[number, number]}
 */
function alongLine({ xy }, share) {
  const lengths = [0];
  for (let i = 0; i + 3 < xy.length; i += 2) {
    lengths.push(lengths[lengths.length - 1] + Math.hypot(xy[i + 2] - xy[i], xy[i + 3] - xy[i + 1]));
  }
  const wanted = lengths[lengths.length - 1] * share;
  const next = Math.max(1, lengths.findIndex((length) => length >= wanted));
  if (lengths.length < 2) return [xy[0], xy[1]];
  const step = lengths[next] - lengths[next - 1];
  const part = step ? (wanted - lengths[next - 1]) / step : 0;
  const i = 2 * (next - 1);
  return [xy[i] + part * (xy[i + 2] - xy[i]), xy[i + 1] + part * (xy[i + 3] - xy[i + 1])];
}

/**
 * Whole turns of the globe that bring a world x nearest to the middle of the view.
 * @param {View} view
 * @param {number} x
 */
function turnsTo(view, x) {
  return Math.round(view.centreX - x);
}
