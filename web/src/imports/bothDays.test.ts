import { expect, it } from "vitest";
import { bothDays } from "./bothDays";

it("tells both days that a text may mean, and nothing where it can mean one alone", () => {
  expect(bothDays("3/4/2026")).toEqual({ dmy: "2026-04-03", mdy: "2026-03-04" });
  expect(bothDays("03.04.26")).toEqual({ dmy: "2026-04-03", mdy: "2026-03-04" });
  expect(bothDays("25/11/2025")).toBeUndefined();
  expect(bothDays("4/4/2026")).toBeUndefined();
  expect(bothDays("2026-04-03")).toBeUndefined();
});
