import { describe, expect, it } from "vitest";
import type { TodoItem } from "~/api/todo";
import { groupsOf } from "./groups";

const item = (id: string, due_at: string | null, overdue = false): TodoItem => ({ kind: "task", id, title: id, due_at, overdue, item_object: "task", version: 1, can: ["complete", "postpone"] });

describe("groupsOf", () => {
  it("puts what waits where it is due, and leaves out what is empty", () => {
    const now = new Date("2026-11-26T09:30:00Z");
    const groups = groupsOf([item("late", "2026-11-25T09:00:00Z", true), item("soon", "2026-11-26T15:00:00Z"), item("once", null)], "Europe/Berlin", 1, now);
    expect(groups.map(({ span, items }) => [span, items.map((one) => one.id)])).toEqual([
      ["overdue", ["late"]],
      ["today", ["soon"]],
      ["none", ["once"]],
    ]);
  });
});
