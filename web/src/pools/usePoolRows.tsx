import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePools } from "~/api/pools";
import type { Condition, ObjectDef, Rec } from "~/api/types";
import type { Line } from "~/records/lines";
import { nameOf } from "~/records/RecordDialog";
import { PoolBar } from "./PoolBar";
import { poolOfFilter } from "./poolFilter";
import { useClaim } from "./useClaim";
import { veiledIn } from "./veil";
import { WhyNotDialog } from "./WhyNotDialog";

/** What a list of a pool's records has besides: what holds in the pool, and a claim on every row. */
export function usePoolRows(object: ObjectDef, filter: Condition | null | undefined) {
  const { t } = useTranslation("pools");
  const id = poolOfFilter(filter);
  const pools = usePools(id !== undefined);
  const pool = id === undefined ? undefined : pools.data?.items.find((it) => it.id === id && it.object === object.key);
  const { claim, busy, refusal, setRefusal } = useClaim(object.key);
  const claims = pool?.can.includes("claim") && pool.active !== false;
  const rowAct = claims
    ? (row: Rec) =>
        !row.fields["owner"] && (
          <Button size="compact-sm" variant="light" aria-label={t("claimOne", { name: nameOf(object, row) })} loading={busy === row.id} onClick={() => claim(row, nameOf(object, row))}>
            {t("claim")}
          </Button>
        )
    : undefined;
  const bar = pool && <PoolBar pool={pool} />;
  const dialog = refusal && <WhyNotDialog object={object.key} record={refusal.record.id} name={refusal.name} violations={refusal.violations} onClose={() => setRefusal(undefined)} />;
  // Lists tell neither that a value is hidden, nor where each record lies: it is this pool's.
  const covered = (lines: Line[]) => (pool && pool.hidden.length > 0 ? lines.map((line) => (line.kind === "row" ? { ...line, row: { ...line.row, veiled: veiledIn({ ...line.row, fields: { ...line.row.fields, pool: pool.id } }, [pool]) } } : line)) : lines);
  return { bar, rowAct, dialog, covered };
}
