// The page's scripts as node sees them: joined as the page joins them, without what needs a browser.

import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const STATIC = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "geomap", "render", "static");
const PURE = ["messages", "text", "geometry", "packed-columns", "packed-texts", "data", "search", "alike", "filter", "glyphs", "military", "tally", "areas-layer", "points-layer", "state", "bins", "scopes", "takeaway"];

const joined = PURE.map((name) => readFileSync(join(STATIC, `${name}.js`), "utf-8")).join("\n");
const names = [...joined.matchAll(/^(?:async )?(?:function|class|const) (\w+)/gm)].map(([, name]) => name);

/** Every top-level name of the pure scripts. @type {Record<string, any>} */
export const scripts = new Function(`"use strict";\n${joined}\nreturn { ${names.join(", ")} };`)();

/** What the Python side wrote down to compare with. @type {Record<string, any>} */
export const cases = JSON.parse(readFileSync(process.env.GEOMAP_CASES ?? "", "utf-8"));

/**
 * A scene as the page reads it from its island.
 * @param {string} island Its JSON.
 */
export function readScene(island) {
  globalThis.document = /** @type {any} */ ({ getElementById: () => ({ textContent: island }) });
  return scripts.readIsland("island");
}

/**
 * The ids of all events of a scene.
 * @param {any} scene
 * @returns {string[]}
 */
export function idsOf(scene) {
  return Array.from({ length: scene.events.count }, (_, row) => scene.text.idOf(row));
}

/**
 * Numbers that look drawn by chance and are the same in every run.
 * @param {number} seed
 */
export function chance(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (/** @type {number} */ most) => Math.floor(next() * most);
  return {
    next,
    below,
    /** @template T @param {T[]} list */
    pick: (list) => list[below(list.length)],
    /** @template T @param {T[]} list @param {number} most */
    some: (list, most) => [...new Set(Array.from({ length: 1 + below(most) }, () => list[below(list.length)]))],
  };
}
