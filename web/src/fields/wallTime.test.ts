import { describe, expect, it } from "vitest";
import { instantOfWall, wallOfInstant } from "./wallTime";

describe("wall time", () => {
  it.each([
    ["2026-11-23T15:48:00Z", "Asia/Shanghai", "2026-11-23T23:48"],
    ["2026-11-23T15:48:00Z", "America/New_York", "2026-11-23T10:48"],
    ["2026-07-01T00:00:00Z", "Europe/Berlin", "2026-07-01T02:00"],
    ["2026-11-23T18:15:00Z", "Asia/Kathmandu", "2026-11-24T00:00"],
  ])("%s in %s is %s, there and back", (instant, zone, wall) => {
    expect(wallOfInstant(instant, zone)).toBe(wall);
    expect(instantOfWall(wall, zone)).toBe(instant);
  });

  it("finds an instant for the hour that summer time skips", () => {
    const found = instantOfWall("2026-03-29T02:30", "Europe/Berlin");
    expect(["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"]).toContain(found);
  });
});
