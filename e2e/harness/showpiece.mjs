// Deals of the demo company with something to show.

const where = (/** @type {unknown} */ condition) => encodeURIComponent(JSON.stringify(condition));

/**
 * A deal well on its way, with more lines than any other.
 * @param {import("./api.mjs").Session} api
 * @param {string[]} [stages]
 * @returns {Promise<string>}
 */
export async function showpiece(api, stages = ["proposal", "negotiation"]) {
  const { items } = await api.read(`/records/opportunity?limit=100&sort=-amount&filter=${where({ field: "stage", op: "in", value: stages })}`);
  let best = { id: "", lines: -1 };
  for (const { id, fields } of items) {
    const { count } = await api.read(`/records/opportunity_line?limit=1&count=exact&filter=${where({ field: "opportunity", op: "eq", value: id })}`);
    if (/^[A-Z]/.test(fields.name) && count > best.lines) best = { id, lines: count };
  }
  return best.id;
}

/**
 * The first record of a kind for which something holds.
 * @param {import("./api.mjs").Session} api
 * @param {string} object
 * @param {unknown} condition
 * @returns {Promise<any>}
 */
export async function firstOf(api, object, condition) {
  const { items } = await api.read(`/records/${object}?limit=1&filter=${where(condition)}`);
  return items[0];
}
