import assert from "node:assert/strict";
import { test } from "node:test";

import { cases, scripts } from "./load.mjs";

const { safeAddress } = scripts;

test("the page makes a link of what the build makes one of, and of nothing else", () => {
  for (const text of cases.links) assert.ok(safeAddress(text), JSON.stringify(text));
  for (const text of cases.no_links) assert.equal(safeAddress(text), null, JSON.stringify(text));
  for (const text of [null, undefined, 1, {}, ["https://example.org"], "https://example.org/\ufffe"]) assert.equal(safeAddress(text), null);
});

test("of bent addresses the page takes none that the build refuses, and none that leads elsewhere than it shows", () => {
  let taken = 0;
  let refused = 0;
  for (const [text, isLink] of cases.bent_links) {
    const address = safeAddress(text);
    if (!address) {
      // What only the browser's own parser refuses, such as a host that is no name in any alphabet.
      if (isLink) refused += 1;
      continue;
    }
    taken += 1;
    assert.ok(isLink, JSON.stringify(text));
    assert.ok(["http:", "https:", "mailto:"].includes(address.protocol));
    assert.ok(/^[\x21-\x7e]*$/.test(address.host), "shown in letters that are what they look like");
  }
  assert.ok(taken > 100, String(taken));
  assert.ok(refused < taken / 10, String(refused));
});
