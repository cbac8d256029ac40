import { expect, it } from "vitest";
import { occupiedIn } from "./mapping";

it("asks for a place for each stage that lacks one, and keeps those that have one in sight", () => {
  const missing = [
    { code: "process.stage_occupied", message: "", params: { stage: "proposal", count: 3 } },
    { code: "process.missing_terminal", message: "" },
  ];
  expect(occupiedIn(missing, [], {})).toEqual([{ stage: "proposal", count: 3 }]);
  expect(occupiedIn([], [{ stage: "proposal", to: "demo", count: 4 }], { proposal: "demo" })).toEqual([{ stage: "proposal", count: 4 }]);
});
