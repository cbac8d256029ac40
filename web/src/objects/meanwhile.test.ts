import { describe, expect, it } from "vitest";
import type { Definition } from "~/api/definitions";
import { ApiProblem } from "~/api/http";
import type { Rec } from "~/api/types";
import { presentOf, writeOver } from "./meanwhile";

const conflict = (version: number) => new ApiProblem({ title: "", status: 409, code: "record.version_conflict", record: { version } as unknown as Rec });

/** A server on which others have come to a version already. */
function server(at: number) {
  const tried: number[] = [];
  return {
    tried,
    write: (version: number) => {
      tried.push(version);
      return version === at ? Promise.resolve("written") : Promise.reject(conflict(at));
    },
  };
}

describe("writing a definition that somebody else changed", () => {
  it("goes on where the part in hand is as it was", async () => {
    const { tried, write } = server(5);
    expect(await writeOver(3, () => true, write)).toBe("written");
    expect(tried).toEqual([3, 5]);
  });
  it("stops where it was touched, with the present one", async () => {
    const { tried, write } = server(5);
    const refusal = await writeOver(3, () => false, write).catch((error: unknown) => error);
    expect(presentOf(refusal)?.version).toBe(5);
    expect(tried).toEqual([3]);
  });
  it("hands on every other refusal", async () => {
    const other = new ApiProblem({ title: "", status: 422, code: "record.invalid" });
    await expect(writeOver(3, () => true, () => Promise.reject(other))).rejects.toBe(other);
    expect(presentOf(other)).toBeUndefined();
    expect(presentOf({} as Definition)).toBeUndefined();
  });
});
