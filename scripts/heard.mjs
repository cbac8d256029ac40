// What a receiver of webhooks has heard, against what happened.

/** @typedef {import("../e2e/harness/receiver.mjs").Heard} Heard */

/**
 * Every revision of every record was heard at least once.
 * @param {Heard[]} heard
 * @param {Map<string, number>} revisions the last of each record
 */
export function complete(heard, revisions) {
  const known = new Set(heard.map(({ event }) => `${event.data.id} ${event.data.revision}`));
  return [...revisions].every(([id, last]) => Array.from({ length: last }, (_, n) => known.has(`${id} ${n + 1}`)).every(Boolean));
}

/**
 * Those of one record came in order, nothing that did not happen, and every signature holds.
 * @param {string} way
 * @param {Heard[]} heard
 * @param {Map<string, number>} revisions
 */
export function judge(way, heard, revisions) {
  /** @type {Map<string, number>} */
  const reached = new Map();
  /** @type {Map<string, string>} */
  const ids = new Map();
  for (const { holds, id, event } of heard) {
    const { id: record, revision } = event.data;
    if (!holds) throw new Error(`${way}: the signature of ${id} does not hold`);
    const last = revisions.get(record);
    if (last === undefined || revision > last) throw new Error(`${way}: revision ${revision} of ${record} never happened`);
    const so = reached.get(record) ?? 0;
    // A repetition is one of what was heard already; whatever is new is the next.
    if (revision > so + 1) throw new Error(`${way}: revision ${revision} of ${record} came after ${so}`);
    reached.set(record, Math.max(so, revision));
    const place = `${record} ${revision}`;
    if ((ids.get(place) ?? id) !== id) throw new Error(`${way}: ${place} came under two ids`);
    ids.set(place, id);
  }
}
