import { describe, expect, it } from "vitest";
import type { Reached, TeamLine } from "~/api/holdings";
import { byRoom, fullness, linesOf, roomIn, sortReached, sortTeam, toneOf, unlimited } from "./usage";

const reached = (id: string, limit: number | null, held: number, over_before = false): Reached => ({ id, object: "employee", limit, limit_from: "number", held, over: limit !== null && held > limit, over_before });

describe("how full it is", () => {
  it("counts a negative limit as none at all, and no limit as no end", () => {
    expect(roomIn({ limit: -2, held: 1 })).toBe(-1);
    expect(roomIn({ limit: null, held: 900 })).toBeUndefined();
    expect(fullness({ limit: 0, held: 0 })).toBe(1);
    expect(fullness({ limit: 4, held: 9 })).toBe(1);
    expect(fullness({ limit: null, held: 9 })).toBe(0);
  });

  it("tells free, nearly full, full and over apart", () => {
    expect([3, 4, 5, 6].map((held) => toneOf({ limit: 5, held }))).toEqual(["good", "near", "full", "over"]);
    expect(toneOf({ limit: null, held: 6 })).toBe("none");
    expect(toneOf({ limit: 0, held: 0 })).toBe("full");
  });
});

describe("the order", () => {
  it("puts the tightest first and what has no limit last", () => {
    const rooms = [{ limit: null, held: 1 }, { limit: 9, held: 2 }, { limit: 3, held: 3 }, { limit: 2, held: 2 }];
    expect([...rooms].sort(byRoom).map(({ limit }) => limit)).toEqual([2, 3, 9, null]);
  });

  it("puts whom a change would bring over before who is over already", () => {
    const subjects = [reached("free", 5, 1, false), reached("blank", null, 3), reached("was", 2, 9, true), reached("newly", 2, 3, false)];
    expect(sortReached(subjects, (id) => id).map(({ id }) => id)).toEqual(["newly", "was", "free", "blank"]);
    expect(unlimited(subjects).map(({ id }) => id)).toEqual(["blank"]);
  });

  it("tells every department once, however many pages name it", () => {
    const shared = { rule: { id: "r", name: "R" }, object: "opportunity", subject: { object: "department" as const, id: "North" }, shared: true, limit: 5, limit_from: "number" as const, held: 4, mine: null, room: 1, over: false };
    const lines = linesOf([{ people: [{ person: "Al", items: [] }], shared: [shared], refs: {} }, { people: [{ person: "Bo", items: [] }], shared: [shared, { ...shared, rule: { id: "q", name: "Q" } }], refs: {} }]);
    expect(lines.map(({ subject, rules }) => `${subject.id} ${rules.length}`)).toEqual(["Al 0", "Bo 0", "North 2"]);
  });

  it("sorts a team by name, by room and by how many each has", () => {
    const line = (id: string, limit: number, mine: number): TeamLine => ({
      subject: { object: "employee", id },
      rules: [{ rule: { id: "r", name: "R" }, object: "opportunity", subject: { object: "employee", id }, shared: false, limit, limit_from: "number", held: mine, mine, room: limit - mine, over: mine > limit }],
    });
    const lines = [line("Bo", 9, 8), line("Al", 9, 2), line("Cy", 3, 3), { subject: { object: "employee" as const, id: "Di" }, rules: [] }];
    const order = (by: "name" | "room" | "held") => sortTeam(lines, by, (id) => id).map(({ subject }) => subject.id).join(" ");
    expect(order("name")).toBe("Al Bo Cy Di");
    expect(order("room")).toBe("Cy Bo Al Di");
    expect(order("held")).toBe("Bo Cy Al Di");
  });
});
