import { describe, expect, it } from "vitest";
import type { HomeCard } from "~/api/home";
import { added, cardOf, moved, removed, resized, sameCards } from "./arranging";

const card = (id: string): HomeCard => ({ id, kind: "todo", width: 6, height: 4, settings: {} });
const cards = ["a", "b", "c"].map(card);
const ids = (of: HomeCard[]) => of.map(({ id }) => id).join("");

describe("arranging a Home", () => {
  it("moves cards, and no further than the ends", () => {
    expect(ids(moved(cards, "a", 2))).toBe("bca");
    expect(ids(moved(cards, "c", 0))).toBe("cab");
    expect(ids(moved(cards, "c", 9))).toBe("abc");
    expect(moved(cards, "b", 1)).toBe(cards);
    expect(moved(cards, "x", 1)).toBe(cards);
  });

  it("puts cards in and takes them away", () => {
    const entry = { key: "todo", kind: "todo", label: { en: "To do" }, width: 6, height: 5, settings: {} };
    const one = cardOf([{ ...card("todo-1") }], entry);
    expect(one).toMatchObject({ id: "todo-2", kind: "todo", width: 6, height: 5 });
    expect(ids(added(cards, card("x"), 1))).toBe("axbc");
    expect(ids(added(cards, card("x")))).toBe("abcx");
    expect(ids(removed(cards, "b"))).toBe("ac");
  });

  it("resizes as far as sizes go", () => {
    expect(resized(cards, "a", { width: 40, height: 0 })[0]).toMatchObject({ width: 12, height: 1 });
    expect(resized(cards, "a", { width: 6.4, height: 3.7 })).toBe(cards);
  });

  it("knows when nothing has changed", () => {
    expect(sameCards(cards, cards.map((one) => ({ ...one, there: true, title: null })))).toBe(true);
    expect(sameCards(cards, moved(cards, "a", 1))).toBe(false);
  });
});
