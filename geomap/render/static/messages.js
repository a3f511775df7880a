// @ts-check
// Every word the page itself says comes through here, in the language chosen.

/** @typedef {Record<string, string | Record<string, string>>} Messages A text, or one for each plural form. */

const ENGLISH = "en";

const speech = {
  lang: ENGLISH,
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
  speech.lang = lang;
  speech.english = messages[ENGLISH];
  speech.own = messages[lang] ?? speech.english;
  const known = Object.hasOwn(messages, lang) && Intl.PluralRules.supportedLocalesOf([lang]).length ? lang : ENGLISH;
  speech.plurals = new Intl.PluralRules(known);
  speech.numbers = new Intl.NumberFormat(known);
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

/** @param {string | null | undefined} id */
function plainWord(id) {
  return String(id ?? "").replaceAll("_", " ");
}

/** The label of an event type: the author's own, else that of the list. @param {TypeSymbol} symbol */
function typeLabel(symbol) {
  const listed = speech.english[`type.${symbol.id}`];
  if (!symbol.id && !symbol.label) return word("type", "other");
  return symbol.label === listed || !symbol.label ? word("type", symbol.id) : symbol.label;
}

/**
 * A language by its own name.
 * @param {string} lang
 */
function languageName(lang) {
  return new Intl.DisplayNames([lang], { type: "language" }).of(lang) ?? lang;
}

// Dates

/** @type {Map<string, Intl.DateTimeFormat>} */
const dateFormats = new Map();

/**
 * @param {Date | number} day A date, or days since 1970.
 * @param {"day" | "short" | "month" | "year" | "minute"} style
 */
function formatDay(day, style) {
  return dateFormat(style).format(typeof day === "number" ? new Date(day * 86_400_000) : day);
}

/** @param {"day" | "short" | "month" | "year" | "minute"} style */
function dateFormat(style) {
  const lang = speech.lang;
  const key = `${lang} ${style}`;
  let format = dateFormats.get(key);
  if (!format) {
    const options = /** @type {Record<string, Intl.DateTimeFormatOptions>} */ ({
      day: { day: "numeric", month: "long", year: "numeric" },
      short: { day: "numeric", month: "short", year: "numeric" },
      month: { month: "long", year: "numeric" },
      year: { year: "numeric" },
      minute: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hour12: false },
    });
    // English as everywhere else in the data: day before month.
    format = new Intl.DateTimeFormat(lang === ENGLISH ? "en-GB" : lang, { ...options[style], timeZone: "UTC", calendar: "gregory" });
    dateFormats.set(key, format);
  }
  return format;
}

/**
 * What is known of a time, in the language chosen.
 * @param {Head} head
 */
function whenText({ edtf, when }) {
  if (edtf) return edtfText(edtf) ?? edtf;
  return when && when !== "date unknown" ? when : t("date.unknown");
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
  const known = pointText(/** @type {string} */ (start ?? end));
  return known && t(start ? "date.from_on" : "date.by", { date: known });
}

/**
 * @param {string} start
 * @param {string} end
 */
function rangeText(start, end) {
  const flags = `${/[?~%]$/.exec(start)?.[0] ?? ""}${/[?~%]$/.exec(end)?.[0] ?? ""}`;
  const [first, last] = [start, end].map((text) => text.replace(/[?~%]$/, ""));
  const [from, to] = [pointText(first), pointText(last)];
  if (!from || !to) return null;
  const inOneMonth = /^\d{4}-\d\d-\d\d$/.test(first) && last.length === 10 && first.slice(0, 7) === last.slice(0, 7);
  const range = from === to ? from : inOneMonth ? dateFormat("day").formatRange(dateOf(first), dateOf(last)) : `${from} – ${to}`;
  // Days of one month stand close: 3–9 October.
  return qualified(range.replace(/(\d)\s*–\s*(\d)/u, inOneMonth ? "$1–$2" : "$1 – $2"), flags);
}

/** @param {string} day */
function dateOf(day) {
  return new Date(`${day}T00:00:00Z`);
}

/**
 * @param {string} words
 * @param {string} flags Of EDTF.
 */
function qualified(words, flags) {
  const about = /[~%]/.test(flags) ? t("date.about", { date: words }) : words;
  return /[?%]/.test(flags) ? t("date.uncertain", { date: about }) : about;
}

const SEASONS = { 21: "spring", 22: "summer", 23: "autumn", 24: "winter" };

/** @param {string} text */
function pointText(text) {
  const flags = /[?~%]$/.exec(text)?.[0] ?? "";
  const plain = flags ? text.slice(0, -1) : text;
  const parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(plain);
  let words = null;
  if (parts) {
    const [, year, month, day] = parts;
    const season = SEASONS[/** @type {keyof typeof SEASONS} */ (Number(month))];
    if (season) words = t(`date.${season}`, { year });
    else if (day) words = formatDay(dayNumber(plain), "day");
    else if (month) words = formatDay(dayNumber(`${plain}-01`), "month");
    else words = year;
  } else if (/^\d{4}-\d\d-\d\dT/.test(plain)) {
    words = `${formatDay(new Date(/(Z|[+-]\d\d(:?\d\d)?)$/.test(plain) ? plain : `${plain}Z`), "minute")} UTC`;
  }
  if (!words) return null;
  return qualified(words, flags);
}
