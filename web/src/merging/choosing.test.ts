import { expect, test } from "vitest";
import type { Field, Rec } from "~/api/types";
import { differing, proposedSource, proposedWinner, takenFrom } from "./choosing";

const record = (id: string, fields: Rec["fields"]): Rec => ({ object: "account", id, version: 1, revision: 1, fields });
const field = (key: string) => ({ key, label: { en: key }, type: "text" }) as unknown as Field;
const a = record("a", { name: "Nordwind", city: null, phone: "1", created_at: "2026-02-01" });
const b = record("b", { name: "Nordwind GmbH", city: "Bremen", phone: "1", created_at: "2026-01-01" });
const c = record("c", { name: "Nordwind", city: "Bremen", phone: "1", created_at: "2025-01-01" });
const fields = ["name", "city", "phone", "sector"].map(field);

test("the record that knows most stays, of two the older", () => {
  expect(proposedWinner([a, b])).toBe("b");
  expect(proposedWinner([b, c])).toBe("c");
});

test("a blank is filled from the first that has a value", () => {
  expect(proposedSource("city", a, [a, b, c])).toBe("b");
  expect(proposedSource("name", a, [a, b, c])).toBe("a");
  expect(proposedSource("sector", a, [a, b, c])).toBe("a");
});

test("fields that differ come first, and blank ones do not count as the same", () => {
  const { different, same } = differing(fields, [a, b, c]);
  expect(different.map((one) => one.key)).toEqual(["name", "city"]);
  expect(same.map((one) => one.key)).toEqual(["phone"]);
});

test("only what another record gives is sent", () => {
  const chosen = (key: string) => ({ name: "c", city: "b", phone: "b" })[key] ?? "a";
  expect(takenFrom(fields, chosen, a, [a, b, c])).toEqual({ city: "b" });
});
