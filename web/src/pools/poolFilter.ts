import type { Condition } from "~/api/types";

/** The field that says in which pool a record lies. */
export const POOL = "pool";

/** What lies in a pool: nobody has it. */
export const inPool = (pool: string): Condition => ({ all: [{ field: POOL, op: "eq", value: pool }, { field: "owner", op: "is_empty" }] });

/** The pool whose records a list shows, where its filter says so for all of them. */
export function poolOfFilter(condition: Condition | null | undefined): string | undefined {
  if (!condition) return undefined;
  if ("field" in condition) return condition.field === POOL && condition.op === "eq" && typeof condition.value === "string" ? condition.value : undefined;
  if ("all" in condition) for (const part of condition.all) {
    const pool = poolOfFilter(part);
    if (pool) return pool;
  }
  return undefined;
}
