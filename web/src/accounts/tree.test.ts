import { describe, expect, it } from "vitest";
import { aboveOf, behind, belowOf, openAtFirst, rowsOf, type Node } from "./tree";

const figures = { open_deals: 0, open_amount: null, won_amount: null, ordered_amount: null };
const node = (id: string, parent: string | null = null, more = 0): Node => ({ id, parent, more, name: id, status: null, owner: null, own: figures, total: figures });
const group = [node("top"), node("left", "top"), node("right", "top"), node("leaf", "left")];
const told = (open: string[]) => rowsOf(group, new Set(open)).map((row) => `${row.node.id} ${row.level} ${row.place}/${row.of}${row.leads ? (row.open ? " -" : " +") : ""}`);

describe("rowsOf", () => {
  it("shows what is open, with levels and places", () => {
    expect(told(["top", "left"])).toEqual(["top 1 1/1 -", "left 2 1/2 -", "leaf 3 1/1", "right 2 2/2"]);
    expect(told(["left"])).toEqual(["top 1 1/1 +"]);
  });
  it("begins anew where the one above is not there", () => {
    expect(rowsOf([node("a", "gone")], new Set()).map((row) => row.level)).toEqual([1]);
  });
  it("can be opened where some are left out", () => {
    expect(rowsOf([node("a", null, 3)], new Set())[0]?.leads).toBe(true);
  });
});

it("knows who is below and above", () => {
  expect([belowOf(group, "left"), belowOf(group, "top"), aboveOf(group, "leaf"), aboveOf(group, "top")]).toEqual([["left", "leaf"], ["top", "left", "right", "leaf"], ["left", "top"], []]);
});

it("opens small groups whole and the way down in large ones", () => {
  expect(openAtFirst(group, "leaf").size).toBe(4);
  const large = [...group, ...Array.from({ length: 80 }, (_, at) => node(`n${at}`, "right"))];
  expect([...openAtFirst(large, "leaf")].sort()).toEqual(["leaf", "left", "top"]);
});

describe("behind a figure", () => {
  it("is the list of the account alone or with all below it", () => {
    expect(behind(group, "left", "open", false)).toEqual({ object: "opportunity", filter: { all: [{ field: "account", op: "eq", value: "left" }, { field: "stage_type", op: "eq", value: "in_progress" }] } });
    expect(behind(group, "left", "ordered", true)).toEqual({ object: "sales_order", filter: { all: [{ field: "account", op: "in", value: ["left", "leaf"] }, { field: "order_status", op: "eq", value: "confirmed" }] } });
  });
  it("is not promised where it would be another sum", () => {
    expect(behind([node("a", null, 2)], "a", "won", true)).toBeUndefined();
    expect(behind([node("a", null, 2)], "a", "won", false)).toBeDefined();
    expect(behind([node("a"), ...Array.from({ length: 250 }, (_, at) => node(`n${at}`, "a"))], "a", "won", true)).toBeUndefined();
  });
});
