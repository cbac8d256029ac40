import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Pool } from "~/api/pools";
import classes from "./pools.module.css";
import { HiddenFields, LeftToday } from "./Pools";

/** Above the list of a pool's records: which pool it is and what holds in it. */
export function PoolBar({ pool }: { pool: Pool }) {
  const { t } = useTranslation("pools");
  return (
    <div className={classes.poolBar} role="note">
      <Link to="/pools/$pool" params={{ pool: pool.id }} className={classes.name}>
        {pool.name}
      </Link>
      <span className={classes.fine}>{t(`modes.${pool.mode}`)}</span>
      <LeftToday pool={pool} />
      <HiddenFields pool={pool} />
    </div>
  );
}
