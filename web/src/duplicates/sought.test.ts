import { describe, expect, it } from "vitest";
import type { Field, FieldType, ObjectDef } from "~/api/types";
import { begunWith, kindOfText } from "./sought";

const field = (key: string, type: FieldType) => ({ key, type, access: "write", read_only: false, system: false }) as Field;
const account = { key: "account", name_field: "name", fields: [field("name", "text"), field("website", "url"), field("phone", "phone")] } as unknown as ObjectDef;

describe("what was typed", () => {
  it("is taken for what it looks like", () => {
    expect(["ada@acme.example", "www.acme.example", "https://acme.example/de", "acme.example", "+49 (30) 123-4567", "010-12345678", "Acme GmbH", "某某科技有限公司", "4711"].map(kindOfText)).toEqual(
      ["email", "url", "url", "url", "phone", "phone", "name", "name", "name"],
    );
  });

  it("begins a record where the object has a field for it", () => {
    expect(begunWith(account, " Acme GmbH ")).toEqual({ name: "Acme GmbH" });
    expect(begunWith(account, "acme.example")).toEqual({ website: "https://acme.example" });
    expect(begunWith(account, "ada@acme.example")).toBeUndefined();
  });
});
