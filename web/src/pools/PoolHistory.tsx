import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePoolLog, type Pool, type PoolLogItem } from "~/api/pools";
import type { Refs } from "~/api/types";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { usePoolOptions } from "./PoolSelect";
import classes from "./pools.module.css";

/** All that was done in a pool, the last first. */
export function PoolHistory({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const log = usePoolLog(pool.id);
  const items = log.data?.pages.flatMap((page) => page.items.map((item) => ({ item, refs: page.refs ?? {} }))) ?? [];
  return (
    <section aria-label={t("log")}>
      <h2 className={classes.heading}>{t("log")}</h2>
      {log.isError && <ErrorState compact error={log.error} onRetry={() => void log.refetch()} />}
      {log.isPending && <RowSkeletons rows={5} />}
      {log.data && items.length === 0 && <p className={classes.fine}>{t("logNone")}</p>}
      {items.length > 0 && (
        <ul className={classes.log}>
          {items.map(({ item, refs }) => (
            <LogLine key={item.id} pool={pool} item={item} refs={refs} />
          ))}
        </ul>
      )}
      {log.hasNextPage && (
        <Button variant="subtle" size="compact-sm" mt="sm" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </section>
  );
}

function LogLine({ pool, item, refs }: { pool: Pool; item: PoolLogItem; refs: Refs }) {
  const { t } = useTranslation("pools");
  const { object } = pool;
  const words = usePoolWords(object, refs);
  const name = refs[item.record]?.name;
  return (
    <li>
      <span className={classes.what}>
        {name ? (
          <Link to="/o/$object/$id" params={{ object, id: item.record }} className={classes.name}>
            {name}
          </Link>
        ) : (
          <em>{t("aRecord")}</em>
        )}
        <span className={classes.fine}>
          {[refs[item.by]?.name ?? t("byProduct"), words(item, item.pool === pool.id)].join(" · ")}
          {item.reason && ` · “${item.reason}”`}
        </span>
      </span>
      <span className={classes.fine}>
        <Instant value={item.at} relative />
      </span>
    </li>
  );
}

/** Says what was done with a record and a pool. */
function usePoolWords(object: string, refs: Refs) {
  const { t } = useTranslation("pools");
  const label = useLabel();
  const options = usePoolOptions(object);
  const named = (id: string) => label(options.find((it) => it.key === id)?.label) || "…";
  const person = (id: string | null | undefined) => (id ? (refs[id]?.name ?? t("someone")) : t("someone"));
  return ({ act, pool, from_owner, to_owner }: PoolLogItem, here: boolean) => t(here ? `told.${act}` : "away", { owner: person(to_owner ?? from_owner), pool: named(pool) });
}
