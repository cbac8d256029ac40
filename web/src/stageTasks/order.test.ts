import { describe, expect, it } from "vitest";
import type { StageTask } from "~/api/stageTasks";
import { countsOf, hashOf, nextOpen, sortTasks, taskOfHash } from "./order";

const task = (id: string, stage: string, state: StageTask["state"] = "open") => ({ id, stage, state }) as StageTask;
const tasks = [task("a", "proposal", "done"), task("b", "prospecting", "done"), task("c", "proposal"), task("d", "qualification", "skipped"), task("e", "proposal")];

describe("tasks of a deal", () => {
  it("are sorted to the stage where it stands and those behind, in the order of the path", () => {
    const sorted = sortTasks(tasks, "proposal", ["prospecting", "qualification", "proposal"]);
    expect(sorted.here.map((one) => one.id)).toEqual(["a", "c", "e"]);
    expect(sorted.earlier.map((one) => one.stage)).toEqual(["prospecting", "qualification"]);
    expect(sorted.done).toBe(1);
  });
  it("keep the tasks of a stage that is on the path no more, at the end", () => {
    expect(sortTasks([task("x", "gone", "done"), ...tasks], "proposal", ["prospecting", "qualification", "proposal"]).earlier.map((one) => one.stage)).toEqual(["prospecting", "qualification", "gone"]);
  });
  it("lead on to the next open one, and round again", () => {
    const here = tasks.filter((one) => one.stage === "proposal");
    expect(nextOpen(here)?.id).toBe("c");
    expect(nextOpen(here, "c")?.id).toBe("e");
    expect(nextOpen(here, "e")?.id).toBe("c");
    expect(nextOpen([task("a", "x", "done")])).toBeUndefined();
  });
  it("are counted without those that were passed over", () => {
    expect(countsOf(tasks, "proposal")).toEqual({ done: 1, count: 3 });
    expect(countsOf(tasks, "qualification")).toBeUndefined();
  });
  it("have an address on the deal", () => {
    expect(taskOfHash(hashOf("id-1"))).toBe("id-1");
    expect(taskOfHash("log")).toBeUndefined();
  });
});
