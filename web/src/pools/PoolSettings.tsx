import { Button } from "@mantine/core";
import { IconDroplet, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isWhole, poolOf, useDeletePool, usePools, useSavePool, type Pool } from "~/api/pools";
import { useMe, useObjects } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useConditionText } from "~/conditions/useConditionText";
import { useLabel, useLanguage } from "~/i18n";
import { HELD } from "~/holding/held";
import { Receivers } from "~/sharing/Receivers";
import { ByObject } from "~/ui/ByObject";
import { EmptyState } from "~/ui/EmptyState";
import { formatDecimal } from "~/ui/format";
import { Listed } from "~/ui/Listed";
import { Page } from "~/ui/Page";
import { SettingsList } from "~/ui/SettingsList";
import classes from "./pools.module.css";

/** All pools by object, for those who look after the system. */
export function PoolSettings() {
  const { t } = useTranslation("pools");
  const label = useLabel();
  const me = useMe();
  const objects = useObjects();
  const pools = usePools(me.admin);
  const save = useSavePool();
  const remove = useDeletePool();
  if (!me.admin) return <EmptyState title={t("onlyAdministrators")} />;
  const items = pools.data?.items ?? [];
  const held = HELD.flatMap((key) => objects.find((object) => object.key === key && items.some((pool) => pool.object === key)) ?? []);
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
      <Listed query={pools} rows={4} height={44} none={items.length === 0} icon={IconDroplet} title={t("settingsNone")} hint={t("settingsNoneHint")}>
        <ByObject items={items} objects={held}>
          {(object, own) => (
            <SettingsList
              label={label(object.plural)}
              items={own}
              open={{ to: "/admin/pools/$pool", params: ({ id }) => ({ pool: id }) }}
              onTurn={(pool, active) => (isWhole(pool) ? save.mutateAsync({ document: { ...poolOf(pool), active }, over: pool }) : Promise.resolve())}
              onRemove={(pool) => remove.mutateAsync(pool)}
              deleteTitle={(name) => t("deleteTitle", { name })}
              deleteText={t("deleteText")}
              active={t("active")}
              what={(pool) => <Words pool={pool} />}
              columns="minmax(0, 4fr) auto"
              beside={(pool) => <Beside pool={pool} refs={pools.data?.refs ?? {}} />}
            />
          )}
        </ByObject>
      </Listed>
    </Page>
  );
}

function Words({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const say = useConditionText(pool.object, pool.condition);
  return <p className={classes.fine}>{[t(`modes.${pool.mode}`), pool.condition ? say(pool.condition) : t("fillsKinds.manual"), pool.active ? "" : t("off")].filter(Boolean).join(" · ")}</p>;
}

/** Who is in it, and how much. */
function Beside({ pool, refs }: { pool: Pool; refs: Refs }) {
  const { t } = useTranslation("pools");
  const language = useLanguage();
  return (
    <>
      <div className={classes.whom}>{pool.members && pool.members.length > 0 && <Receivers to={pool.members} refs={refs} />}</div>
      <Link to="/pools/$pool" params={{ pool: pool.id }} className={classes.fine}>
        {t("inIt", { count: pool.records ?? 0, shown: formatDecimal(pool.records ?? 0, language) })}
      </Link>
    </>
  );
}
