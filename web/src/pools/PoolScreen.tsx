import { Button } from "@mantine/core";
import { IconListDetails, IconPencil } from "@tabler/icons-react";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePools } from "~/api/pools";
import { useMe, useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { inPool } from "./poolFilter";
import classes from "./pools.module.css";
import { HiddenFields, LeftToday } from "./Pools";
import { PoolHistory } from "./PoolHistory";

/** One pool: what holds in it, and what has happened. */
export function PoolScreen() {
  const { t } = useTranslation("pools");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const { pool: id } = useParams({ strict: false }) as { pool: string };
  const pools = usePools();
  if (pools.isError) return <ErrorState error={pools.error} onRetry={() => void pools.refetch()} />;
  if (!pools.data) return <RowSkeletons rows={6} height={34} />;
  const pool = pools.data.items.find((it) => it.id === id);
  if (!pool) return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("notFound", { ns: "ui" })}</EmptyState>;
  return (
    <Page
      title={pool.name}
      above={<Link to="/pools">{t("title")}</Link>}
      narrow
      actions={
        <>
          {me.admin && (
            <Button component={Link} to="/admin/pools/$pool" params={{ pool: pool.id } as never} variant="default" leftSection={<IconPencil size={16} stroke={1.7} />}>
              {t("edit")}
            </Button>
          )}
          <Button component={Link} to="/o/$object" params={{ object: pool.object } as never} search={{ filter: inPool(pool.id) } as never} leftSection={<IconListDetails size={16} stroke={1.7} />}>
            {t("open")}
          </Button>
        </>
      }
    >
      <p className={classes.fine}>
        {label(objects.find((it) => it.key === pool.object)?.plural)} · {t(`modeHints.${pool.mode}`)}
      </p>
      <LeftToday pool={pool} />
      <HiddenFields pool={pool} />
      {(pool.can.includes("administer") || pool.can.includes("move")) && <PoolHistory pool={pool} />}
    </Page>
  );
}
