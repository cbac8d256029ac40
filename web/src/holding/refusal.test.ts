import { describe, expect, it } from "vitest";
import { noRoomOf } from "./refusal";

const room = (rule: string, limit: number | null, held: number) => ({ rule, name: rule, subject: { object: "employee", id: "p", name: "Ann" }, limit, limit_from: "number", held, asked: 1, room: limit === null ? null : limit - held });

describe("a refusal for want of room", () => {
  it("is none where something else stands in the way", () => {
    expect(noRoomOf([{ code: "field.required", path: "name", message: "Name is missing." }])).toBeUndefined();
    expect(noRoomOf(undefined)).toBeUndefined();
  });

  it("puts the tightest rule first and tells no rule twice", () => {
    const params = { person: "p", object: "opportunity", rules: [room("North", 5, 5), room("Own", 3, 4)] };
    const told = noRoomOf([
      { code: "holding.limit_reached", path: "owner", message: "Ann has 4 of 3.", params },
      { code: "holding.limit_reached", path: "owner", message: "Ann has 4 of 3.", params: { ...params, rules: [room("North", 5, 5)] } },
    ]);
    expect(told?.rules.map(({ rule }) => rule.name)).toEqual(["Own", "North"]);
    expect(told).toMatchObject({ person: "p", object: "opportunity", message: "Ann has 4 of 3." });
  });
});
