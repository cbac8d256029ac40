import { describe, expect, it } from "vitest";
import { fitted, scaleOf, ticksOf } from "./scale";

describe("the scale of a chart", () => {
  it("has round numbers that reach over all", () => {
    expect(ticksOf(0, 93)).toEqual([0, 25, 50, 75, 100]);
    expect(ticksOf(0, 4)).toEqual([0, 1, 2, 3, 4]);
    expect(ticksOf(0, 0.3)).toEqual([0, 0.1, 0.2, 0.3]);
    expect(ticksOf(0, 1_234_567).at(-1)).toBeGreaterThanOrEqual(1_234_567);
  });
  it("reaches below nought where figures do", () => {
    expect(ticksOf(-30, 50)).toEqual([-40, -20, 0, 20, 40, 60]);
    expect(ticksOf(-5, -1)[0]).toBeLessThanOrEqual(-5);
    expect(ticksOf(-5, -1).at(-1)).toBe(0);
  });
  it("places numbers, also where there is nothing", () => {
    const at = scaleOf([0, 50, 100], 200, 0);
    expect([at(0), at(50), at(100)]).toEqual([200, 100, 0]);
    expect(ticksOf(0, 0)).toEqual([0, 1]);
  });
  it("shortens what does not fit", () => {
    expect(fitted("Qualification", 200)).toBe("Qualification");
    expect(fitted("Qualification", 50)).toBe("Qualif…");
    expect(fitted("Qualification", 3)).toBe("");
  });
});
