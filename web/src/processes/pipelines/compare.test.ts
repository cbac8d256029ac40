import { describe, expect, it } from "vitest";
import type { Process } from "~/api/processes";
import { emptyProcess, newStage, newTask } from "./arranging";
import { compare } from "./compare";

const process = (change: Partial<Process> = {}): Process => ({ ...emptyProcess("Sales", 1), stages: ["a", "b", "won"].map(newStage), ...change });
const told = (old: Process, next: Process) => compare(old, next).map(({ kind, stage, task, setting }) => [kind, stage, task, setting].filter(Boolean).join(" "));

describe("compare", () => {
  it("finds nothing between a drawing and what the server kept of it", () => {
    const drawn = process({ stages: [{ ...newStage("a"), guidance: "", duration_in: "calendar", tasks: [], needed_tasks: { which: "required" } }] });
    const kept = { ...process({ stages: [{ stage: "a", required_fields: [], allow_skip: false }] }), version: 4 };
    expect(told(drawn, kept)).toEqual([]);
  });

  it("names each setting at its place", () => {
    const task = newTask("checklist_item", "Call", "1");
    const next = process({ name: "Renewals", stages: [{ ...newStage("a"), win_rate: "20", tasks: [task] }, newStage("won"), newStage("lost")] });
    expect(told(process(), next)).toEqual(["changed name", "changed a win_rate", `added a ${task.key}`, "added lost", "removed b"]);
    const changed = process({ stages: [{ ...newStage("a"), tasks: [{ ...task, name: "Ring" }] }, newStage("b"), newStage("won")] });
    expect(told(process({ stages: [{ ...newStage("a"), tasks: [task] }, newStage("b"), newStage("won")] }), changed)).toEqual([`changed a ${task.key} name`]);
  });

  it("tells another order once", () => {
    expect(told(process(), process({ stages: ["b", "a", "won"].map(newStage) }))).toEqual(["moved b"]);
  });
});
