import { Button, Group, Paper, Select } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useHistory, useMe } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { Changes } from "./Changes";
import { OverLine } from "~/duplicates/OverLine";
import classes from "./FieldHistory.module.css";
import { Through } from "./Through";
import { en } from "./texts";

/** Acts that are told in words; what an edit was says itself. */
const ACTS = en.historyActs;

/** Who changed what and when, the latest first. */
export function FieldHistory({ object, id }: { object: ObjectDef; id: string }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const me = useMe();
  const [field, setField] = useState<string>();
  const [by, setBy] = useState<string>();
  const narrowed = field !== undefined || by !== undefined;
  const history = useHistory(object.key, id, { field, by });
  if (history.isError) return <ErrorState compact error={history.error} onRetry={() => void history.refetch()} />;
  if (!history.data) return <RowSkeletons rows={5} />;
  const refs = Object.assign({}, ...history.data.pages.map((page) => page.refs));
  const items = history.data.pages.flatMap((page) => page.items);
  if (items.length === 0 && !narrowed) return <EmptyState title={t("historyEmpty")} />;
  const fields = object.fields.filter((it) => !["updated_at", "updated_by"].includes(it.key)).map((it) => ({ value: it.key, label: label(it.label) }));

  return (
    <Paper className={classes.history}>
      <Group gap="sm" p="sm">
        <Select aria-label={t("historyField")} placeholder={t("historyField")} w={220} clearable searchable data={fields} value={field ?? null} onChange={(next) => setField(next ?? undefined)} />
        <RecordSelect object="employee" aria-label={t("historyPerson")} placeholder={t("historyPerson")} w={200} value={by ?? null} name={by && refs[by]?.name} onChange={(next) => setBy(next ?? undefined)} />
        {me.reads_audit && (
          <Link to="/admin/audit" search={{ object: object.key, record: id }} style={{ fontSize: 13 }}>
            {t("historyAudit")}
          </Link>
        )}
      </Group>
      {items.length === 0 && <EmptyState title={t("noneTitle")} />}
      <ol className={classes.items}>
        {items.map((item) => {
          const who = item.by ? refs[item.by]?.name : undefined;
          return (
            <li key={item.revision ?? item.at} className={classes.item}>
              <Avatar name={who ?? "?"} size={26} />
              <div className={classes.body}>
                <div className={classes.head}>
                  <strong>{who ?? t("someone")}</strong>
                  {item.act && item.act in ACTS && <span>{t(`historyActs.${item.act as keyof typeof ACTS}`)}</span>}
                  <span className={classes.when}>
                    <Instant value={item.at} relative />
                    <Through via={item.via} token={item.token} />
                  </span>
                </div>
                {item.reason && <p className={classes.reason}>{item.reason}</p>}
                {item.alike && (
                  <p className={classes.over}>
                    {t("historyAlike")} <OverLine over={item.alike} />
                  </p>
                )}
                <Changes object={object} changes={item.changes} team={item.team} refs={refs} />
              </div>
            </li>
          );
        })}
      </ol>
      {history.hasNextPage && (
        <Button variant="subtle" size="compact-sm" m="sm" loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {t("historyMore")}
        </Button>
      )}
    </Paper>
  );
}
