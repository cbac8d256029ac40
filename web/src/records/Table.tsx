import { ActionIcon, Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { IconDots, IconLayoutKanban, IconPlus, IconRecycle } from "@tabler/icons-react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { queryClient } from "~/queryClient";
import { ApiProblem } from "~/api/http";
import { recordQuery, rowsOf, useMe, useObject, useRecordList } from "~/api/queries";
import type { ObjectDef, Rec, Value } from "~/api/types";
import { useViews, type View } from "~/api/views";
import { useConditionText } from "~/conditions/useConditionText";
import { useLabel, useLanguage } from "~/i18n";
import { useMoveFlow } from "~/processes/useMoveFlow";
import { BulkBar, actsOnMany } from "~/bulk/BulkBar";
import { ExportMenu } from "~/bulk/ExportMenu";
import { usePoolRows } from "~/pools/usePoolRows";
import { iconOf } from "~/shell/places";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { useViewPicker } from "~/views/ViewPicker";
import { ColumnChooser } from "./ColumnChooser";
import { FilterBar } from "./FilterBar";
import { plainLines, rowsIn } from "./lines";
import { ALL, binColumns, chosenView, columnsShown, conditionOf, groupFields, isChanged, isNarrowed, paramsOf, shownBy, viewOfSearch, withChange, type ListView } from "./listView";
import { RecordCards } from "./RecordCards";
import { RecordDialog } from "./RecordDialog";
import { RecordTable } from "./RecordTable";
import classes from "./Table.module.css";
import { useSelection } from "./selection";
import { useColumns } from "./useColumns";
import { useGroupedLines } from "./useGroupedLines";
import { useListKeys } from "./useListKeys";

const ListSheet = lazy(() => import("./ListSheet").then((room) => ({ default: room.ListSheet })));

/** The list of an object's records. */
export function Table() {
  const { object: key } = useParams({ strict: false }) as { object: string };
  const object = useObject(key);
  const { t } = useTranslation("records");
  if (!object) return <EmptyState title={t("notFoundTitle", { ns: "ui" })}>{t("unknownObject")}</EmptyState>;
  return <ObjectTable key={object.key} object={object} />;
}

type Editing = { base: Rec; draft?: Record<string, Value>; present?: Rec };

function ObjectTable({ object }: { object: ObjectDef }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const language = useLanguage();
  const me = useMe();
  const navigate = useNavigate();
  const phone = useMediaQuery("(max-width: 48em)", false, { getInitialValueInEffect: false });
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const asked = useMemo(() => viewOfSearch(search), [search]);
  const views = useViews(object.key);
  const view = useMemo(() => chosenView(asked, views), [asked, views]);
  const goTo = useCallback((next: ListView) => void navigate({ to: ".", search: next as never, replace: true }), [navigate]);
  const change = useCallback((part: Partial<ListView>) => goTo(withChange(asked, view, part)), [goTo, asked, view]);
  const choose = (next: View | undefined) => goTo(next ? { view: next.id, q: asked.q } : { view: views?.default ? ALL : undefined, q: asked.q });

  const missing = views !== undefined && asked.view !== undefined && asked.view !== ALL && !view;
  useEffect(() => {
    if (missing) notifications.show({ id: "view-gone", message: t("gone", { ns: "views" }), color: "yellow.8" });
  }, [missing, t]);

  const { kept, keep, forget } = useColumns(object);
  const shown = useMemo(() => shownBy(asked, view), [asked, view]);
  const mayRestore = object.acts.includes("restore");
  const bin = asked.bin === true && mayRestore;
  const columns = useMemo(() => (bin && !shown.columns ? binColumns(object) : columnsShown(object, shown.columns ?? (view ? null : kept))), [object, shown, view, kept, bin]);
  const params = useMemo(() => paramsOf(object, asked, columns, view), [object, asked, columns, view]);
  const group = bin ? undefined : groupFields(object).find((field) => field.key === shown.group);
  const list = useRecordList(object.key, params, views !== undefined && !group);
  const grouped = useGroupedLines(object, views === undefined ? undefined : group, params, columns);
  const plain = useMemo(() => plainLines(rowsOf(list.data)), [list.data]);
  const lines = group ? grouped.lines : plain;
  const count = group ? grouped.count : (list.data?.pages[0]?.count ?? undefined);
  const answer = group ? grouped.groups : list;

  const pooled = usePoolRows(object, bin ? undefined : shown.filter);
  const rows = useMemo(() => rowsIn(lines), [lines]);
  const { view: named, filter, q } = params;
  const selection = useSelection(rows, JSON.stringify([named, filter, q, bin]));
  const mayExport = object.acts.includes("export");
  const selectable = mayExport || actsOnMany(object, bin).length > 0;
  // On a phone one begins to select, since a press opens the record.
  const [choosing, setChoosing] = useState(false);
  const [sheet, setSheet] = useState(false);

  const mayCreate = object.acts.includes("create") && !bin;
  const [editing, setEditing] = useState<Editing>();
  const flow = useMoveFlow();
  const open = useCallback((row: Rec) => void navigate({ to: "/o/$object/$id", params: { object: object.key, id: row.id } }), [navigate, object.key]);
  // The rows carry no rights and not all fields; both are read when they are needed.
  const whole = (row: Rec) => queryClient.fetchQuery(recordQuery(object.key, row.id));
  const { active, setActive } = useListKeys(lines, {
    onOpen: open,
    onEdit: async (row) => {
      const record = await whole(row);
      if (record.can?.includes("edit")) setEditing({ base: record });
    },
    onMove: async (row) => {
      const record = await whole(row);
      if (record.can?.includes("move")) flow.start({ card: record });
    },
    onFold: grouped.toggle,
    onSelect: selectable ? (row, range) => selection.toggle(row.id, range) : undefined,
    onCreate: mayCreate ? () => change({ create: true }) : undefined,
  });
  const more = useCallback(() => {
    if (!group && list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  }, [group, list]);

  const chooseColumns = (keys: string[]) => (view || bin ? change({ columns: keys }) : keep(keys));
  const resetColumns = () => (view || bin ? change({ columns: undefined }) : forget());

  const Icon = bin ? IconRecycle : iconOf(object);
  const groups = group && { field: group, refs: grouped.groups.data?.refs ?? {}, allOpen: grouped.allOpen, onToggle: grouped.toggle, onToggleAll: grouped.toggleAll, onMore: grouped.more };
  const shared = { object, lines: pooled.covered(lines), columns, onMore: more, more: !group && list.hasNextPage, stale: answer.isPlaceholderData, groups };
  const hasBoard = object.fields.some((field) => field.type === "process");
  const narrowed = isNarrowed(asked, view);

  const sentence = useConditionText(object.key, shown.filter)(shown.filter);
  const { picker, changes } = useViewPicker({
    object,
    views,
    view,
    changed: views !== undefined && !bin && isChanged(object, asked, view),
    present: { filter: conditionOf(object, asked, view) ?? null, columns: columns.map((column) => column.key), sort: shown.sort ?? null, group: shown.group ?? null },
    onChoose: choose,
    onDiscard: () => choose(view),
    bin: mayRestore ? { shown: bin, onOpen: () => goTo({ bin: true, q: asked.q }) } : undefined,
  });

  return (
    <Page
      title={label(object.plural)}
      above={
        <span className={classes.above} title={sentence || undefined}>
          {[count === undefined ? "" : t("count", { count, shown: formatDecimal(count, language) }), sentence].filter(Boolean).join(" · ") || "\u00a0"}
        </span>
      }
      fill
      actions={
        <>
          {!phone && changes}
          {hasBoard && (
            <Button component={Link} to="/o/opportunity/board" variant="default" leftSection={<IconLayoutKanban size={16} stroke={1.7} />} visibleFrom="sm">
              {t("board", { ns: "shell" })}
            </Button>
          )}
          {mayExport && <ExportMenu object={object.key} params={params} />}
          <ColumnChooser object={object} columns={columns} onChoose={chooseColumns} onReset={resetColumns} />
          {mayCreate && (
            <Button leftSection={<IconPlus size={16} />} onClick={() => change({ create: true })}>
              {t("newOne", { object: label(object.label).toLowerCase() })}
            </Button>
          )}
        </>
      }
      below={
        selectable && (phone ? choosing : selection.any) ? (
          <BulkBar object={object} selection={selection} rows={rows} params={params} count={count} cards={phone} onClose={() => setChoosing(false)} />
        ) : (
          <FilterBar
            object={object}
            view={asked}
            filter={shown.filter}
            findings={answer.error instanceof ApiProblem ? answer.error.violations : undefined}
            group={group}
            onChange={change}
            grouped={!bin && !phone}
            views={
              <>
                {picker}
                {phone && (
                  <ActionIcon variant="default" size={36} aria-label={t("listOptions")} aria-haspopup="dialog" className={classes.more} onClick={() => setSheet(true)}>
                    <IconDots size={18} stroke={1.7} />
                  </ActionIcon>
                )}
                {phone && changes}
              </>
            }
          />
        )
      }
    >
      {pooled.bar}
      {answer.isError ? (
        <ErrorState error={answer.error} onRetry={() => void answer.refetch()} />
      ) : !answer.data ? (
        <RowSkeletons rows={14} />
      ) : lines.length === 0 ? (
        <div className={classes.empty}>
          <EmptyState
            icon={<Icon size={34} stroke={1.3} />}
            title={narrowed ? t("noneTitle") : bin ? t("binEmptyTitle") : t("emptyTitle", { objects: label(object.plural).toLowerCase() })}
            action={
              narrowed ? (
                <Button variant="default" onClick={() => change({ q: undefined, mine: undefined, quick: undefined, filter: undefined })}>
                  {t("clearAll")}
                </Button>
              ) : !bin && object.acts.includes("import") ? (
                <Button component={Link} to="/imports" variant="default">
                  {t("bringIn")}
                </Button>
              ) : undefined
            }
          >
            {narrowed ? t("noneText") : bin ? t("binEmptyText") : t("emptyText")}
          </EmptyState>
        </div>
      ) : phone ? (
        <RecordCards {...shared} rowAct={pooled.rowAct} selection={selectable && choosing ? selection : undefined} />
      ) : (
        <RecordTable {...shared} rowAct={pooled.rowAct} selection={selectable ? selection : undefined} active={active} onActive={setActive} sort={params.sort} onSort={(sort) => change({ sort })} onConflict={(base, draft, present) => setEditing({ base, draft, present })} />
      )}
      {asked.create && mayCreate && (
        <RecordDialog
          object={object}
          given={object.owned && object.fields.some((field) => field.key === "owner" && field.access === "write") ? { owner: me.person.id } : undefined}
          onClose={() => change({ create: undefined })}
        />
      )}
      {editing && <RecordDialog object={object} record={editing.base} given={editing.draft} present={editing.present} onClose={() => setEditing(undefined)} />}
      {flow.dialog}
      {pooled.dialog}
      {sheet && (
        <Suspense fallback={null}>
          <ListSheet
            object={object}
            columns={columns}
            sort={shown.sort}
            group={group}
            exported={mayExport ? params : undefined}
            onSelect={
              selectable && rows.length > 0
                ? () => {
                    setSheet(false);
                    setChoosing(true);
                  }
                : undefined
            }
            onSort={(sort) => change({ sort })}
            onGroup={bin ? undefined : (key) => change({ group: key })}
            onColumns={chooseColumns}
            onResetColumns={resetColumns}
            onClose={() => setSheet(false)}
          />
        </Suspense>
      )}
    </Page>
  );
}
