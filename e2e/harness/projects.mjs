// A sales process with a task of every kind, gates between its stages, and a record to be made at its end.

const decides = { exists: { object: "contact_role", where: { field: "role", op: "eq", value: "decision_maker" } } };
const filled = (/** @type {string} */ field) => ({ field, op: "is_not_empty" });


/**
 * The process's id; it is made once for each server.
 * @param {import("./api.mjs").Session} administrator
 * @returns {Promise<string>}
 */
export async function plantProjects(administrator) {
  const { items } = await administrator.read("/processes");
  const known = items.find((/** @type {any} */ one) => one.name === "Plant projects");
  if (known) return known.id;
  const { process } = await administrator.create("/processes", {
    name: "Plant projects",
    precedence: 50,
    stages: [
      {
        stage: "prospecting",
        guidance: "Know the plant and the people.",
        links: [{ label: "Checklist for visits", url: "https://plant.example/visits" }],
        completion_condition: { all: [filled("opportunity_type"), filled("name")] },
        tasks: [
          { key: "frame", name: "Agree on the frame", act: { kind: "edit_object", fields: ["amount", "expected_close_date"] } },
          { key: "greet", name: "Send a greeting", act: { kind: "checklist_item" } },
        ],
      },
      {
        stage: "qualification",
        entry_condition: decides,
        tasks: [
          { key: "visits", name: "Plan two visits", act: { kind: "create_object", object: "task", link: "regarding", minimum: 2, fill: [{ field: "assignee", from: "owner" }] } },
          { key: "customer", name: "Complete the customer", act: { kind: "edit_object", of: "account", fields: ["website"] } },
        ],
      },
      {
        stage: "proposal",
        required_fields: ["next_step"],
        tasks: [{ key: "offer", name: "Put the offer together", act: { kind: "edit_sub_objects", object: "opportunity_line", minimum: 2 } }],
      },
      { stage: "won" },
      {
        stage: "lost",
        ignore_normal: true,
        required_fields: ["lost_reason"],
        prompt: "What decided it?",
        creates: [{ object: "task", link: "regarding", fields: ["name"], fill: [{ field: "assignee", from: "owner" }, { field: "name", from: "name" }] }],
      },
    ],
  });
  return process.id;
}

/**
 * A new deal in it, with an account of the person's own.
 * @param {import("./api.mjs").Session} api
 * @param {string} process
 * @param {string} name
 * @param {Record<string, unknown>} [fields]
 * @returns {Promise<{id: string, account: string}>}
 */
export async function dealIn(api, process, name, fields = {}) {
  const mine = encodeURIComponent(JSON.stringify({ field: "owner", op: "is_me" }));
  const { items } = await api.read(`/records/account?limit=1&filter=${mine}`);
  const { record } = await api.create("/records/opportunity", { fields: { name, sales_process: process, account: items[0].id, ...fields } });
  return { id: record.id, account: items[0].id };
}
