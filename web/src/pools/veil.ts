import type { Pool } from "~/api/pools";
import type { Rec } from "~/api/types";
import { isEmpty } from "~/fields/contract";

/** Fields of a record that its pool keeps from whoever has not claimed it: blank to members, not to those who give it out. */
export function veiledIn(record: Rec, pools: Pool[] | undefined): string[] | undefined {
  if (record.veiled || record.fields["owner"]) return record.veiled ?? undefined;
  const pool = pools?.find((it) => it.id === record.fields["pool"]);
  if (!pool || pool.can.includes("assign")) return undefined;
  const hidden = pool.hidden.filter((key) => isEmpty(record.fields[key]));
  return hidden.length > 0 ? hidden : undefined;
}
