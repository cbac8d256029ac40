import { Button, Paper } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useHistory } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { Avatar } from "~/ui/Avatar";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./FieldHistory.module.css";

/** Who changed what and when, the latest first. */
export function FieldHistory({ object, id }: { object: ObjectDef; id: string }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const history = useHistory(object.key, id);
  if (history.isError) return <ErrorState compact error={history.error} onRetry={() => void history.refetch()} />;
  if (!history.data) return <RowSkeletons rows={5} />;
  const refs = Object.assign({}, ...history.data.pages.map((page) => page.refs));
  const items = history.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState title={t("historyEmpty")} />;

  return (
    <Paper className={classes.history}>
      <ol className={classes.items}>
        {items.map((item) => {
          const who = item.by ? refs[item.by]?.name : undefined;
          return (
            <li key={item.revision} className={classes.item}>
              <Avatar name={who ?? "?"} size={26} />
              <div className={classes.body}>
                <div className={classes.head}>
                  <strong>{who ?? t("someone")}</strong>
                  {item.act === "create" && <span>{t("historyCreated")}</span>}
                  <span className={classes.when}>
                    <Instant value={item.at} relative />
                    {item.via && item.via !== "screen" && <> · {t(`via.${item.via}`)}</>}
                  </span>
                </div>
                {item.reason && <p className={classes.reason}>{item.reason}</p>}
                <ul className={classes.changes}>
                  {item.changes.map((change) => {
                    const field = object.fields.find((it) => it.key === change.field);
                    if (!field) return null;
                    return (
                      <li key={change.field}>
                        <span className={classes.field}>{label(field.label)}</span>
                        {!isEmpty(change.old) && (
                          <>
                            <span className={classes.old}>
                              <span className="visually-hidden">{t("was")} </span>
                              <FieldShow field={field} value={change.old} refs={refs} />
                            </span>
                            <IconArrowRight size={13} aria-label={t("became")} />
                          </>
                        )}
                        <span>{isEmpty(change.new) ? t("emptied") : <FieldShow field={field} value={change.new} refs={refs} />}</span>
                      </li>
                    );
                  })}
                </ul>
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
