import { describe, expect, it } from "vitest";
import { withRecord } from "~/api/queries";
import type { Field, ObjectDef, Rec } from "~/api/types";
import { nextEditable, whyNot } from "./editing";
import { groupedLines, keyOfGroup, rowsIn } from "./lines";
import { NOBODY, toggled } from "./selection";

const row = (id: string) => ({ id }) as Rec;

describe("lines of a grouped list", () => {
  const groups = [{ value: "won", count: 3, not_counted: 0 }, { value: null, count: 1, not_counted: 0 }];
  it("are the heads alone while all is folded", () => {
    expect(groupedLines(groups, {}).map((line) => line.key)).toEqual(['group "won"', "group null"]);
  });
  it("have the rows of what is unfolded, and say where it goes on", () => {
    const won = keyOfGroup(groups[0]!);
    const lines = groupedLines(groups, { [won]: { rows: [row("a"), row("b")], more: true, state: "ready" } });
    expect(lines.map((line) => line.kind)).toEqual(["group", "row", "row", "more", "group"]);
    expect(rowsIn(lines).map((it) => it.id)).toEqual(["a", "b"]);
    expect(groupedLines(groups, { [won]: { rows: [], more: false, state: "loading" } }).map((line) => line.kind)).toEqual(["group", "more", "group"]);
  });
});

describe("a selection", () => {
  const rows = ["a", "b", "c", "d"].map(row);
  const ids = (chosen: ReturnType<typeof toggled>) => (chosen.all ? "all" : [...chosen.ids].sort().join(""));
  it("takes a row in and out", () => {
    const one = toggled(NOBODY, rows, "b", undefined, false);
    expect(ids(one)).toBe("b");
    expect(ids(toggled(one, rows, "b", "b", false))).toBe("");
  });
  it("takes all from the last one on", () => {
    const one = toggled(NOBODY, rows, "b", undefined, false);
    expect(ids(toggled(one, rows, "d", "b", true))).toBe("bcd");
    expect(ids(toggled(one, rows, "a", "b", true))).toBe("ab");
  });
  it("of all that match becomes one of rows when one is taken out", () => {
    expect(ids(toggled({ all: true }, rows, "c", undefined, false))).toBe("abd");
  });
});

describe("editing in place", () => {
  const field = (key: string, more: Partial<Field> = {}) => ({ key, type: "text", access: "write", ...more }) as Field;
  const object = { key: "opportunity" } as ObjectDef;
  const fields = [field("name"), field("stage", { type: "select" }), field("owner", { type: "employee", system: true }), field("forecast", { read_only: true }), field("next_step")];
  it("says why a field cannot be", () => {
    expect(fields.map((it) => whyNot(object, it))).toEqual([undefined, "moved", "handedOver", "readOnly", undefined]);
  });
  it("goes on to the next that can", () => {
    expect(nextEditable(object, fields, "name", 1)).toBe("next_step");
    expect(nextEditable(object, fields, "next_step", -1)).toBe("name");
    expect(nextEditable(object, fields, "next_step", 1)).toBeUndefined();
  });
});

describe("a list after a write", () => {
  const saved = { object: "account", id: "a", version: 2, revision: 2, fields: { name: "New", city: "Ulm" } } as Rec;
  const old = { object: "account", id: "a", version: 1, revision: 1, fields: { name: "Old" } } as Rec;
  it("shows the record as it is now, in pages and in groups", () => {
    expect(withRecord({ pages: [{ items: [old, row("b")] }] }, saved)).toMatchObject({ pages: [{ items: [{ version: 2, fields: { name: "New" } }, { id: "b" }] }] });
    expect(withRecord({ rows: [old], more: true }, saved)).toMatchObject({ rows: [{ fields: { name: "New" } }], more: true });
  });
  it("is left alone where it holds no records", () => {
    expect(withRecord({ a: "Old" }, saved)).toEqual({ a: "Old" });
    expect(withRecord(undefined, saved)).toBeUndefined();
  });
});
