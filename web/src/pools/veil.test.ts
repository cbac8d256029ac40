import { expect, it } from "vitest";
import type { Pool } from "~/api/pools";
import type { Rec } from "~/api/types";
import { veiledIn } from "./veil";

const pool = { id: "p", object: "account", name: "P", mode: "claimable", hidden: ["phone"], can: ["claim"], version: 1 } as Pool;
const record = { object: "account", id: "a", version: 1, revision: 1, fields: { pool: "p", owner: null, phone: null } } as Rec;

it("covers what the pool hides from its members until one has claimed it", () => {
  expect(veiledIn(record, [pool])).toEqual(["phone"]);
  expect(veiledIn({ ...record, fields: { ...record.fields, owner: "me" } }, [pool])).toBeUndefined();
  expect(veiledIn(record, [{ ...pool, can: ["claim", "assign"] }])).toBeUndefined();
  expect(veiledIn({ ...record, fields: { ...record.fields, phone: "+49" } }, [pool])).toBeUndefined();
  expect(veiledIn(record, undefined)).toBeUndefined();
});
