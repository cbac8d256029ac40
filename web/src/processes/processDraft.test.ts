import { describe, expect, it } from "vitest";
import { bodyOf, emptyProcess, listsOf, newStage, withStage, withStages, type Draft } from "./processDraft";

const draft = (...stages: string[]): Draft => ({
  set_aside: {},
  process: { ...emptyProcess("Sales", 1), stages: stages.map(newStage) },
});

describe("arranging stages", () => {
  it("lists what is left", () => {
    expect(listsOf(draft("a").process, ["a", "b"])).toEqual({ used: ["a"], unused: ["b"] });
  });

  it("keeps a stage's settings when it is taken out and put back", () => {
    const set = withStage(draft("a", "b"), "b", { win_rate: "40" });
    const back = withStages(withStages(set, ["a"]), ["b", "a"]);
    expect(back.process.stages).toEqual([{ ...newStage("b"), win_rate: "40" }, newStage("a")]);
  });
});

describe("bodyOf", () => {
  it("sends neither id nor version nor empty settings", () => {
    const body = bodyOf(withStage(draft("a"), "a", { guidance: "", duration_seconds: undefined }).process);
    expect(body).not.toHaveProperty("id");
    expect(body).not.toHaveProperty("version");
    expect(body["stages"]).toEqual([newStage("a")]);
  });
});
