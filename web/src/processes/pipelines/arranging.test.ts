import { describe, expect, it } from "vitest";
import type { Option } from "~/api/types";
import { copyOf, documentOf, emptyProcess, listsOf, newStage, newTask, placeByType, withoutTask, withStage, withStages, type Drawing } from "./arranging";

const drawing = (...stages: string[]): Drawing => ({
  set_aside: {},
  process: { ...emptyProcess("Sales", 1), stages: stages.map(newStage) },
});

describe("arranging stages", () => {
  it("lists what is left", () => {
    expect(listsOf(drawing("a").process, ["a", "b"])).toEqual({ used: ["a"], unused: ["b"] });
  });

  it("keeps a stage's settings when it is taken out and put back", () => {
    const set = withStage(drawing("a", "b"), "b", { win_rate: "40" });
    const back = withStages(withStages(set, ["a"]), ["b", "a"]);
    expect(back.process.stages).toEqual([{ ...newStage("b"), win_rate: "40" }, newStage("a")]);
  });

  it("adds a stage in progress before the ends, and an end behind them", () => {
    const option = (key: string, stage_type: Option["stage_type"]): Option => ({ key, label: { en: key, "zh-CN": key }, active: true, stage_type });
    const options = [option("a", "in_progress"), option("b", "in_progress"), option("won", "won"), option("lost", "lost")];
    expect(placeByType(["a", "won"], "b", options)).toEqual(["a", "b", "won"]);
    expect(placeByType(["a", "won"], "lost", options)).toEqual(["a", "won", "lost"]);
    expect(placeByType([], "b", options)).toEqual(["b"]);
  });
});

describe("tasks", () => {
  it("have keys that a document may carry, whatever their names", () => {
    for (const name of ["Call the customer", "3rd call", "打电话", ""]) expect(newTask("checklist_item", name, "x1").key).toMatch(/^[a-z][a-z0-9_]*$/);
  });

  it("are forgotten among the needed ones when they are deleted", () => {
    const [call, quote] = [newTask("checklist_item", "Call", "1"), newTask("checklist_item", "Quote", "2")];
    const stage = { ...newStage("a"), tasks: [call, quote], needed_tasks: { which: "chosen" as const, tasks: [call.key, quote.key] } };
    expect(withoutTask(stage, call.key)).toEqual({ tasks: [quote], needed_tasks: { which: "chosen", tasks: [quote.key] } });
    expect(withoutTask({ ...stage, needed_tasks: undefined }, call.key)).toEqual({ tasks: [quote] });
  });
});

describe("documentOf", () => {
  it("sends neither the id nor empty settings", () => {
    const body = documentOf(withStage(drawing("a"), "a", { guidance: "", duration_seconds: undefined }).process);
    expect(body).not.toHaveProperty("id");
    expect(body["version"]).toBe(0);
    expect(body["stages"]).toEqual([newStage("a")]);
  });

  it("sends a name that was emptied, for the server to judge", () => {
    const task = { ...newTask("checklist_item", "Call", "1"), name: "", instructions: "" };
    const body = documentOf(withStage({ set_aside: {}, process: { ...drawing("a").process, name: "" } }, "a", { tasks: [task] }).process);
    expect(body["name"]).toBe("");
    expect((body["stages"] as { tasks: unknown[] }[])[0]?.tasks[0]).toEqual({ key: task.key, name: "", required: true, act: { kind: "checklist_item" }, assignees: [], repeat: false });
  });
});

describe("copyOf", () => {
  it("shares nothing with what it was copied from", () => {
    const first = { ...drawing("a").process, id: "1", version: 4 };
    const copy = copyOf(first, "Copy", 2);
    copy.stages[0]!.allow_skip = true;
    expect(first.stages[0]?.allow_skip).toBe(false);
    expect(copy).toMatchObject({ id: "", version: 0, name: "Copy", precedence: 2 });
  });
});
