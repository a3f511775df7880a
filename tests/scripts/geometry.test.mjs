import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, chance, scripts } from "./load.mjs";

const { worldX, worldY, fromWorld, geodesicCircle, readShape, makeRing, shapeHolds, anchorsOf, EARTH_RADIUS_M } = scripts;

/** @param {number} a @param {number} b @param {number} within */
function near(a, b, within, words = "") {
  assert.ok(Math.abs(a - b) <= within, `${words} ${a} is not within ${within} of ${b}`);
}

test("a position comes back from the world's square", () => {
  const draw = chance(1);
  for (let i = 0; i < 500; i++) {
    const [lon, lat] = [draw.next() * 360 - 180, draw.next() * 170 - 85];
    const [lon2, lat2] = fromWorld(worldX(lon), worldY(lat));
    near(lon2, lon, 1e-9);
    near(lat2, lat, 1e-9);
  }
  near(worldY(0), 0.5, 1e-15);
  near(worldY(85.0511287798), 0, 1e-9);
  assert.ok(Number.isFinite(worldY(90)) && Number.isFinite(worldY(-90)));
});

/** By the haversine formula. */
function distance(/** @type {number[]} */ [lon1, lat1], /** @type {number[]} */ [lon2, lat2]) {
  const rad = Math.PI / 180;
  const half = Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(half)));
}

test("a circle is closed and everywhere as far as its radius, also across 180 and near the poles", () => {
  const draw = chance(2);
  for (let i = 0; i < 200; i++) {
    const centre = [draw.next() * 360 - 180, draw.next() * 178 - 89];
    const radius = 10 ** (1 + draw.next() * 5.5);
    const circle = geodesicCircle(centre[0], centre[1], radius);
    assert.deepEqual(circle[0], circle[circle.length - 1]);
    for (const position of circle) near(distance(centre, position), radius, radius * 1e-6 + 1e-3);
  }
});

test("a circle lies where the ellipsoid has it, but for the flattening", () => {
  for (const { lon, lat, radius, west, south, east, north } of cases.circles) {
    const circle = geodesicCircle(lon, lat, radius, 360);
    const lons = circle.map((/** @type {number[]} */ position) => position[0]);
    const lats = circle.map((/** @type {number[]} */ position) => position[1]);
    const degrees = (0.006 * radius) / 111_000;
    near(Math.min(...lats), south, degrees);
    near(Math.max(...lats), north, degrees);
    near(Math.min(...lons), west, degrees / Math.cos((lat * Math.PI) / 180));
    near(Math.max(...lons), east, degrees / Math.cos((lat * Math.PI) / 180));
  }
});

test("shapes come back from their steps to half a step", () => {
  for (const { geometry, stepped } of cases.stepped) {
    const [plain, packed] = [readShape(geometry), readShape(stepped)];
    const rings = (/** @type {any} */ shape) => [...shape.polygons.flat(), ...shape.lines];
    assert.equal(rings(packed).length, rings(plain).length);
    for (const position of ["degrees"]) packed[position].forEach((/** @type {number} */ degrees, /** @type {number} */ i) => near(degrees, plain[position][i], 0.6 / cases.parts, position));
  }
});

test("a point is inside where it is inside, holes apart, and an anchor always is", () => {
  const square = (/** @type {number} */ half) => [[-half, -half], [half, -half], [half, half], [-half, half], [-half, -half]];
  const shape = readShape({ type: "Polygon", coordinates: [square(10), square(4)] });
  const holds = (/** @type {number} */ lon, /** @type {number} */ lat) => shapeHolds(shape, worldX(lon), worldY(lat));
  assert.equal(holds(7, 0), true);
  assert.equal(holds(0, 0), false);
  assert.equal(holds(11, 0), false);
  const anchors = anchorsOf(shape);
  assert.ok(anchors.length > 3);
  for (const [x, y] of anchors) assert.equal(shapeHolds(shape, x, y), true);
});

test("nothing at all is a shape without anchors", () => {
  for (const geometry of [null, undefined, { type: "GeometryCollection", geometries: [] }, { type: "Point", coordinates: [1, 2] }]) {
    const shape = readShape(geometry);
    assert.deepEqual(anchorsOf(shape), []);
    assert.equal(shapeHolds(shape, 0.5, 0.5), false);
  }
  assert.equal(makeRing([]).xy.length, 0);
});
