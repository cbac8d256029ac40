import { describe, expect, it } from "vitest";
import type { Difference } from "~/api/processes";
import { mentioned, sayValue, taskNames, type Words } from "./sayings";

const words: Words = {
  say: (key, values) => (values ? `${key}(${Object.values(values).join()})` : key),
  duration: (seconds) => `${seconds / 3600}h`,
  condition: () => "Amount more than 10",
  stage: (key) => `stage ${key}`,
  object: (key) => `object ${key}`,
  field: (object, key) => `${object}.${key}`,
  option: (_, key) => `option ${key}`,
  teamRole: (key) => key,
  role: (key) => `role ${key}`,
  person: (id) => `person ${id}`,
  department: (id) => `department ${id}`,
  group: (id) => `group ${id}`,
  task: (key) => `task ${key}`,
};

describe("sayValue", () => {
  it.each([
    ["allow_skip", false, "said.no"],
    ["win_rate", "40", "40%"],
    ["duration_seconds", 7_200, "2h"],
    ["duration_seconds", null, "said.nothing"],
    ["due_in", null, "times.calendar"],
    ["needed_tasks", null, "needed.required"],
    ["needed_tasks", { which: "chosen", tasks: ["a", "b"] }, "task a, task b"],
    ["needed_tasks", { which: "number", n: 2 }, "said.nTasks(2)"],
    ["required_fields", ["amount"], "opportunity.amount"],
    ["must_have_completed", ["demo"], "stage demo"],
    ["assignees", [], "parties.owner"],
    ["assignees", [{ kind: "person", id: "7" }, { kind: "team" }], "person 7, parties.team"],
    ["reminders", [{ when: "after", seconds: 3_600, every_days: 2, to: [{ kind: "owner" }] }], "said.after(1h) said.every(2) → parties.owner"],
    ["reminders", [{ when: "before", seconds: 0, to: [{ kind: "owner" }] }], "said.atDue → parties.owner"],
    ["act", { kind: "edit_object", of: "account", fields: ["industry"] }, "kinds.edit_object: opportunity.account › opportunity.account.industry"],
    ["act", { kind: "checklist_item" }, "kinds.checklist_item"],
    ["creates", [{ object: "order", link: "opportunity", fields: ["name"], fill: [{ field: "account", from: "account" }] }], "object order, order.name, order.account ← opportunity.account"],
    ["who", { departments: [{ id: "d", with_sub: true }], groups: ["g"], roles: ["r"], people: [] }, "said.withSub(department d), group g, role r"],
    ["who", { departments: [], groups: [], roles: [], people: [] }, "everybody"],
    ["entry_condition", { field: "amount", op: "gt", value: 10 }, "Amount more than 10"],
    ["guidance", "Ask twice", "Ask twice"],
  ])("%s %j", (setting, value, said) => {
    expect(sayValue(setting, value, words)).toBe(said);
  });
});

it("knows whose names must be looked up", () => {
  const differences: Difference[] = [
    { path: "", kind: "changed", setting: "who", old: { departments: [{ id: "d", with_sub: true }], groups: [], roles: [], people: ["1"] }, new: null },
    { path: "", kind: "changed", setting: "assignees", old: [], new: [{ kind: "person", id: "1" }, { kind: "person", id: "2" }] },
  ];
  expect(mentioned(differences)).toMatchObject({ people: ["1", "2"], departments: ["d"], groups: [] });
});

it("names a task that is gone by what it was", () => {
  const gone = { key: "call", name: "Call", required: true, act: { kind: "checklist_item" }, assignees: [], repeat: false };
  expect(taskNames([{ path: "", kind: "removed", stage: "a", task: "call", setting: "", old: gone, new: null }]).get("call")).toBe("Call");
});
