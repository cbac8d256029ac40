import { describe, expect, it } from "vitest";
import type { Field, ObjectDef } from "~/api/types";
import type { View } from "~/api/views";
import { chosenView, columnsShown, conditionOf, conditionOfGroup, isChanged, nextSort, questionOf, shownBy, viewOfSearch, withChange } from "./listView";

const object = { key: "opportunity", owned: true, name_field: "name", fields: [{ key: "stage", type: "select", options: [] }, { key: "account", type: "reference" }] } as unknown as ObjectDef;
const large = { field: "amount", op: "gt" as const, value: "1" };
const view = { id: "v", filter: large, columns: ["stage"], sort: "-amount", group: "stage" } as View;

describe("a view of a list", () => {
  it("is read from the address; what does not belong is passed over", () => {
    expect(viewOfSearch({ q: 42, mine: true, sort: "-amount", quick: { stage: ["won"], other: [] }, filter: "x", junk: 1 })).toEqual({ q: "42", mine: true, sort: "-amount", quick: { stage: ["won"] } });
    expect(viewOfSearch({ view: "v", filter: null, group: null, columns: ["stage"] })).toEqual({ view: "v", filter: null, group: null, columns: ["stage"] });
  });

  it("becomes one condition", () => {
    expect(conditionOf(object, {})).toBeUndefined();
    expect(conditionOf(object, { mine: true })).toEqual({ field: "owner", op: "is_me" });
    expect(conditionOf(object, { mine: true, quick: { stage: ["won"] } }, view)).toEqual({ all: [{ field: "owner", op: "is_me" }, { field: "stage", op: "in", value: ["won"] }, large] });
  });

  it("names a view's own filter by its id, and says one that has been changed", () => {
    const mine = { field: "owner", op: "is_me" };
    expect(questionOf(object, { mine: true }, view)).toEqual({ view: "v", filter: mine, q: undefined });
    expect(questionOf(object, { view: "v", filter: null, mine: true }, view)).toEqual({ view: undefined, filter: mine, q: undefined });
    expect(questionOf(object, { q: " a " }, undefined)).toEqual({ view: undefined, filter: undefined, q: "a" });
  });

  it("is the one to begin with only where the address says nothing", () => {
    const views = { items: [view], default: "v" };
    expect(chosenView({}, views)).toBe(view);
    expect(chosenView({ create: true }, views)).toBe(view);
    expect(chosenView({ filter: large }, views)).toBeUndefined();
    expect(chosenView({ view: "all" }, views)).toBeUndefined();
    expect(chosenView({ view: "v", q: "x" }, views)).toBe(view);
  });

  it("shows what the view says, and what differs from it", () => {
    expect(shownBy({}, view)).toEqual({ filter: large, sort: "-amount", columns: ["stage"], group: "stage" });
    expect(shownBy({ filter: null, group: null, sort: "name" }, view)).toEqual({ sort: "name", columns: ["stage"] });
  });

  it("knows when it has been changed", () => {
    expect(isChanged(object, { view: "v", q: "words" }, view)).toBe(false);
    expect(isChanged(object, { view: "v", sort: "name" }, view)).toBe(true);
    expect(isChanged(object, { view: "v", mine: true }, view)).toBe(true);
    expect(isChanged(object, { view: "v", filter: null }, view)).toBe(true);
    expect(isChanged(object, {}, undefined)).toBe(false);
    expect(isChanged(object, { group: "stage" }, undefined)).toBe(true);
  });

  it("mentions in the address only what differs", () => {
    expect(withChange({}, view, { filter: undefined })).toMatchObject({ view: "v", filter: null });
    expect(withChange({ view: "v", filter: null }, view, { filter: large })).toEqual({ view: "v" });
    expect(withChange({ view: "v" }, view, { group: undefined })).toMatchObject({ group: null });
    expect(withChange({ view: "v", group: null }, view, { group: "stage" }).group).toBeUndefined();
    expect(withChange({ filter: large }, undefined, { filter: undefined }).filter).toBeUndefined();
    expect(withChange({ view: "v" }, view, { columns: ["stage"] }).columns).toBeUndefined();
  });

  it("leaves out columns that have gone", () => {
    expect(columnsShown(object, ["account", "gone"]).map((field) => field.key)).toEqual(["account"]);
  });

  it("sorts up, down, and as at first", () => {
    expect(nextSort("amount", undefined)).toBe("amount");
    expect(nextSort("amount", "amount")).toBe("-amount");
    expect(nextSort("amount", "-amount")).toBeUndefined();
    expect(nextSort("amount", "name")).toBe("amount");
  });

  it("finds a group's rows by its value", () => {
    const stage = { key: "stage" } as Field;
    expect(conditionOfGroup(stage, "won")).toEqual({ field: "stage", op: "eq", value: "won" });
    expect(conditionOfGroup(stage, false)).toEqual({ field: "stage", op: "eq", value: false });
    expect(conditionOfGroup(stage, null)).toEqual({ field: "stage", op: "is_empty" });
  });
});
