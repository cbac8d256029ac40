import { Link } from "@tanstack/react-router";
import { IconNote } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { rowsOf, useObject, useRecordList } from "~/api/queries";
import type { Condition, Rec, RegardingValue } from "~/api/types";
import { MODE_ICONS } from "~/timeline/modes";
import { Instant } from "~/ui/Instant";
import { Card } from "./Card";
import classes from "./Home.module.css";

const SHOWN = 12;
/** One's own, or those of all whom one sees. */
type Whose = "mine" | "all";

const MINE: Condition = { field: "owner", op: "is_me" };

/** What has been done lately: one's own calls and visits, or those of all whom one sees. */
export function LatelyDone({ whose, title }: { whose: Whose; title?: string }) {
  const { t } = useTranslation("home");
  const known = useObject("activity") !== undefined;
  const list = useRecordList("activity", { filter: whose === "mine" ? MINE : undefined, sort: "-happened_at", fields: ["name", "activity_type", "regarding", "owner", "happened_at"], limit: SHOWN }, known);
  const rows = rowsOf(list.data);
  if (!known) return null;
  return (
    <Card title={title ?? t("latelyTitle")} error={list.error} onRetry={() => void list.refetch()} ready={list.data !== undefined} empty={rows.length === 0 ? t("latelyEmpty") : undefined}>
      <ul className={classes.deals}>
        {rows.map((row) => (
          <Done key={row.id} row={row} />
        ))}
      </ul>
    </Card>
  );
}

function Done({ row }: { row: Rec }) {
  const { t } = useTranslation("home");
  const about = row.fields["regarding"] as RegardingValue | null;
  const owner = row.fields["owner"];
  const Mark = MODE_ICONS[row.fields["activity_type"] as "call"] ?? IconNote;
  const name = about && row.refs?.[about.id]?.name;
  return (
    <li className={classes.waiting}>
      <Mark size={16} stroke={1.6} color="var(--ink-soft)" aria-hidden />
      <span className={classes.told}>
        {about && name ? (
          <Link to="/o/$object/$id" params={{ object: about.object, id: about.id }} className={classes.name}>
            {String(row.fields["name"] ?? "")}
          </Link>
        ) : (
          <span className={classes.name}>{String(row.fields["name"] ?? "")}</span>
        )}
        <span className={classes.beneath}>{[name, (typeof owner === "string" && row.refs?.[owner]?.name) || t("someone")].filter(Boolean).join(" · ")}</span>
      </span>
      <span className={classes.day}>
        <Instant value={row.fields["happened_at"] as string | null} relative />
      </span>
    </li>
  );
}
