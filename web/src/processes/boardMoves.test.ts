import { describe, expect, it } from "vitest";
import type { Board, BoardColumn, Rec } from "~/api/types";
import { columnOf, neighbourStage, uniqueCards, withCardMoved, withCardSaved } from "./boardMoves";

const card = (id: string, amount: string, currency = "USD"): Rec => ({
  object: "opportunity",
  id,
  version: 1,
  revision: 1,
  fields: { name: id, stage: "prospecting", amount: { amount, currency } },
});

const column = (stage: string, items: Rec[], amount: string): BoardColumn => ({
  stage,
  label: { en: stage, "zh-CN": stage },
  type: "in_progress",
  count: 10,
  totals: [{ currency: "USD", amount }],
  amount_main: amount,
  weighted_main: "0.00",
  overdue: 0,
  items,
});

const board: Board = {
  process: { id: "p", name: "Sales" },
  main_currency: "USD",
  refs: {},
  columns: [column("prospecting", [card("a", "10.00"), card("b", "5.00")], "100.00"), column("engaging", [], "0.00")],
};

describe("withCardMoved", () => {
  const after = withCardMoved(board, card("a", "10.00"), "prospecting", "engaging", "2026-11-23T10:00:00Z");

  it("puts the card on top of its new column", () => {
    expect(columnOf(after, "a")?.stage).toBe("engaging");
    expect(after.columns[1]?.items[0]?.fields["stage"]).toBe("engaging");
  });

  it("takes count and totals along, all rows and not only the loaded ones", () => {
    expect(after.columns.map((it) => [it.count, it.totals[0]?.amount, it.amount_main])).toEqual([
      [9, "90.00", "90.00"],
      [11, "10.00", "10.00"],
    ]);
  });

  it("leaves the converted total to the server for another currency", () => {
    const foreign = withCardMoved(board, card("c", "7.00", "CNY"), "prospecting", "engaging", "2026-11-23T10:00:00Z");
    expect(foreign.columns[1]?.amount_main).toBe("0.00");
    expect(foreign.columns[1]?.totals).toContainEqual({ currency: "CNY", amount: "7.00" });
  });

  it("keeps the board it was given, so that a refused move can go back", () => {
    expect(board.columns[0]?.items).toHaveLength(2);
    expect(withCardMoved(board, card("a", "10.00"), "engaging", "engaging", "")).toBe(board);
  });
});

describe("uniqueCards", () => {
  it("shows a card once though two pages bring it", () => {
    expect(uniqueCards([card("a", "1")], [card("a", "1"), card("b", "1")]).map((it) => it.id)).toEqual(["a", "b"]);
  });
});

describe("neighbourStage", () => {
  it("stops at both ends", () => {
    expect(neighbourStage(["x", "y"], "x", -1)).toBe("x");
    expect(neighbourStage(["x", "y"], "x", 1)).toBe("y");
    expect(neighbourStage(["x", "y"], "y", 1)).toBe("y");
  });
});

describe("withCardSaved", () => {
  it("gives the card the version that the next move must name", () => {
    const after = withCardSaved(board, { ...card("a", "12.00"), version: 2, revision: 2 });
    expect(columnOf(after, "a")?.items.map((item) => item.version)).toEqual([2, 1]);
  });

  it("leaves a card alone that is newer already", () => {
    const newer = withCardSaved(board, { ...card("a", "10.00"), version: 3, revision: 3 });
    expect(columnOf(withCardSaved(newer, { ...card("a", "10.00"), version: 2, revision: 2 }), "a")?.items[0]?.version).toBe(3);
  });
});
