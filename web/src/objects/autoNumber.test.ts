import { expect, it } from "vitest";
import { exampleNumber } from "./autoNumber";

it.each([
  ["OPP-{yyyy}-{0000}", "OPP-2026-0001"],
  ["{yyyy}{mm}{dd}/{00}", "20261125/01"],
  ["plain {x}{", "plain {x}{"],
])("%s gives %s", (pattern, expected) => expect(exampleNumber(pattern, "2026-11-25")).toBe(expected));
