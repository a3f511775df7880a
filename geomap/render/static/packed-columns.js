// @ts-check
// Columns of numbers as the island holds them: plain, or deflated in planes of bytes; those that are alike share memory.

/**
 * @param {string} packed
 * @returns {Promise<ArrayBuffer>}
 */
async function inflate(packed) {
  const { readable, writable } = new DecompressionStream("deflate");
  // Written here and not piped from a Blob, which would first be handed to another process.
  const writer = writable.getWriter();
  writer.write(bytesOf(packed)).catch(() => {});
  writer.close().catch(() => {});
  return new Response(readable).arrayBuffer();
}

/**
 * @param {string} packed
 * @returns {Uint8Array<ArrayBuffer>}
 */
function bytesOf(packed) {
  const { fromBase64 } = /** @type {{fromBase64?: (text: string) => Uint8Array<ArrayBuffer>}} */ (/** @type {unknown} */ (Uint8Array));
  if (fromBase64) return fromBase64.call(Uint8Array, packed);
  const letters = atob(packed);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}

/**
 * @param {Part} part
 * @returns {Promise<any>}
 */
async function readPart(part) {
  if (typeof part !== "string") return part;
  return JSON.parse(new TextDecoder().decode(await inflate(part)));
}

/**
 * @template {Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array} T
 * @param {Part} part
 * @param {{new (buffer: ArrayBuffer): T, from(values: ArrayLike<number>): T, BYTES_PER_ELEMENT: number}} Kind
 * @returns {Promise<T>}
 */
async function readColumn(part, Kind) {
  if (typeof part !== "string") return Kind.from(/** @type {number[]} */ (part));
  const planes = new Uint8Array(await inflate(part));
  const size = Kind.BYTES_PER_ELEMENT;
  const count = planes.length / size;
  const one = oneOf(planes, size);
  if (one) return /** @type {T} */ (allAlike(one, count, Kind));
  if (size === 1) return new Kind(planes.buffer);
  // The first bytes of all numbers stand first, then the second ones.
  const bytes = new Uint8Array(planes.length);
  for (let plane = 0; plane < size; plane++) {
    for (let i = 0, to = plane, from = plane * count; i < count; i++, to += size) bytes[to] = planes[from + i];
  }
  return new Kind(bytes.buffer);
}

/**
 * The bytes of one number, if all of a column are the same.
 * @param {Uint8Array} planes
 * @param {number} size
 */
function oneOf(planes, size) {
  const count = planes.length / size;
  const one = new Uint8Array(size);
  for (let plane = 0, at = 0; plane < size; plane++) {
    const byte = (one[plane] = planes[at]);
    for (const end = at + count; at < end; at++) if (planes[at] !== byte) return null;
  }
  return one;
}

/** Columns of one number, by kind, length and number. @type {Map<string, ArrayLike<number>>} */
const uniform = new Map();

/**
 * A column that says the same of each row; whoever asks gets the same memory.
 * @template {ArrayLike<number>} T
 * @param {Uint8Array<ArrayBuffer>} one The bytes of its number.
 * @param {number} count
 * @param {{new (buffer: ArrayBuffer): T, BYTES_PER_ELEMENT: number, name?: string}} Kind
 * @returns {T}
 */
function allAlike(one, count, Kind) {
  const key = [Kind.name, count, ...one].join();
  let column = /** @type {T | undefined} */ (uniform.get(key));
  if (column === undefined) {
    const bytes = new Uint8Array(count * one.length);
    // What is not written into takes no memory.
    if (one.some(Boolean)) for (let at = 0; at < bytes.length; at++) bytes[at] = one[at % one.length];
    column = new Kind(bytes.buffer);
    uniform.set(key, column);
  }
  return column;
}

let counting = new Uint32Array(0);

/**
 * The numbers from 0 to before a count. Whoever asks gets the same memory: nobody may write into it.
 * @param {number} count
 */
function countingTo(count) {
  // One more: where lists of one begin, and where the last ends, is counted on from their rows.
  if (count > counting.length) counting = new Uint32Array(count + 1);
  for (let i = counting.length - 1; i > 0 && counting[i] === 0; i--) counting[i] = i;
  return counting.subarray(0, count);
}

/**
 * Whether each number is that of its row.
 * @param {Uint32Array} column
 */
function isCounting(column) {
  let row = 0;
  while (row < column.length && column[row] === row) row += 1;
  return row === column.length;
}

/**
 * A column that may say no more than the numbers of its rows, or the same as another one.
 * @template {Uint32Array | Int32Array | Float32Array} T
 * @param {T} column
 * @param {T} [other]
 * @returns {T}
 */
function sharing(column, other) {
  if (other && other.length === column.length && column.every((number, row) => number === other[row])) return other;
  return column instanceof Uint32Array && isCounting(column) ? /** @type {T} */ (countingTo(column.length)) : column;
}

/**
 * The same numbers in as few bytes as hold the largest.
 * @param {Uint16Array | Uint32Array} column
 * @returns {Numbers}
 */
function narrowed(column) {
  let all = 0;
  for (let row = 0; row < column.length; row++) all |= column[row];
  return all >>> 0 < 2 ** 8 ? new Uint8Array(column) : all >>> 0 < 2 ** 16 ? new Uint16Array(column) : column;
}

/**
 * @param {{lengths: Part, values: Part}} lists
 * @returns {Promise<Lists>}
 */
async function readLists({ lengths, values }) {
  return { starts: startsOf(await readColumn(lengths, Uint16Array)), values: narrowed(await readColumn(values, Uint32Array)) };
}

/**
 * Where each of some runs begins, and at the end where the last one ends.
 * @param {ArrayLike<number>} lengths
 */
function startsOf(lengths) {
  let end = 0;
  while (end < lengths.length && lengths[end] === lengths[0]) end += 1;
  const alike = end === lengths.length ? lengths[0] : -1;
  if (alike === 1) return countingTo(end + 1);
  if (alike === 0) return allAlike(new Uint8Array(4), end + 1, Uint32Array);
  const starts = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) starts[i + 1] = starts[i] + lengths[i];
  return starts;
}

/**
 * @param {Lists} lists
 * @param {number} row
 */
function listOf({ starts, values }, row) {
  return values.subarray(starts[row], starts[row + 1]);
}
