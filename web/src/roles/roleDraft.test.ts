import { describe, expect, it } from "vitest";
import type { RoleDocument } from "~/api/roles";
import { isOwn, merged, rightsOf, sameRole, triOf, withActs, withColumn, withFields, withoutOwn } from "./roleDraft";

const seller: RoleDocument = {
  name: { en: "Seller", "zh-CN": "销售" },
  description: null,
  see_all: false,
  administrator: false,
  reads_audit: false,
  objects: { "*": { acts: ["read"], fields: {} }, account: { acts: ["read", "edit"], fields: { revenue: "read" } } },
};
const with_ = (change: (objects: RoleDocument["objects"]) => RoleDocument["objects"], role = seller): RoleDocument => ({ ...role, objects: change(role.objects) });

describe("rights of a role", () => {
  it("follow every other object until they are changed, and again afterwards", () => {
    expect(rightsOf(seller, "product").acts).toEqual(["read"]);
    const changed = with_((objects) => withActs(objects, "product", ["create"], true));
    expect(rightsOf(changed, "product").acts).toEqual(["read", "create"]);
    expect(rightsOf(changed, "quote").acts).toEqual(["read"]);
    const again = with_((objects) => withoutOwn(objects, "product"), changed);
    expect(isOwn(again, "product")).toBe(false);
    expect(sameRole(again, seller)).toBe(true);
  });

  it("name only the fields that differ from writing", () => {
    const hidden = with_((objects) => withFields(objects, "account", ["revenue", "phone"], "hidden"));
    expect(hidden.objects.account?.fields).toEqual({ revenue: "hidden", phone: "hidden" });
    expect(with_((objects) => withFields(objects, "account", ["revenue", "phone"], "write"), hidden).objects.account?.fields).toEqual({});
  });

  it("change by column without giving rights of their own to those that follow", () => {
    const rows = ["*", "account", "product"].map((key) => ({ key, acts: ["read", "export"] }));
    const all = with_((objects) => withColumn(objects, rows, "export", true));
    expect(Object.keys(all.objects)).toEqual(["*", "account"]);
    expect(rightsOf(all, "product").acts).toEqual(["read", "export"]);
    const one = with_((objects) => withColumn(objects, rows.slice(2), "export", true));
    expect(one.objects["*"]?.acts).toEqual(["read"]);
    expect(one.objects.product?.acts).toEqual(["read", "export"]);
    expect([triOf(0, 3), triOf(1, 3), triOf(3, 3)]).toEqual(["none", "some", "all"]);
  });
});

describe("two people at one role", () => {
  it("are brought together where they touched different parts", () => {
    const mine = with_((objects) => withActs(objects, "account", ["export"], true));
    const theirs = { ...with_((objects) => withFields(objects, "account", ["revenue"], "hidden")), see_all: true };
    const { role, clashes } = merged(seller, mine, theirs, "mine");
    expect(clashes).toEqual([]);
    expect(role.see_all).toBe(true);
    expect(role.objects.account).toEqual({ acts: ["read", "edit", "export"], fields: { revenue: "hidden" } });
  });

  it("clash where both touched the same, and either may hold", () => {
    const mine = with_((objects) => withFields(objects, "account", ["revenue"], "write"));
    const theirs = with_((objects) => withFields(objects, "account", ["revenue"], "hidden"));
    expect(merged(seller, mine, theirs, "mine")).toEqual({ role: mine, clashes: ["field/account/revenue"] });
    expect(merged(seller, mine, theirs, "theirs")).toEqual({ role: theirs, clashes: ["field/account/revenue"] });
  });

  it("clash where one lets an object follow the others and the other changes its own rights", () => {
    const mine = with_((objects) => withoutOwn(objects, "account"));
    const theirs = with_((objects) => withActs(objects, "account", ["void"], true));
    expect(merged(seller, mine, theirs, "mine").clashes).toContain("own/account");
    expect(isOwn(merged(seller, mine, theirs, "mine").role, "account")).toBe(false);
    expect(sameRole(merged(seller, mine, theirs, "theirs").role, theirs)).toBe(true);
    expect(sameRole(merged(seller, theirs, mine, "theirs").role, mine)).toBe(true);
  });
});
