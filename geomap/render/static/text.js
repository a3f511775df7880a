// @ts-check
// Text from outside becomes text nodes here and nowhere else; markup is never parsed.

// Characters that turn, join or hide the letters around them.
const HIDDEN_CHARACTERS = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;
// The characters themselves are what is looked for.
/* eslint-disable no-control-regex, no-misleading-character-class */
const UNSAFE_IN_LINKS =
  /[\u0000-\u0020\u007f-\u00a0\\"'<>^`{|}\u00ad\u034f\u061c\u115f\u1160\u1680\u180b-\u180f\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff\uff0f\uffa0\ufff0-\uffff]|\udb40[\udc00-\udfff]/;
/* eslint-enable no-control-regex, no-misleading-character-class */
// One plain address, without what a link could put into the letter.
const MAIL = /^mailto:[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/**
 * Make an element of ours.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {string} [words] Our own words; text from outside goes through `outside`.
 * @returns {HTMLElementTagNameMap[K]}
 */
function make(tag, className, words) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (words !== undefined) element.textContent = words;
  return element;
}

/**
 * Whatever a field holds, as text: a list is joined, a named thing gives its name.
 * @param {unknown} value
 * @returns {string}
 */
function asText(value) {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map(asText).filter(Boolean).join(", ");
  if (typeof value === "object") {
    const named = /** @type {Record<string, unknown>} */ (value);
    return asText(named.name ?? named.label ?? named.title ?? named.id);
  }
  return String(value);
}

/**
 * Show text from outside letter for letter, kept apart from the direction of what stands around it. Characters
 * that would hide or turn letters are not removed: a mark beside the text says that they are there.
 * @template {HTMLElement | DocumentFragment} P
 * @param {P} parent
 * @param {unknown} value
 * @param {string} [lang] The language that it is read aloud in: the author's.
 * @returns {P}
 */
function outside(parent, value, lang = speech.author) {
  const text = asText(value);
  const shown = make("bdi", "gm-text");
  shown.textContent = text;
  if (lang !== speech.lang) shown.lang = lang;
  parent.append(shown);
  if (HIDDEN_CHARACTERS.test(text)) {
    const mark = make("span", "gm-hidden-mark");
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", t("text.hidden"));
    mark.title = t("text.hidden");
    parent.append(mark);
  }
  return parent;
}

/**
 * Show our own words that may hold a name from outside; they are read aloud in the page's language.
 * @template {HTMLElement | DocumentFragment} P
 * @param {P} parent
 * @param {string} words
 * @returns {P}
 */
function ours(parent, words) {
  return outside(parent, words, speech.lang);
}

/**
 * Text for a canvas, where nothing can be marked beside it: hidden characters become a visible box.
 * @param {string} text
 * @param {number} [longest]
 */
function canvasText(text, longest = 60) {
  const shown = (HIDDEN_CHARACTERS.test(text) ? text.replace(new RegExp(HIDDEN_CHARACTERS.source, "g"), "\u25af") : text).replace(/\s+/g, " ");
  // As many letters it has at most.
  if (shown.length <= longest) return shown;
  const letters = Array.from(shown);
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : shown;
}

/**
 * Whether a host is read as it is written: as in `geomap.render.links`.
 * @param {string} authority
 * @param {URL} address
 */
function isPlainHost(authority, address) {
  if (/[@%\u2044\u2215\u29f8\u3002]/.test(authority) || authority.normalize("NFKC") !== authority || address.port === "0") return false;
  const [host] = authority.split(":");
  return authority.startsWith("[") || !/(^|\.)([0-9]+|0x[0-9a-f]*)\.?$/i.test(host) || address.hostname === host;
}

/**
 * The address as the browser reads it, if it may be a link; null otherwise.
 * @param {unknown} text
 * @returns {URL | null}
 */
function safeAddress(text) {
  if (typeof text !== "string" || text.length > 2048 || UNSAFE_IN_LINKS.test(text)) return null;
  const authority = /^https?:\/\/([^/?#]+)/i.exec(text)?.[1];
  if (!authority && !MAIL.test(text)) return null;
  try {
    const address = new URL(text);
    if (!authority) return address.protocol === "mailto:" ? address : null;
    const web = address.protocol === "https:" || address.protocol === "http:";
    return web && address.hostname && !address.username && !address.password && isPlainHost(authority, address) ? address : null;
  } catch {
    return null;
  }
}
