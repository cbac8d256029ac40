import { describe, expect, it } from "vitest";
import type { Offered } from "~/api/leads";
import { byPart, startOfPart, wantedOf } from "./conversionParts";

const offered = (candidates: Offered["candidates"], may_create = true): Offered => ({ may_create, fields: { name: "Lindental" }, required: ["name"], candidates });
const alike = (...fields: string[]): Offered["candidates"][number] => ({
  object: "account", id: "a1", fields: {}, why: [],
  alike: { rule: { id: "r", name: "Same", object: "account" }, verdict: "warn", score: 90, reasons: fields.map((field) => ({ field, other: field, score: 90 })) },
});

describe("a part of a conversion", () => {
  it("begins with what is there already, unless only a person's name is the same", () => {
    expect(startOfPart("account", offered([alike("name")])).how).toBe("candidate");
    expect(startOfPart("contact", offered([alike("name")])).how).toBe("new");
    expect(startOfPart("contact", offered([alike("name", "email")])).id).toBe("a1");
    expect(startOfPart("opportunity", offered([])).how).toBe("new");
    expect(startOfPart("account", offered([], false)).how).toBe("none");
  });
  it("is asked for as it was chosen", () => {
    expect(wantedOf({ how: "new", fields: { name: "Lindental", city: null, sector: "" } })).toEqual({ fields: { name: "Lindental" } });
    expect(wantedOf({ how: "none", fields: { name: "x" } })).toBeNull();
    expect(wantedOf({ how: "other", id: null, fields: {} })).toBeNull();
    expect(wantedOf({ how: "candidate", id: "a1", fields: {} })).toEqual({ id: "a1" });
  });
  it("is told what stands against it", () => {
    const found = byPart([{ code: "field.required", path: "account/name", message: "m" }, { code: "lead.becomes_nothing", path: "", message: "n" }, { code: "x", path: "contact", message: "o" }], ["account", "contact"]);
    expect(found.of.account?.[0]?.path).toBe("name");
    expect(found.of.contact?.[0]?.path).toBe("");
    expect(found.whole.map((one) => one.code)).toEqual(["lead.becomes_nothing"]);
  });
});
