import { Button, Group, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { findingsOf, messageOf } from "~/api/problem";
import { rowsOf, useObject, useRecordList } from "~/api/queries";
import type { Field, ObjectDef, Rec, Violation } from "~/api/types";
import { startOf } from "~/fields/draft";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { useCompletion, type BodyProps } from "../body";
import { useSubmitKey } from "../useSubmitKey";
import { Grid } from "./Grid";
import classes from "./grid.module.css";
import { columnsOf, countOf, hasUnread, newRow, rowOf, wantedOf, type GridRow } from "./rows";
import { usePaste } from "./usePaste";

const MOST = 200;

/** What lives in the deal, in a grid: rows are added, changed and taken out, and saved all at once. */
export function GridBody(props: BodyProps) {
  const { act } = props.task;
  const object = useObject(act?.kind === "edit_sub_objects" ? act.object : "");
  const link = object && linkOf(object, props.deal.object);
  const columns = object ? columnsOf(object, link) : [];
  const list = useRecordList(
    object?.key ?? "",
    { filter: { field: link ?? "", op: "eq", value: props.deal.id }, sort: "created_at", fields: columns.map((column) => column.key), limit: MOST, count: "exact" },
    Boolean(object && link),
  );
  if (!object || !link || act?.kind !== "edit_sub_objects") return null;
  if (list.isError) return <ErrorState compact error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <RowSkeletons rows={3} />;
  return <Editor {...props} object={object} columns={columns} records={rowsOf(list.data)} minimum={act.minimum} more={Boolean(list.hasNextPage)} />;
}

const linkOf = (object: ObjectDef, to: string): string | undefined => object.fields.find((field) => (field.type === "master" || field.type === "reference") && field.object === to)?.key;

type EditorProps = BodyProps & { object: ObjectDef; columns: Field[]; records: Rec[]; minimum: number; more: boolean };

function Editor({ task, object, columns, records, minimum, more, onDone, onCancel }: EditorProps) {
  const { t } = useTranslation("stageTasks");
  const label = useLabel();
  const counter = useRef(0);
  const nextKey = () => `new-${(counter.current += 1)}`;
  const [start] = useState(() => startOf(columns));
  // What is typed stays, whatever others do to the rows meanwhile; the server compares the versions.
  const [rows, setRows] = useState<GridRow[]>(() => (records.length > 0 ? records.map(rowOf) : [newRow("new-0", start)]));
  const [sentKeys, setSentKeys] = useState<string[]>([]);
  const paste = usePaste(columns, start, nextKey);
  const completion = useCompletion(task, onDone);
  const { wanted, keys } = wantedOf(rows);
  const count = countOf(rows);

  const send = (keepOpen: boolean) => {
    if (hasUnread(rows)) return;
    setSentKeys(keys);
    completion.send({ rows: wanted.length > 0 ? wanted : undefined, keep_open: keepOpen || undefined });
  };
  const onKeyDown = useSubmitKey(() => send(false));
  const { byRow, general } = refusals(completion.error, sentKeys);
  const add = () => setRows((now) => [...now, newRow(nextKey(), start)]);
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
      <Grid object={object} columns={columns} rows={rows} findings={byRow} onRows={(change) => (completion.reset(), setRows(change))} onAdd={add} onPaste={(text, at) => void paste(text, at, rows).then(setRows)} />
      <Group gap="sm" mt={6} justify="space-between">
        <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={15} />} onClick={add}>
          {t("grid.add")}
        </Button>
        <Text size="xs" c="dimmed" role="status">
          {t("grid.rows", { count })}
          {minimum > 0 && ` · ${t("grid.minimum", { count: minimum })}`}
        </Text>
      </Group>
      {more && (
        <Text size="xs" c="dimmed">
          {t("grid.tooMany", { count: MOST })}
        </Text>
      )}
      <p className={classes.help}>{t("grid.help")}</p>
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

/** What a refusal says of each row, by its key: `rows/2/price` is the price of the third that was sent. */
export function refusals(error: unknown, keys: string[]): { byRow: Record<string, Record<string, string[]>>; general: string[] } {
  if (!error) return { byRow: {}, general: [] };
  if (!(error instanceof ApiProblem) || error.violations.length === 0) return { byRow: {}, general: [messageOf(error)] };
  const byRow: Record<string, Record<string, string[]>> = {};
  const others: Violation[] = [];
  for (const violation of error.violations) {
    const [first, at, ...rest] = (violation.path ?? "").split(/[./]/).filter(Boolean);
    const key = first === "rows" ? keys[Number(at)] : undefined;
    const field = rest.filter((part) => part !== "fields")[0];
    if (key === undefined || !field) others.push(violation);
    else ((byRow[key] ??= {})[field] ??= []).push(violation.message || violation.code);
  }
  return { byRow, general: findingsOf(others, []).general };
}
