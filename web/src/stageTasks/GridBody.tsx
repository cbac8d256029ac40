import { Button, Group, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf, useObject, useRecordList } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { startOf } from "~/fields/draft";
import { GeneralFindings } from "~/fields/FieldForm";
import type { Column } from "~/grid/columns";
import { refusals } from "~/grid/findings";
import { GridView } from "~/grid/GridView";
import { hasUnread, newRow, rowOf, valueOf, wantedOf } from "~/grid/rows";
import { useGrid } from "~/grid/useGrid";
import { useLabel } from "~/i18n";
import { useColumns } from "~/lines/lineColumns";
import { useCurrencyOf } from "~/lines/LinesTab";
import { useFollows } from "~/lines/useFollows";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { useCompletion, type BodyProps } from "./body";
import { useSubmitKey } from "./useSubmitKey";

const MOST = 200;

/** What lives in the deal, in a grid: rows are added, changed and taken out, and saved all at once. */
export function GridBody(props: BodyProps) {
  const { act } = props.task;
  const object = useObject(act?.kind === "edit_sub_objects" ? act.object : "");
  const link = object && linkOf(object, props.deal.object);
  const columns = useColumns(object, link);
  const list = useRecordList(
    object?.key ?? "",
    { filter: { field: link ?? "", op: "eq", value: props.deal.id }, sort: "created_at", fields: columns.map((column) => column.field.key), limit: MOST, count: "exact" },
    Boolean(object && link),
  );
  if (!object || !link || act?.kind !== "edit_sub_objects") return null;
  if (list.isError) return <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <RowSkeletons rows={3} />;
  return <Editor {...props} object={object} columns={columns} records={rowsOf(list.data)} minimum={act.minimum} more={Boolean(list.hasNextPage)} />;
}

const linkOf = (object: ObjectDef, to: string): string | undefined => object.fields.find((field) => (field.type === "master" || field.type === "reference") && field.object === to)?.key;

type EditorProps = BodyProps & { object: ObjectDef; columns: Column[]; records: Rec[]; minimum: number; more: boolean };

function Editor({ task, deal, object, columns, records, minimum, more, onDone, onCancel }: EditorProps) {
  const { t } = useTranslation("stageTasks");
  const label = useLabel();
  const start = useMemo(() => startOf(columns.map((column) => column.field)), [columns]);
  const currency = useCurrencyOf(deal);
  const follows = useFollows(object.key, deal, currency);
  const completion = useCompletion(task, onDone);
  // What is typed stays, whatever others do to the rows meanwhile; the server compares the versions.
  const grid = useGrid({ initial: () => (records.length > 0 ? records.map(rowOf) : [newRow("new-0", start)]), columns, currency, start, follows, onChange: completion.reset });
  const { rows } = grid;
  const [sentKeys, setSentKeys] = useState<string[]>([]);
  const sendable = new Set(columns.filter((column) => !column.shows).map((column) => column.field.key));
  const { wanted, keys } = wantedOf(rows, (key) => sendable.has(key));

  const send = (keepOpen: boolean) => {
    if (hasUnread(rows)) return;
    setSentKeys(keys);
    completion.send({ rows: wanted.length > 0 ? wanted : undefined, keep_open: keepOpen || undefined });
  };
  const onKeyDown = useSubmitKey(() => send(false));
  const { byRow, general } = refusals(completion.error, sentKeys);
  return (
    <form
      noValidate
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        send(false);
      }}
    >
      <GeneralFindings findings={{ byField: {}, general }} />
      <GridView
        grid={grid}
        label={t("grid.label", { object: label(object.plural) })}
        columns={columns}
        findings={byRow}
        currency={currency}
        autoFocus
        card={(row) => columns.flatMap(({ field }) => (typeof valueOf(row, field.key) === "string" ? [row.refs?.[String(valueOf(row, field.key))]?.name ?? String(valueOf(row, field.key))] : [])).join(" · ")}
        note={minimum > 0 && ` · ${t("grid.minimum", { count: minimum })}`}
      />
      {more && (
        <Text size="xs" c="dimmed">
          {t("grid.tooMany", { count: MOST })}
        </Text>
      )}
      <Group gap="xs" mt="xs">
        <Button type="submit" loading={completion.isPending} disabled={hasUnread(rows)} aria-label={`${t("saveComplete")}: ${label(object.plural)}`}>
          {t("saveComplete")}
        </Button>
        {wanted.length > 0 && (
          <Button variant="default" disabled={completion.isPending || hasUnread(rows)} onClick={() => send(true)}>
            {t("saveOnly")}
          </Button>
        )}
        {onCancel && (
          <Button variant="default" onClick={onCancel}>
            {t("cancel")}
          </Button>
        )}
      </Group>
    </form>
  );
}
