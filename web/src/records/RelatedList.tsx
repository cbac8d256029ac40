import { ActionIcon, Button, Paper, Tooltip } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { recordQuery, rowsOf, useRecordList } from "~/api/queries";
import type { Rec } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { kindOf } from "~/fields/registry";
import { useLabel } from "~/i18n";
import { queryClient } from "~/queryClient";
import { iconOf } from "~/shell/places";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { columnsOf, sortOf } from "./layouts";
import { nameOf, RecordDialog } from "./RecordDialog";
import classes from "./RelatedList.module.css";
import { livesInAnother, type Relation } from "./relations";

const SHOWN = 8;
const COLUMNS = 4;

type Props = { relation: Relation; relations: Relation[]; record: Rec; name: string };

/** Records of another object that lead to this one: an account's deals, a deal's lines. */
export function RelatedList({ relation: { object, field }, relations, record, name }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const [creating, setCreating] = useState(false);
  const [editing, setEditing] = useState<Rec>();
  const inner = livesInAnother(object);
  const columns = columnsOf(object)
    .filter((column) => column.key !== field.key && column.key !== "owner")
    .slice(0, COLUMNS);
  const filter = { field: field.key, op: "eq" as const, value: record.id };
  const list = useRecordList(object.key, { filter, sort: sortOf(object.key), fields: [object.name_field, ...columns.map((column) => column.key)].filter((key) => object.fields.some((it) => it.key === key)), limit: SHOWN, count: "exact" });
  const rows = rowsOf(list.data);
  const count = list.data?.pages[0]?.count ?? rows.length;
  const Icon = iconOf(object);
  const named = object.fields.some((it) => it.key === object.name_field);
  // Where an object leads here by two fields, or to its own kind, the list says by which.
  const twice = object.key === record.object || relations.filter((it) => it.object.key === object.key).length > 1;
  const title = twice ? t("relatedBy", { objects: label(object.plural), field: label(field.label) }) : label(object.plural);
  const mayCreate = object.acts.includes("create") && record.fields.lifecycle_status !== "voided" && (!inner || (record.can?.includes("edit") ?? false));

  const edit = async (row: Rec) => setEditing(await queryClient.fetchQuery(recordQuery(object.key, row.id)));

  return (
    <Paper component="section" className={classes.list} aria-label={title}>
      <header className={classes.head}>
        <Icon size={17} stroke={1.6} />
        <h2 className={classes.title}>{title}</h2>
        {list.data && <span className={classes.count}>{count}</span>}
        {mayCreate && (
          <Tooltip label={t("newOne", { object: label(object.label).toLowerCase() })}>
            <ActionIcon size="sm" ml="auto" aria-label={t("newOne", { object: label(object.label).toLowerCase() })} onClick={() => setCreating(true)}>
              <IconPlus size={17} />
            </ActionIcon>
          </Tooltip>
        )}
      </header>
      {list.isError ? (
        <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <RowSkeletons rows={2} />
      ) : rows.length === 0 ? (
        <p className={classes.none}>{t("relatedNone")}</p>
      ) : (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                {named && <th scope="col">{label(object.fields.find((it) => it.key === object.name_field)?.label)}</th>}
                {columns.map((column) => (
                  <th key={column.key} scope="col" data-figures={kindOf(column).figures || undefined}>
                    {label(column.label)}
                  </th>
                ))}
                {!named && <th />}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.id}>
                  {named && (
                    <td className={classes.name}>
                      {inner ? (
                        <button type="button" className={classes.open} onClick={() => void edit(row)}>
                          {nameOf(object, row)}
                        </button>
                      ) : (
                        <Link to="/o/$object/$id" params={{ object: object.key, id: row.id }}>
                          {nameOf(object, row)}
                        </Link>
                      )}
                    </td>
                  )}
                  {columns.map((column) => (
                    <td key={column.key} data-figures={kindOf(column).figures || undefined}>
                      <FieldShow field={column} value={row.fields[column.key]} refs={row.refs} dense={column.type !== "reference"} />
                    </td>
                  ))}
                  {!named && (
                    <td>
                      <button type="button" className={classes.open} onClick={() => void edit(row)}>
                        {t("edit")}
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {list.hasNextPage && (
        <div className={classes.foot}>
          {inner ? (
            <Button variant="subtle" size="compact-sm" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("more", { ns: "ui" })}
            </Button>
          ) : (
            <Link to="/o/$object" params={{ object: object.key }} search={{ filter }}>
              {t("showAll", { count })}
            </Link>
          )}
        </div>
      )}
      {creating && <RecordDialog object={object} given={{ [field.key]: record.id }} refs={{ [record.id]: { object: record.object, name } }} onClose={() => setCreating(false)} />}
      {editing && <RecordDialog object={object} record={editing} onClose={() => setEditing(undefined)} />}
    </Paper>
  );
}
