import { describe, expect, it } from "vitest";
import { emsOf } from "./emsOf";

describe("how wide a figure is", () => {
  it("grows with every sign, by its kind", () => {
    expect(emsOf("0")).toBe(1);
    expect(emsOf("€862,962,964.65")).toBeCloseTo(0.72 + 11 * 0.65 + 3 * 0.32);
    expect(emsOf("8.6亿")).toBeCloseTo(2 * 0.65 + 0.32 + 1.05);
    expect(emsOf("US$287,654,321.50")).toBeGreaterThan(emsOf("$287,654,321.50"));
  });
});
