import { describe, expect, it } from "vitest";
import { at, elsewhere, ofProcess, ofStage, ofTask, placed, placeOf, textAt } from "./problems";

const task = (key: string) => ({ key, name: key, required: true, act: { kind: "checklist_item" as const }, assignees: [], repeat: false });
const process = {
  stages: [
    { stage: "proposal", allow_skip: false, required_fields: [], tasks: [task("call"), task("quote")] },
    { stage: "won", allow_skip: false, required_fields: [] },
  ],
};

describe("placeOf", () => {
  it.each([
    ["name", { setting: ["name"] }],
    ["who/people/0", { setting: ["who", "people", "0"] }],
    ["stages", { setting: ["stages"] }],
    ["stages/1", { stage: "won", setting: [] }],
    ["stages.1", { stage: "won", setting: [] }],
    ["stages/0/entry_condition/amount", { stage: "proposal", setting: ["entry_condition", "amount"] }],
    ["stages/0/tasks/1/act/fields/0", { stage: "proposal", task: "quote", setting: ["act", "fields", "0"] }],
    ["stages/0/tasks/1", { stage: "proposal", task: "quote", setting: [] }],
    ["stages/0/tasks", { stage: "proposal", setting: ["tasks"] }],
    ["stages/7/win_rate", { setting: ["stages", "7", "win_rate"] }],
    [undefined, { setting: [] }],
  ])("%s", (path, place) => {
    expect(placeOf(path, "field.invalid", process)).toEqual(place);
  });

  it("keeps what concerns the stages at their list, path or none", () => {
    expect(placeOf(undefined, "process.missing_terminal", process)).toEqual({ setting: ["stages"] });
  });
});

describe("problems", () => {
  const problems = placed(
    [
      { code: "process.name_missing", path: "name", message: "a" },
      { code: "process.stage_order", path: "stages/1", message: "b" },
      { code: "field.unknown", path: "stages/0/tasks/1/act/fields/0", message: "c" },
      { code: "field.out_of_range", path: "stages/0/win_rate", message: "d" },
      { code: "field.out_of_range", path: "stages/0/win_rate", message: "d" },
    ],
    process,
  );

  it("stand where they can be mended", () => {
    expect(textAt(ofProcess(problems), "name")).toBe("a");
    expect(elsewhere(ofStage(problems, "won"), "win_rate").map((it) => it.message)).toEqual(["b"]);
    expect(at(ofTask(problems, "quote"), "act", "fields").map((it) => it.message)).toEqual(["c"]);
  });

  it("are told once where two are the same", () => {
    expect(textAt(ofStage(problems, "proposal"), "win_rate")).toBe("d");
  });
});
