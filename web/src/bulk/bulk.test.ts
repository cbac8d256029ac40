import { describe, expect, it } from "vitest";
import type { ObjectDef } from "~/api/types";
import { actsOnMany } from "./BulkBar";
import { reasonsOf } from "./BulkResults";
import { exportAddress } from "./exportAddress";

describe("acts on many", () => {
  const object = { owned: true, acts: ["edit", "void", "restore", "change_owner"], fields: [] } as unknown as ObjectDef;
  it("are those one may do", () => {
    expect(actsOnMany(object, false)).toEqual(["edit", "change_owner", "void"]);
    expect(actsOnMany({ ...object, owned: false, acts: ["edit", "change_owner"] }, false)).toEqual(["edit"]);
  });
  it("claim and return where there are pools", () => {
    const acts = ["claim", "return", "move_pool", "assign"];
    const pool = { key: "pool", options: [{ key: "p" }] };
    expect(actsOnMany({ ...object, key: "account", acts } as ObjectDef, false)).toEqual([]);
    expect(actsOnMany({ ...object, key: "account", acts, fields: [pool] } as unknown as ObjectDef, false)).toEqual(["claim", "assign", "return", "move_pool"]);
  });
  it("only restore what is in the recycle bin", () => {
    expect(actsOnMany(object, true)).toEqual(["restore"]);
  });
  it("say why one was refused", () => {
    const word = (reason: string) => `(${reason})`;
    expect(reasonsOf({ id: "a", name: "A", result: "refused", violations: [{ code: "x", message: "Not so." }] }, word)).toEqual(["Not so."]);
    expect(reasonsOf({ id: "a", name: "A", result: "refused", code: "not_found", violations: [] }, word)).toEqual(["(notFound)"]);
    expect(reasonsOf({ id: "a", name: "A", result: "refused", code: "some.other" }, word)).toEqual(["some.other"]);
    expect(reasonsOf({ id: "a", name: "A", result: "saved" }, word)).toEqual([]);
  });
});

describe("the address of an export", () => {
  it("asks for what the list shows", () => {
    const address = new URL(exportAddress("account", "csv", { filter: { field: "city", op: "eq", value: "Ulm" }, q: "a&b", sort: "-name", fields: ["name", "city"] }), "http://x");
    expect(address.pathname).toBe("/api/v1/records/account/export");
    expect(Object.fromEntries(address.searchParams)).toEqual({ format: "csv", filter: '{"field":"city","op":"eq","value":"Ulm"}', q: "a&b", sort: "-name", fields: "name,city" });
  });
  it("or for the records chosen", () => {
    const address = new URL(exportAddress("account", "xlsx", { ids: ["a", "b"], q: "x", sort: "name" }), "http://x");
    expect(Object.fromEntries(address.searchParams)).toEqual({ format: "xlsx", ids: "a,b", sort: "name" });
  });
});
