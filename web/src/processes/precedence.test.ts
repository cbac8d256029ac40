import { describe, expect, it } from "vitest";
import type { Process } from "~/api/types";
import { swapped } from "./precedence";

const process = (id: string, precedence: number) => ({ id, precedence }) as Process;

describe("swapped", () => {
  it("saves only what has another place now", () => {
    const items = [process("a", 1), process("b", 2), process("c", 3)];
    expect(swapped(items, 1, 0)).toEqual([
      { id: "b", precedence: 1 },
      { id: "a", precedence: 2 },
    ]);
  });
  it("heals two processes of the same precedence", () => {
    expect(swapped([process("a", 1), process("b", 1)], 1, 0)).toEqual([{ id: "a", precedence: 2 }]);
  });
});
