import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconLayoutKanban, IconPlus } from "@tabler/icons-react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "~/queryClient";
import { recordQuery, rowsOf, useMe, useObject, useRecordList } from "~/api/queries";
import type { ObjectDef, Rec } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { useMoveFlow } from "~/processes/useMoveFlow";
import { iconOf } from "~/shell/places";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { ColumnChooser } from "./ColumnChooser";
import { FilterBar } from "./FilterBar";
import { isNarrowed, paramsOf, viewOfSearch, type ListView } from "./listView";
import { RecordCards } from "./RecordCards";
import { RecordDialog } from "./RecordDialog";
import { RecordTable } from "./RecordTable";
import classes from "./Table.module.css";
import { useColumns } from "./useColumns";
import { useListKeys } from "./useListKeys";

/** The list of an object's records. */
export function Table() {
  const { object: key } = useParams({ strict: false }) as { object: string };
  const object = useObject(key);
  const { t } = useTranslation("records");
  if (!object) return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("unknownObject")}</EmptyState>;
  return <ObjectTable key={object.key} object={object} />;
}

function ObjectTable({ object }: { object: ObjectDef }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const language = useLanguage();
  const me = useMe();
  const navigate = useNavigate();
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const view = useMemo(() => viewOfSearch(search), [search]);
  const setView = useCallback(
    (change: Partial<ListView>) => void navigate({ to: ".", search: (previous: Record<string, unknown>) => ({ ...previous, ...change }) as never, replace: true }),
    [navigate],
  );
  const { columns, choose, reset } = useColumns(object);
  const params = useMemo(() => paramsOf(object, view, columns), [object, view, columns]);
  const list = useRecordList(object.key, params);
  const rows = useMemo(() => rowsOf(list.data), [list.data]);
  const count = list.data?.pages[0]?.count ?? undefined;
  const mayCreate = object.acts.includes("create");
  const [editing, setEditing] = useState<Rec>();
  const flow = useMoveFlow();

  const open = useCallback((row: Rec) => void navigate({ to: "/o/$object/$id", params: { object: object.key, id: row.id } }), [navigate, object.key]);
  // The rows carry no rights and not all fields; both are read when they are needed.
  const whole = (row: Rec) => queryClient.fetchQuery(recordQuery(object.key, row.id));
  const { active, setActive } = useListKeys(rows, {
    onOpen: open,
    onEdit: async (row) => {
      const record = await whole(row);
      if (record.can?.includes("edit")) setEditing(record);
    },
    onMove: async (row) => {
      const record = await whole(row);
      if (record.can?.includes("move")) flow.start({ card: record });
    },
    onCreate: mayCreate ? () => setView({ create: true }) : undefined,
  });
  const more = useCallback(() => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  }, [list]);

  const Icon = iconOf(object);
  const shared = { object, rows, columns, active, onActive: setActive, onMore: more, more: list.hasNextPage, stale: list.isPlaceholderData };
  const hasBoard = object.fields.some((field) => field.type === "process");

  return (
    <Page
      title={label(object.plural)}
      above={count === undefined ? " " : t("count", { count, shown: formatDecimal(count, language) })}
      fill
      actions={
        <>
          {hasBoard && (
            <Button component={Link} to="/o/opportunity/board" variant="default" leftSection={<IconLayoutKanban size={16} stroke={1.7} />} visibleFrom="sm">
              {t("board", { ns: "shell" })}
            </Button>
          )}
          <ColumnChooser object={object} columns={columns} onChoose={choose} onReset={reset} />
          {mayCreate && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setView({ create: true })}>
              {t("newOne", { object: label(object.label).toLowerCase() })}
            </Button>
          )}
        </>
      }
      below={<FilterBar object={object} view={view} onChange={setView} />}
    >
      {list.isError ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !list.data ? (
        <RowSkeletons rows={14} />
      ) : rows.length === 0 ? (
        <div className={classes.empty}>
          <EmptyState
            icon={<Icon size={34} stroke={1.3} />}
            title={isNarrowed(view) ? t("noneTitle") : t("emptyTitle", { objects: label(object.plural).toLowerCase() })}
            action={
              isNarrowed(view) ? (
                <Button variant="default" onClick={() => setView({ q: undefined, mine: undefined, quick: undefined, filter: undefined })}>
                  {t("clearAll")}
                </Button>
              ) : undefined
            }
          >
            {isNarrowed(view) ? t("noneText") : t("emptyText")}
          </EmptyState>
        </div>
      ) : phone ? (
        <RecordCards {...shared} />
      ) : (
        <RecordTable {...shared} sort={params.sort} onSort={(sort) => setView({ sort })} />
      )}
      {view.create && mayCreate && (
        <RecordDialog
          object={object}
          given={object.owned && object.fields.some((field) => field.key === "owner" && field.access === "write") ? { owner: me.person.id } : undefined}
          onClose={() => setView({ create: undefined })}
        />
      )}
      {editing && <RecordDialog object={object} record={editing} onClose={() => setEditing(undefined)} />}
      {flow.dialog}
    </Page>
  );
}
