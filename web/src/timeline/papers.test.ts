import { expect, it } from "vitest";
import { turnOf } from "./papers";

const changed = (kind: string, field: string, old: string, now: string) => turnOf({ kind, changes: [{ field: "sent_at", old: null, new: "x" }, { field, old, new: now }] })?.turn;

it("tells what became of quotes and orders", () => {
  expect([changed("quote", "quote_status", "draft", "sent"), changed("quote", "quote_status", "accepted", "sent"), changed("order", "order_status", "draft", "confirmed")]).toEqual(["sent", "reopened", "confirmed"]);
});

it("says nothing of what it does not know", () => {
  expect([changed("change", "quote_status", "draft", "sent"), changed("quote", "quote_status", "draft", "elsewhere"), turnOf({ kind: "order", changes: null })]).toEqual([undefined, undefined, undefined]);
});
