// Looks through everything that the product is made of: licences, sources, two versions of one thing; with the network also what was
// withdrawn, what has known faults and how old it is.
//
//   node scripts/audit.mjs [--network]
//
// What may be is said by deny.toml, in the words of cargo-deny. Ends with a line "Audit: N packages, M findings" and fails where there are any.
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const repository = fileURLToPath(new URL("..", import.meta.url));
process.chdir(repository);
const { values: options } = parseArgs({ options: { network: { type: "boolean", default: false } } });

const rules = readFileSync("deny.toml", "utf8");
const allowed = new Set(listOf("allow"));
const twice = listOf("skip").map((entry) => entry.split("@"));
/** @type {string[]} */
const findings = [];

/** The texts of a list in deny.toml. @param {string} name @returns {string[]} */
function listOf(name) {
  const list = new RegExp(`^${name} = \\[([^\\]]*)\\]`, "m").exec(rules)?.[1] ?? "";
  return [...list.matchAll(/"([^"]+)"/g)].map((one) => one[1] ?? "");
}

/**
 * True where an expression of licences (SPDX) can be kept with the allowed ones alone.
 * @param {string} expression
 * @returns {boolean}
 */
function isAllowed(expression) {
  const words = expression.replaceAll("/", " OR ").replaceAll(/\s+WITH\s+/g, "~").replaceAll(/([()])/g, " $1 ").trim().split(/\s+/);
  let at = 0;
  /** @returns {boolean} */
  const any = () => {
    let holds = all();
    while (words[at] === "OR") {
      at += 1;
      holds = all() || holds;
    }
    return holds;
  };
  /** @returns {boolean} */
  const all = () => {
    let holds = one();
    while (words[at] === "AND") {
      at += 1;
      holds = one() && holds;
    }
    return holds;
  };
  /** @returns {boolean} */
  const one = () => {
    const word = words[at] ?? "";
    at += 1;
    if (word !== "(") return allowed.has(word.replace("~", " WITH "));
    const holds = any();
    at += 1;
    return holds;
  };
  const holds = any();
  return holds && at === words.length;
}

/** @typedef {{name: string, version: string, license: string | null, source: string | null, dependencies: {name: string, req: string, path?: string}[]}} Crate */

/** What is compiled for Linux, from what has been fetched already. @returns {Crate[]} */
function crates() {
  const words = ["metadata", "--locked", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu", ...(options.network ? [] : ["--offline"])];
  return JSON.parse(execFileSync("cargo", words, { encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] })).packages;
}

const all = crates();
const foreign = all.filter((one) => one.source !== null);
/** @type {Map<string, Set<string>>} */
const versions = new Map();
for (const one of foreign) {
  if (!one.license || !isAllowed(one.license)) findings.push(`${one.name} ${one.version}: the licence ${one.license ?? "is not told"}${one.license ? " is not allowed" : ""}`);
  if (!one.source?.startsWith("registry+")) findings.push(`${one.name} ${one.version} comes from ${one.source}`);
  versions.set(one.name, (versions.get(one.name) ?? new Set()).add(one.version));
}
for (const own of all.filter((one) => one.source === null)) {
  for (const needed of own.dependencies) {
    if (needed.req === "*" && !needed.path) findings.push(`${own.name} takes any version of ${needed.name}`);
  }
}
for (const [name, of] of versions) {
  const counted = [...of].filter((version) => !twice.some(([skipped, from]) => skipped === name && (version === from || version.startsWith(`${from}.`))));
  if (counted.length > 1) findings.push(`${name} is there in several versions: ${[...of].sort().join(", ")}`);
}
for (const [name, from] of twice) {
  if (![...(versions.get(name ?? "") ?? [])].some((version) => version === from || version.startsWith(`${from}.`))) findings.push(`deny.toml passes over ${name}@${from}, which is not there any more`);
}

let packages = foreign.length;
for (const place of ["web", "e2e"]) {
  /** @type {Record<string, {version: string, license?: string, dev?: boolean, link?: boolean, integrity?: string}>} */
  const locked = JSON.parse(readFileSync(`${place}/package-lock.json`, "utf8")).packages;
  for (const [at, one] of Object.entries(locked)) {
    if (at === "" || one.link) continue;
    packages += 1;
    // What only builds and tests is not passed on; what is in the app must be free as the product is.
    if (!one.dev && !(one.license && isAllowed(one.license))) findings.push(`${place}: ${at} ${one.version}: the licence ${one.license ?? "is not told"} is not allowed`);
    if (!one.integrity) findings.push(`${place}: ${at} ${one.version} has no hash in the lock file`);
  }
}

if (options.network) {
  withdrawn();
  older();
  for (const place of ["web", "e2e"]) npmFaults(place);
  rustFaults();
}

for (const finding of findings) console.log(`- ${finding}`);
console.log(`Audit: ${packages} packages, ${findings.length} findings`);
process.exit(findings.length === 0 ? 0 : 1);

/** Versions that their authors have withdrawn, as the registry's index says, of which cargo keeps a copy. */
function withdrawn() {
  // Brings the copy up to date.
  spawnSync("cargo", ["update", "--dry-run"], { stdio: "ignore" });
  const home = path.join(process.env.CARGO_HOME ?? path.join(homedir(), ".cargo"), "registry/index");
  let known = 0;
  for (const one of foreign) {
    const name = one.name.toLowerCase();
    const folder = name.length <= 2 ? String(name.length) : name.length === 3 ? `3/${name[0]}` : `${name.slice(0, 2)}/${name.slice(2, 4)}`;
    for (const index of readdirSync(home)) {
      let text = "";
      try {
        text = readFileSync(path.join(home, index, ".cache", folder, name), "utf8");
      } catch {
        continue;
      }
      const line = text.split("\0").find((part) => part.startsWith("{") && part.includes(`"vers":"${one.version}"`) || part.includes(`"vers": "${one.version}"`));
      if (!line) continue;
      known += 1;
      if (/"yanked": ?true/.test(line)) findings.push(`${one.name} ${one.version} was withdrawn by its authors`);
    }
  }
  console.log(`Withdrawn: ${known} of ${foreign.length} crates looked up in the registry's index.`);
}

/** What there is newer, for people to read: no finding. */
function older() {
  const { stderr } = spawnSync("cargo", ["update", "--dry-run", "--verbose"], { encoding: "utf8" });
  const lines = (stderr ?? "").split("\n");
  const behind = lines.filter((line) => /\(available: /.test(line)).map((line) => line.trim().replace(/^Unchanged /, ""));
  const fitting = lines.filter((line) => /^\s*Updating .* -> /.test(line)).map((line) => line.trim());
  console.log(`Age: ${fitting.length} crates have a newer version that fits, ${behind.length} one that does not:`);
  for (const line of [...fitting, ...behind]) console.log(`  ${line}`);
}

/** Known faults of npm packages, where the registry answers. @param {string} place */
function npmFaults(place) {
  const { stdout } = spawnSync("npm", ["audit", "--json"], { cwd: place, encoding: "utf8" });
  /** @type {any} */
  let told;
  try {
    told = JSON.parse(stdout);
  } catch {
    told = { error: true };
  }
  if (told.error || !told.metadata) {
    console.log(`Known faults of ${place}: the registry does not answer, so they are not known here.`);
    return;
  }
  const counts = told.metadata.vulnerabilities;
  console.log(`Known faults of ${place}: ${counts.total}.`);
  for (const [name, fault] of Object.entries(told.vulnerabilities)) findings.push(`${place}: ${name} has a known fault (${fault.severity}, ${fault.range})`);
}

/** Known faults of crates, where cargo-deny is installed and its list can be had. */
function rustFaults() {
  const { status, stderr, error } = spawnSync("cargo", ["deny", "--log-level", "error", "check", "advisories"], { encoding: "utf8" });
  if (error || /no such command|failed to fetch|couldn't resolve host/i.test(stderr ?? "")) {
    console.log("Known faults of crates: cargo-deny or its list is not to be had, so they are not known here.");
  } else if (status === 0) {
    console.log("Known faults of crates: none.");
  } else {
    findings.push(`cargo-deny: ${stderr}`);
  }
}
