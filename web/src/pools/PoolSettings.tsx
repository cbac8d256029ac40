import { ActionIcon, Button, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconDroplet, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { isWhole, poolOf, useDeletePool, usePools, useSavePool, type Pool } from "~/api/pools";
import { messageOf } from "~/api/problem";
import { useMe, useObjects } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { useLabel, useLanguage } from "~/i18n";
import { HELD } from "~/holding/held";
import { told } from "~/objects/told";
import { Receivers } from "~/sharing/Receivers";
import { iconOf } from "~/shell/places";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./pools.module.css";

/** All pools by object, for those who look after the system. */
export function PoolSettings() {
  const { t } = useTranslation("pools");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const pools = usePools(me.admin);
  const remove = useDeletePool();
  const [removed, setRemoved] = useState<Pool>();
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = pools.data?.items ?? [];
  return (
    <Page
      title={t("settings")}
      above={t("settingsHint")}
      narrow
      actions={
        <Button component={Link} to="/admin/pools/$pool" params={{ pool: "new" } as never} leftSection={<IconPlus size={16} />}>
          {t("newPool")}
        </Button>
      }
    >
      {pools.isError && <ErrorState error={pools.error} onRetry={() => void pools.refetch()} />}
      {pools.isPending && <RowSkeletons rows={4} height={44} />}
      {pools.data && items.length === 0 && (
        <EmptyState icon={<IconDroplet size={32} stroke={1.4} />} title={t("settingsNone")}>
          {t("settingsNoneHint")}
        </EmptyState>
      )}
      {HELD.filter((key) => items.some((pool) => pool.object === key)).map((key) => {
        const object = objects.find((it) => it.key === key);
        const Icon = iconOf(object ?? key);
        return (
          <section key={key} className={classes.section}>
            <h2 className={classes.heading}>
              <Icon size={17} stroke={1.6} aria-hidden /> {label(object?.plural) || key}
            </h2>
            <ul className={classes.list}>
              {items
                .filter((pool) => pool.object === key)
                .map((pool) => (
                  <PoolLine key={pool.id} pool={pool} refs={pools.data?.refs ?? {}} onRemove={() => setRemoved(pool)} />
                ))}
            </ul>
          </section>
        );
      })}
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t("deleteTitle", { name: removed?.name ?? "" })}
        text={t("deleteText")}
        confirm={t("delete")}
        danger
        onConfirm={async () => {
          if (!removed) return;
          await remove.mutateAsync(removed);
          told(t("deleted", { name: removed.name }));
        }}
      />
    </Page>
  );
}

function PoolLine({ pool, refs, onRemove }: { pool: Pool; refs: Refs; onRemove: () => void }) {
  const { t } = useTranslation("pools");
  const language = useLanguage();
  const save = useSavePool();
  const say = useConditionText(pool.object, pool.condition);
  const active = pool.active !== false;
  const turn = (on: boolean) =>
    isWhole(pool) &&
    save.mutate(
      { document: { ...poolOf(pool), active: on }, over: pool },
      {
        onSuccess: () => told(t(on ? "turnedOn" : "turnedOff", { name: pool.name })),
        onError: (error) => notifications.show({ color: "red", title: t("refused"), message: messageOf(error) }),
      },
    );
  return (
    <li className={classes.line} data-off={!active || undefined}>
      <Switch size="sm" aria-label={`${t("active")}: ${pool.name}`} checked={active} disabled={save.isPending} onChange={(event) => turn(event.currentTarget.checked)} />
      <div className={classes.what}>
        <Link to="/admin/pools/$pool" params={{ pool: pool.id }} className={classes.name}>
          {pool.name}
        </Link>
        <span className={classes.fine}>{[t(`modes.${pool.mode}`), pool.condition ? say(pool.condition) : t("fillsKinds.manual"), active ? "" : t("off")].filter(Boolean).join(" · ")}</span>
      </div>
      <div className={classes.whom}>{pool.members && pool.members.length > 0 && <Receivers to={pool.members} refs={refs} />}</div>
      <Link to="/pools/$pool" params={{ pool: pool.id }} className={classes.fine}>
        {t("inIt", { count: pool.records ?? 0, shown: formatDecimal(pool.records ?? 0, language) })}
      </Link>
      <span className={classes.acts}>
        <ActionIcon component={Link} to="/admin/pools/$pool" params={{ pool: pool.id } as never} aria-label={`${t("edit")}: ${pool.name}`}>
          <IconPencil size={16} />
        </ActionIcon>
        <ActionIcon aria-label={`${t("delete")}: ${pool.name}`} onClick={onRemove}>
          <IconTrash size={16} />
        </ActionIcon>
      </span>
    </li>
  );
}
