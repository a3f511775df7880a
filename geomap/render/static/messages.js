// @ts-check
// Every word the page itself says comes through here, in the language chosen.

/** @typedef {Record<string, string | Record<string, string>>} Messages A text, or one for each plural form. */

const ENGLISH = "en";
// Chromium counts in Belarusian but does not write its numbers; they are written as in its neighbours.
const WRITES_NUMBERS_LIKE = /** @type {Record<string, string>} */ ({ be: "uk" });

const speech = {
  /** The language of the page's own words. */
  lang: ENGLISH,
  /** The language of the texts that the map's author wrote. */
  author: ENGLISH,
  /** @type {Messages} */
  own: {},
  /** @type {Messages} */
  english: {},
  plurals: new Intl.PluralRules(ENGLISH),
  numbers: new Intl.NumberFormat(ENGLISH),
};

/**
 * @param {string} lang
 * @param {Record<string, Messages>} messages
 */
function speak(lang, messages) {
  speech.lang = spokenLanguage(lang, messages);
  speech.english = messages[ENGLISH];
  speech.own = messages[speech.lang];
  speech.plurals = new Intl.PluralRules([speech.lang, ENGLISH]);
  speech.numbers = new Intl.NumberFormat([speech.lang, WRITES_NUMBERS_LIKE[speech.lang] ?? ENGLISH, ENGLISH]);
}

/**
 * The language with messages that is nearest to the one asked for: `pl` for `pl-PL`, English for what there is not.
 * @param {string} lang
 * @param {Record<string, Messages>} messages
 */
function spokenLanguage(lang, messages) {
  const [main] = lang.toLowerCase().split("-");
  return [lang, main].find((known) => Object.hasOwn(messages, known)) ?? ENGLISH;
}

/** @param {string} key */
function messageOf(key) {
  return speech.own[key] ?? speech.english[key];
}

/**
 * The page's words for a key; `{name}` in them stands for a value.
 * @param {string} key
 * @param {Record<string, string | number>} [values] A number `n` chooses the plural form.
 * @returns {string}
 */
function t(key, values = {}) {
  let message = messageOf(key);
  if (message === undefined) return key;
  if (typeof message !== "string") message = message[speech.plurals.select(Number(values.n))] ?? message.other;
  return message.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? speech.numbers.format(value) : value;
  });
}

/**
 * A word of one of the closed lists; what is in none of them is shown as it is written.
 * @param {string} list
 * @param {string | null | undefined} id
 */
function word(list, id) {
  const message = id ? messageOf(`${list}.${id}`) : "";
  return typeof message === "string" ? message : plainWord(id);
}

/**
 * An id such as `people_moved` as words; any other text stays as it was written, letter for letter.
 * @param {string | null | undefined} id
 */
function plainWord(id) {
  const text = String(id ?? "");
  return /^[a-z0-9]+(_[a-z0-9]+)+$/.test(text) ? text.replaceAll("_", " ") : text;
}

/** The label of an event type: the author's own, else that of the list. @param {TypeSymbol} symbol */
function typeLabel(symbol) {
  const listed = speech.english[`type.${symbol.id}`];
  if (!symbol.id && !symbol.label) return word("type", "other");
  return symbol.label === listed || !symbol.label ? word("type", symbol.id) : symbol.label;
}

/** Words of somebody else, between the marks that the language has for it. @param {string} text */
function quoted(text) {
  return t("text.quote", { text });
}

/** @param {number} metres As people read it. */
function distanceText(metres) {
  return metres < 1000 ? t("unit.m", { n: Math.round(metres) }) : t("unit.km", { n: Math.round(metres / 100) / 10 });
}

// Dates. Their words are messages, too: not every browser knows the months of every language here.

/**
 * @param {Date | number} day A date, or days since 1970.
 * @param {"day" | "short" | "month" | "year"} style
 */
function formatDay(day, style) {
  const date = typeof day === "number" ? new Date(day * 86_400_000) : day;
  const year = String(date.getUTCFullYear());
  if (style === "year") return year;
  if (style === "month") return t("date.month", { month: monthName(date, "date.months"), year });
  const month = monthName(date, style === "short" ? "date.months_short" : "date.months_of_day");
  return t("date.day", { day: String(date.getUTCDate()), month, year });
}

/**
 * @param {Date} date
 * @param {string} list The key of the twelve months.
 */
function monthName(date, list) {
  return t(list).split(" ")[date.getUTCMonth()];
}

/**
 * What is known of a time, in the language chosen.
 * @param {Head} head
 */
function whenText({ edtf, when }) {
  if (edtf) return edtfText(edtf) ?? edtf;
  return when && when !== "date unknown" ? dateText(when) : t("date.unknown");
}

/** A date as the data have it: what is EDTF is put into words. @param {unknown} value */
function dateText(value) {
  const text = asText(value);
  return edtfText(text) ?? text;
}

/**
 * @param {string} edtf
 * @returns {string | null} Null for what is none of the forms that the data may have.
 */
function edtfText(edtf) {
  const oneOf = /^\[(.+)\.\.(.+)\]$/.exec(edtf);
  if (oneOf) {
    const range = rangeText(oneOf[1], oneOf[2]);
    return range && t("date.one_day_of", { date: range });
  }
  const ends = edtf.split("/");
  if (ends.length === 1) return pointText(edtf);
  const [start, end] = ends.map((part) => (part === ".." || part === "" ? null : part));
  if (start && end) return rangeText(start, end);
  const known = pointText(start ?? end ?? "");
  return known && t(start ? "date.from_on" : "date.by", { date: known });
}

const FLAGS = /[?~%]$/;
const EXACT_DAY = /^\d{4}-\d\d-\d\d$/;

/**
 * @param {string} start
 * @param {string} end
 */
function rangeText(start, end) {
  const flags = [start, end].map((text) => FLAGS.exec(text)?.[0] ?? "").join("");
  const [first, last] = [start, end].map((text) => text.replace(FLAGS, ""));
  const [from, to] = [pointText(first), pointText(last)];
  if (!from || !to) return null;
  const days = EXACT_DAY.test(first) && EXACT_DAY.test(last);
  if (days && first === last) return qualified(from, flags);
  if (days && first.slice(0, 7) === last.slice(0, 7)) return qualified(daysText(dayNumber(first), dayNumber(last)), flags);
  return qualified(`${from} – ${to}`, flags);
}

/**
 * Days of one month: 3–9 October.
 * @param {number} first
 * @param {number} last
 */
function daysText(first, last) {
  const [from, to] = [first, last].map((day) => new Date(day * 86_400_000));
  const values = { first: String(from.getUTCDate()), last: String(to.getUTCDate()), year: String(to.getUTCFullYear()) };
  return t("date.days", { ...values, month: monthName(to, "date.months_of_day") });
}

/**
 * @param {string} words
 * @param {string} flags Of EDTF.
 */
function qualified(words, flags) {
  const about = /[~%]/.test(flags) ? t("date.about", { date: words }) : words;
  return /[?%]/.test(flags) ? t("date.uncertain", { date: about }) : about;
}

const SEASONS = /** @type {Record<string, string>} */ ({ 21: "spring", 22: "summer", 23: "autumn", 24: "winter" });

/** @param {string} text */
function pointText(text) {
  const flags = FLAGS.exec(text)?.[0] ?? "";
  const words = dateWords(text.replace(FLAGS, ""));
  return words && qualified(words, flags);
}

/**
 * @param {string} text One date of EDTF without its flags.
 * @returns {string | null}
 */
function dateWords(text) {
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return instantText(text);
  const parts = /^(\d\d[\dX]{2})(?:-(\d\d|XX))?(?:-(\d\d|XX))?$/.exec(text);
  if (!parts) return null;
  const [, year, month, day] = parts;
  if (year.includes("X")) return yearsText(year);
  if (!month || month === "XX") return year;
  if (SEASONS[month]) return t(`date.${SEASONS[month]}`, { year });
  if (!day || day === "XX") return formatDay(dayNumber(`${year}-${month}-01`), "month");
  return formatDay(dayNumber(text), "day");
}

/** @param {string} year Whose last digits are not known. */
function yearsText(year) {
  const [first, last] = ["0", "9"].map((digit) => String(Number(year.replaceAll("X", digit))));
  return year.endsWith("XX") ? `${first}–${last}` : t("date.decade", { year: first });
}

/** @param {string} text */
function instantText(text) {
  // ISO 8601 knows offsets of whole hours, the browser does not.
  const zoned = /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : /T.*[+-]\d\d$/.test(text) ? `${text}:00` : `${text}Z`;
  const moment = new Date(zoned);
  if (Number.isNaN(moment.getTime())) return null;
  return t("date.instant", { date: formatDay(moment, "day"), time: moment.toISOString().slice(11, 16) });
}
