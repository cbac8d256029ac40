import { describe, expect, it } from "vitest";
import { begun, done, redone, undone } from "./history";

describe("the history of a drawing", () => {
  it("goes back and forth, step by step", () => {
    const two = done(done(begun("a"), "b"), "c");
    expect(undone(undone(two)).now).toBe("a");
    expect(redone(undone(two)).now).toBe("c");
    expect(undone(begun("a")).now).toBe("a");
    expect(redone(two).now).toBe("c");
  });

  it("forgets what was taken back once another way is gone", () => {
    expect(redone(done(undone(done(begun("a"), "b")), "x")).now).toBe("x");
  });

  it("takes typing in one place as one step", () => {
    let typed = begun("");
    for (const [index, text] of ["N", "Ne", "New"].entries()) typed = done(typed, text, "name", 1_000 + index * 200);
    expect(undone(typed).now).toBe("");
    const later = done(typed, "New!", "name", 60_000);
    expect(undone(later).now).toBe("New");
    expect(undone(done(typed, "other", "description", 1_500)).now).toBe("New");
  });
});
