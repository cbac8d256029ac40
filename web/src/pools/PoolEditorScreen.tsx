import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isWhole, usePools } from "~/api/pools";
import { useMe } from "~/api/queries";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { PoolEditor } from "./PoolEditor";

/** A pool to make or to change. */
export function PoolEditorScreen() {
  const { t } = useTranslation("pools");
  const me = useMe();
  const navigate = useNavigate();
  const { pool: id } = useParams({ strict: false }) as { pool: string };
  const { object } = useSearch({ strict: false }) as { object?: string };
  const pools = usePools(me.admin);
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  if (pools.isError) return <ErrorState error={pools.error} onRetry={() => void pools.refetch()} />;
  if (!pools.data) return <RowSkeletons rows={8} height={34} />;
  const pool = pools.data.items.find((it) => it.id === id);
  if (id !== "new" && !(pool && isWhole(pool))) return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("notFound", { ns: "ui" })}</EmptyState>;
  return <PoolEditor key={id} pool={pool && isWhole(pool) ? pool : undefined} object={object ?? "opportunity"} onLeave={() => void navigate({ to: "/admin/pools" })} />;
}
