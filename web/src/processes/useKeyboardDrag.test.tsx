import { act, renderHook } from "@testing-library/react";
import type { KeyboardEvent } from "react";
import { expect, it, vi } from "vitest";
import type { Board, Rec } from "~/api/types";
import { useKeyboardDrag } from "./useKeyboardDrag";

const column = (stage: string, en: string) => ({
  stage,
  label: { en, "zh-CN": en },
  type: "in_progress" as const,
  count: 0,
  totals: [],
  overdue: 0,
  items: [],
});
const board: Board = {
  process: { id: "p", name: "Sales" },
  main_currency: "USD",
  refs: {},
  columns: [column("prospecting", "Prospecting"), column("proposal", "Proposal"), { ...column("won", "Won"), type: "won" }],
};
const card: Rec = { object: "opportunity", id: "1", version: 1, revision: 1, fields: { name: "Pumps" } };
const key = (name: string) => ({ key: name, preventDefault: vi.fn(), stopPropagation: vi.fn() }) as unknown as KeyboardEvent;

function setUp() {
  const drop = vi.fn();
  const { result } = renderHook(() => useKeyboardDrag(board, drop));
  const press = (name: string) => {
    let handled = false;
    act(() => {
      handled = result.current.onKey(key(name), card, "prospecting");
    });
    return handled;
  };
  return { drop, result, press };
}

it("picks up, steps over the columns and drops, saying each step", () => {
  const { drop, result, press } = setUp();
  press(" ");
  expect(result.current.announcement).toContain("Pumps picked up. It stands in Prospecting.");
  press("ArrowRight");
  press("ArrowRight");
  expect(result.current.announcement).toBe("Pumps over Won, 3 of 3.");
  press(" ");
  expect(drop).toHaveBeenCalledExactlyOnceWith({ card, from: "prospecting", over: "won" });
  expect(result.current.lifted).toBeUndefined();
});

it("leaves the card where it was on Escape, and when put down in its own column", () => {
  const { drop, result, press } = setUp();
  press(" ");
  press("ArrowRight");
  press("Escape");
  expect(result.current.announcement).toBe("Pumps stays in Prospecting.");
  press(" ");
  press("Enter");
  expect(drop).not.toHaveBeenCalled();
});

it("answers no key while nothing is in the hand, and keeps every key while something is", () => {
  const { press } = setUp();
  expect(press("ArrowRight")).toBe(false);
  expect(press("m")).toBe(false);
  press(" ");
  expect(press("m")).toBe(true);
});
