import { expect, it } from "vitest";
import { isComplete } from "./complete";

it("asks for every value of every line", () => {
  const whole = { field: "stage", op: "eq" as const, value: "won" };
  const open = { field: "amount", op: "between" as const, value: ["10", null] };
  expect(isComplete(null)).toBe(true);
  expect(isComplete({ all: [whole, { field: "account", op: "is_empty" }] })).toBe(true);
  expect(isComplete({ all: [whole, { any: [open] }] })).toBe(false);
  expect(isComplete({ not: { field: "stage", op: "in", value: [] } })).toBe(false);
  expect(isComplete({ exists: { object: "contact_role", where: whole } })).toBe(true);
});
