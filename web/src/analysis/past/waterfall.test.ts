import { describe, expect, it } from "vitest";
import type { Waterfall } from "~/api/past";
import { reachOf, stepsOf, toneOf } from "./waterfall";

const waterfall: Waterfall = {
  from: "2026-09-30",
  to: "2026-11-26",
  opening: { count: 3, amount: "300.00", weighted: "100.00" },
  parts: [
    { part: "new", count: 2, deals: 2, amount: "80.00", weighted: "10.00" },
    { part: "reopened", count: 0, deals: 0, amount: "0.00", weighted: "0.00" },
    { part: "grown", count: 0, deals: 1, amount: "20.00", weighted: "5.00" },
    { part: "won", count: -1, deals: 1, amount: "-150.00", weighted: "-60.00" },
  ],
  closing: { count: 4, amount: "250.00", weighted: "55.00" },
  main_currency: "USD",
};

describe("a waterfall", () => {
  it("goes step by step from how it stood to how it stands", () => {
    const steps = stepsOf(waterfall, "amount");
    expect(steps.map(({ key, from, to }) => [key, from, to])).toEqual([
      ["opening", 0, 300],
      ["new", 300, 380],
      ["grown", 380, 400],
      ["won", 400, 250],
      ["closing", 0, 250],
    ]);
    expect(reachOf(steps)).toEqual({ least: 0, most: 400 });
    expect(steps.map(toneOf)).toEqual(["stands", "more", "more", "won", "stands"]);
  });
  it("counts deals where amounts are not to be known", () => {
    const hidden = { ...waterfall, opening: { count: 3 }, closing: { count: 4 }, parts: waterfall.parts.map(({ part, count, deals }) => ({ part, count, deals })) };
    expect(stepsOf(hidden, "count").at(-2)).toMatchObject({ key: "won", from: 5, to: 4 });
  });
});
