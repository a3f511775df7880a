// @ts-check
// Every word the page itself says, in one place.

/** @type {Record<string, string>} */
const SHAPE_WORDS = {
  pin: "Point: the place is known",
  ring: "Ring: somewhere near a named place",
  area: "Area: a district or region, no point in it",
  waters: "Airspace or waters",
  line: "Line: a stretch of border or a route",
  badge: "Label: the country only",
};

/** @type {Record<string, string>} */
const STATUS_WORDS = {
  reported: "Reported",
  corroborated: "Corroborated",
  confirmed: "Confirmed",
  disputed: "Disputed",
  denied: "Denied",
  retracted: "Retracted",
};

/** @type {Record<string, string>} */
const STANCE_WORDS = {
  asserts: "says",
  confirms: "confirms",
  attributes: "attributes it",
  justifies: "justifies it",
  accuses: "accuses",
  qualifies: "qualifies it",
  denies: "denies",
  disputes: "disputes",
  declines_to_comment: "declines to comment",
  does_not_claim: "does not claim it",
  retracts: "retracts",
};

const VOUCHING = ["asserts", "confirms", "attributes", "justifies", "accuses"];
const OPPOSING = ["denies", "disputes"];

/**
 * Who says what, in the order of the panel; what is said of a part of an event is not said of the event.
 * @type {{title: string, holds: (claim: Claim) => boolean}[]}
 */
const CLAIM_GROUPS = [
  { title: "Who says so", holds: ({ stance, about }) => VOUCHING.includes(stance ?? "") && about === "event" },
  { title: "What is said about it", holds: ({ stance, about }) => stance === "qualifies" || (VOUCHING.includes(stance ?? "") && about !== "event") },
  { title: "Who denies it", holds: ({ stance, about }) => OPPOSING.includes(stance ?? "") && about === "event" },
  { title: "Who disputes a part of it", holds: ({ stance, about }) => OPPOSING.includes(stance ?? "") && about !== "event" },
  { title: "Who does not claim it or is silent", holds: ({ stance }) => ![...VOUCHING, ...OPPOSING, "qualifies"].includes(stance ?? "") },
];

/** @type {Record<string, string>} */
const RELATION_WORDS = {
  part_of: "part of",
  response_to: "in response to",
  caused_by: "caused by",
  precedes: "precedes",
  same_as: "same as",
  possible_duplicate: "possible duplicate of",
  contradicts: "contradicts",
  related: "related to",
};

/** Groups of the list beside the map, in order. */
const LIST_GROUPS = [
  { id: "area", title: "Regions and areas" },
  { id: "line", title: "Border stretches and routes" },
  { id: "waters", title: "Airspace and waters" },
  { id: "badge", title: "Whole countries" },
  { id: "none", title: "No place" },
];

const BASEMAP_ZOOM = 9;
const BASEMAP_NOTICE = "Basemap has no more detail at this zoom";

/**
 * A vocabulary word for people.
 * @param {string | null | undefined} word
 */
function plainWord(word) {
  return String(word ?? "").replaceAll("_", " ");
}

/**
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
function counted(n, one, many) {
  return `${n} ${n === 1 ? one : many ?? `${one}s`}`;
}
