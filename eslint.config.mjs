// Rules for the page's scripts. They are plain files that geomap/render/page.py joins in one closure, so what one
// file declares the others of its bundle know; a name that its bundle lacks is an error here.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import js from "@eslint/js";
import globals from "globals";

const PAGE = "geomap/render/static";
const SERVE = "geomap/serve/static";
const BROWSER = { ...globals.browser, ...globals.es2025, L: "readonly" };

const joins = readFileSync("geomap/render/page.py", "utf-8");

/**
 * The files that page.py lists under a name.
 * @param {string} name
 * @returns {string[]}
 */
function bundle(name) {
  const list = new RegExp(`^${name}: Final = \\(\\n([^)]*)\\)`, "m").exec(joins);
  if (!list) throw new Error(`geomap/render/page.py has no ${name}`);
  return [...list[1].matchAll(/"([^"]+\.js)"/g)].map(([, file]) => file);
}

const shared = bundle("SHARED_SCRIPTS");
const page = [...shared, ...bundle("PAGE_SCRIPTS")];
const notebook = [...shared, "notebook.js"];
const files = readdirSync(PAGE).filter((file) => file.endsWith(".js"));
const texts = new Map(files.map((file) => [file, readFileSync(join(PAGE, file), "utf-8")]));
// Those that run by themselves, in the page's head.
const alone = [...joins.matchAll(/read_static\("([^"]+\.js)"\)/g)].map(([, file]) => [file]);
const bundled = [page, notebook, ...alone];
const left = files.filter((file) => !bundled.some((names) => names.includes(file)));
if (left.length) throw new Error(`in no bundle: ${left.join(", ")}`);

/** @type {Map<string, string>} */
const declaredIn = new Map();
for (const [file, text] of texts) {
  for (const [, name] of text.matchAll(/^(?:async )?(?:function|class|const|let) (\w+)/gm)) {
    const first = declaredIn.get(name);
    if (first) throw new Error(`${name} is declared in ${first} and in ${file}`);
    declaredIn.set(name, file);
  }
}

/**
 * What a file may use of the others, and which of its own names they use.
 * @param {string} file
 */
function neighbours(file) {
  const bundles = bundled.filter((names) => names.includes(file));
  const beside = (/** @type {string} */ other) => other !== file && bundles.every((names) => names.includes(other));
  const known = [...declaredIn].filter(([, other]) => beside(other)).map(([name]) => [name, "readonly"]);
  const used = [...declaredIn].filter(([name, own]) => own === file && files.some((other) => other !== file && new RegExp(`\\b${name}\\b`).test(texts.get(other) ?? "")));
  return { globals: Object.fromEntries(known), used: used.map(([name]) => name) };
}

const UNSAFE_PROPERTIES = ["innerHTML", "outerHTML", "insertAdjacentHTML", "createContextualFragment", "setHTMLUnsafe", "srcdoc"].map(
  (property) => ({ property, message: "Text from outside is written with textContent; see text.js." }),
);

const rules = {
  ...js.configs.recommended.rules,
  "no-var": "error",
  "prefer-const": ["error", { destructuring: "all" }],
  eqeqeq: "error",
  "no-unused-vars": ["error", { args: "after-used", caughtErrors: "all", argsIgnorePattern: "^_" }],
  "no-shadow": ["error", { builtinGlobals: false, hoist: "functions" }],
  "no-implicit-globals": "off",
  "no-eval": "error",
  "no-implied-eval": "error",
  "no-new-func": "error",
  "no-script-url": "error",
  "no-alert": "error",
  "no-console": "error",
  "no-throw-literal": "error",
  "no-return-assign": "error",
  "no-loop-func": "error",
  "no-self-compare": "error",
  "no-template-curly-in-string": "error",
  "no-unmodified-loop-condition": "error",
  "no-useless-concat": "error",
  "no-useless-rename": "error",
  "no-prototype-builtins": "error",
  "no-extend-native": "error",
  "array-callback-return": "error",
  "default-case-last": "error",
  "object-shorthand": "error",
  "prefer-template": "error",
  radix: "error",
  yoda: "error",
  "no-restricted-properties": [
    "error",
    ...UNSAFE_PROPERTIES,
    { object: "document", property: "write", message: "It parses markup." },
    { object: "document", property: "writeln", message: "It parses markup." },
  ],
  "no-restricted-globals": ["error", { name: "event", message: "Take it as a parameter." }, { name: "name", message: "The window's own." }, "fetch", "XMLHttpRequest", "WebSocket", "localStorage", "sessionStorage"],
  "no-restricted-syntax": [
    "error",
    // However it is written: x.innerHTML, x["innerHTML"], {innerHTML} = x.
    ...["innerHTML", "outerHTML"].map((property) => ({ selector: `Literal[value='${property}']`, message: "Text from outside is written with textContent; see text.js." })),
    { selector: "CallExpression[callee.property.name='setAttribute'][arguments.0.value=/^on/]", message: "The page's policy allows no handlers in markup." },
    { selector: "CallExpression[callee.name=/^set(Timeout|Interval)$/][arguments.0.type='Literal']", message: "That is eval." },
    { selector: "ForInStatement", message: "It walks prototypes; use Object.keys." },
  ],
};

const language = { ecmaVersion: 2025, sourceType: "script" };

export default [
  { ignores: ["**/*.min.js", "**/node_modules/", "**/.venv*/", "**/out/"] },
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  ...files.map((file) => {
    const { globals: known, used } = neighbours(file);
    const own = used.length ? { varsIgnorePattern: `^(${used.join("|")})$` } : {};
    return {
      files: [`${PAGE}/${file}`],
      languageOptions: { ...language, globals: { ...BROWSER, ...known } },
      rules: { ...rules, "no-unused-vars": ["error", { args: "after-used", caughtErrors: "all", argsIgnorePattern: "^_", ...own }] },
    };
  }),
  { files: [`${SERVE}/*.js`], languageOptions: { ...language, globals: BROWSER }, rules: { ...rules, "no-restricted-globals": "off" } },
  { files: ["**/*.mjs"], languageOptions: { ecmaVersion: 2025, sourceType: "module", globals: globals.node }, rules: { ...rules, "no-new-func": "off", "no-restricted-syntax": "off" } },
];
