import { describe, expect, it } from "vitest";
import { tookWords } from "./took";

describe("tookWords", () => {
  it("says the largest unit that fits, and the next where it matters", () => {
    expect(tookWords(0, "en")).toBe("0 seconds");
    expect(tookWords(59.4, "en")).toBe("59 seconds");
    expect(tookWords(60, "en")).toBe("1 minute");
    expect(tookWords(3_660, "en")).toBe("1 hour 1 minute");
    expect(tookWords(7_200, "en")).toBe("2 hours");
    expect(tookWords(86_400 * 2 + 3_600 * 5, "en")).toBe("2 days 5 hours");
    expect(tookWords(86_400 * 12 + 3_600 * 5, "en")).toBe("12 days");
  });
});
