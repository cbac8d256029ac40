// What was tried and what came of it: lines for people as it goes, the sum that `.ci/run` reads, and for docs/faults.md a line of JSON for each
// kind of fault in the file that STAGECRAFT_FAULTS names.
import { appendFile } from "node:fs/promises";

/**
 * @typedef {object} Kind
 * @property {string} key
 * @property {string} engine
 * @property {number} tried
 * @property {number} failed
 * @property {number} acknowledged writes
 * @property {number} inFlight
 * @property {number[]} recovered milliseconds
 * @property {string[]} notes
 */

export class Faults {
  passed = 0;
  failed = 0;
  /** @type {Map<string, Kind>} */
  #kinds = new Map();

  /**
   * Another try of a kind of fault.
   * @param {string} key
   * @param {string} engine
   */
  begin(key, engine) {
    const at = `${key} ${engine}`;
    const kind = this.#kinds.get(at) ?? { key, engine, tried: 0, failed: 0, acknowledged: 0, inFlight: 0, recovered: [], notes: [] };
    this.#kinds.set(at, kind);
    /** @type {string[]} */
    const wrong = [];
    return {
      fault: (/** @type {string} */ text) => void wrong.push(text),
      recovered: (/** @type {number} */ ms) => void kind.recovered.push(ms),
      counted: (/** @type {number} */ acknowledged, /** @type {number} */ inFlight) => {
        kind.acknowledged += acknowledged;
        kind.inFlight += inFlight;
      },
      note: (/** @type {string} */ text) => void kind.notes.push(text),
      end: (/** @type {string} */ told) => {
        kind.tried += 1;
        console.log(`${engine} ${key} ${kind.tried}: ${told}: ${wrong.length === 0 ? "ok" : "FAULTY"}`);
        for (const text of wrong.slice(0, 20)) console.log(`    ${text}`);
        if (wrong.length === 0) this.passed += 1;
        else {
          this.failed += 1;
          kind.failed += 1;
        }
      },
    };
  }

  /** Says the sum and sets how the process ends. */
  async sum() {
    const into = process.env.STAGECRAFT_FAULTS;
    if (into) for (const kind of this.#kinds.values()) await appendFile(into, `${JSON.stringify(kind)}\n`);
    console.log(`Faults: ${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}
