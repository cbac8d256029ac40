import { Button } from "@mantine/core";
import { IconDroplet, IconSettings } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { usePools, type Pool } from "~/api/pools";
import { useMe, useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { iconOf } from "~/shell/places";
import { formatDecimal } from "~/ui/format";
import { Listed } from "~/ui/Listed";
import { Page } from "~/ui/Page";
import { inPool } from "./poolFilter";
import classes from "./pools.module.css";

/** The pools that one is in, and how much lies in them. */
export function Pools() {
  const { t } = useTranslation("pools");
  const me = useMe();
  const pools = usePools();
  const items = (pools.data?.items ?? []).filter((pool) => pool.active !== false);
  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        me.admin && (
          <Button component={Link} to="/admin/pools" variant="default" leftSection={<IconSettings size={16} stroke={1.7} />}>
            {t("settings")}
          </Button>
        )
      }
    >
      <Listed query={pools} rows={4} height={60} none={items.length === 0} icon={IconDroplet} title={t("none")} hint={t("noneHint")}>
        <ul className={classes.cards} aria-label={t("title")}>
          {items.map((pool) => (
            <PoolCard key={pool.id} pool={pool} />
          ))}
        </ul>
      </Listed>
    </Page>
  );
}

function PoolCard({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const language = useLanguage();
  const label = useLabel();
  const object = useObjects().find((it) => it.key === pool.object);
  const Icon = iconOf(object ?? pool.object);
  return (
    <li className={classes.card}>
      <span className={classes.cardHead}>
        <Icon size={17} stroke={1.6} aria-hidden />
        <Link to="/o/$object" params={{ object: pool.object }} search={{ filter: inPool(pool.id) }} className={classes.name}>
          {pool.name}
        </Link>
        {pool.records != null && <span className={classes.count}>{t("inIt", { count: pool.records, shown: formatDecimal(pool.records, language) })}</span>}
      </span>
      <p className={classes.fine}>
        {[label(object?.plural), t(`modes.${pool.mode}`), pool.can.includes("administer") ? t("administered") : ""].filter(Boolean).join(" · ")}
      </p>
      <LeftToday pool={pool} />
      <HiddenFields pool={pool} />
      <span className={classes.links}>
        <Link to="/pools/$pool" params={{ pool: pool.id }} aria-label={`${t("about")}: ${pool.name}`}>
          {t("about")}
        </Link>
      </span>
    </li>
  );
}

/** How many one may still claim today, where the pool says how many. */
export function LeftToday({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  if (pool.left_today == null || !pool.can.includes("claim")) return null;
  return (
    <span className={classes.fine} data-none={pool.left_today <= 0 || undefined}>
      {pool.left_today > 0 ? t("leftToday", { count: pool.left_today }) : t("noneLeftToday")}
    </span>
  );
}

/** What members are not shown before they have claimed. */
export function HiddenFields({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  const label = useLabel();
  const object = useObjects().find((it) => it.key === pool.object);
  if (pool.hidden.length === 0) return null;
  const fields = pool.hidden.map((key) => label(object?.fields.find((it) => it.key === key)?.label) || key);
  return <p className={classes.fine}>{t("hiddenFields", { fields: fields.join(t("comma", { ns: "leads" })) })}</p>;
}
