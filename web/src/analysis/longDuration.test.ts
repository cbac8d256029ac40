import { describe, expect, it } from "vitest";
import { durationOf } from "./longDuration";

describe("durationOf", () => {
  it("tells all four parts", () => {
    expect(durationOf(3 * 86_400 + 4 * 3_600 + 5 * 60 + 6)).toEqual({ days: 3, hours: 4, minutes: 5, seconds: 6 });
    expect(durationOf(59)).toEqual({ days: 0, hours: 0, minutes: 0, seconds: 59 });
    expect(durationOf(86_399)).toEqual({ days: 0, hours: 23, minutes: 59, seconds: 59 });
  });
  it("carries what is rounded up", () => {
    expect(durationOf(59.6)).toEqual({ days: 0, hours: 0, minutes: 1, seconds: 0 });
  });
});
