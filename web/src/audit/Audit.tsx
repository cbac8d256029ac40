import { ActionIcon, Button, Menu, Paper, Pill, SegmentedControl, Select, TextInput, Tooltip } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconDownload, IconFileSpreadsheet, IconFileText, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { API_ROOT, get, query } from "~/api/http";
import { useObjects } from "~/api/queries";
import type { components } from "~/api/schema";
import { RecordSelect } from "~/fields/RecordSelect";
import { useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { useTimeZone } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { AuditEntry } from "./AuditEntry";
import classes from "./audit.module.css";
import { queryOf, type AuditFilters } from "./filters";
import { en } from "./texts";

type Log = components["schemas"]["AuditLog"];
const route = getRouteApi("/shell/admin/audit");
const ACTS = (Object.keys(en.acts) as (keyof typeof en.acts)[]).filter((act) => act !== "recalculate");

/** What was changed, done and refused, newest first. */
export function Audit() {
  const { t } = useTranslation("audit");
  const label = useLabel();
  const timeZone = useTimeZone();
  const objects = useObjects();
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const wanted = queryOf(filters, timeZone);
  const log = useInfiniteQuery({
    queryKey: ["audit", wanted],
    queryFn: ({ pageParam, signal }) => get<Log>(`/audit${query({ ...wanted, cursor: pageParam })}`, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  });
  const refs = Object.assign({}, ...(log.data?.pages ?? []).map((page) => page.refs)) as Log["refs"];
  const items = log.data?.pages.flatMap((page) => page.items) ?? [];
  const filter = (change: Partial<AuditFilters>) => {
    const next = { ...filters, ...change };
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ""));
    void navigate({ search: kept, replace: true });
  };
  const narrowed = Object.keys(filters).length > 0;
  const address = (format: "csv" | "xlsx") => `${API_ROOT}/audit/export${query({ format, ...wanted })}`;

  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <Tooltip label={t("export")}>
              <ActionIcon variant="default" size={36} aria-label={t("export")}>
                <IconDownload size={18} stroke={1.6} />
              </ActionIcon>
            </Tooltip>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component="a" href={address("csv")} download leftSection={<IconFileText size={17} stroke={1.6} />}>
              {t("csv")}
            </Menu.Item>
            <Menu.Item component="a" href={address("xlsx")} download leftSection={<IconFileSpreadsheet size={17} stroke={1.6} />}>
              {t("xlsx")}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      }
      below={
        <div className={classes.filters}>
          <Words value={filters.q ?? ""} onChange={(q) => filter({ q })} />
          <RecordSelect object="employee" aria-label={t("person")} placeholder={t("person")} w={180} value={filters.by ?? null} name={filters.by && refs[filters.by]?.name} onChange={(by) => filter({ by: by ?? undefined })} />
          <Select
            aria-label={t("object")}
            placeholder={t("object")}
            w={160}
            clearable
            searchable
            data={objects.map((object) => ({ value: object.key, label: label(object.label) }))}
            value={filters.object ?? null}
            onChange={(object) => filter({ object: object ?? undefined, record: undefined })}
          />
          <Select
            aria-label={t("act")}
            placeholder={t("act")}
            w={170}
            clearable
            searchable
            data={ACTS.map((act) => ({ value: act, label: t(`acts.${act}`) }))}
            value={filters.act ?? null}
            onChange={(act) => filter({ act: act ?? undefined })}
          />
          <TextInput type="date" aria-label={t("from")} leftSection={<span className={classes.side}>{t("from")}</span>} leftSectionWidth={48} max="9999-12-31" w={184} value={filters.from ?? ""} onChange={(event) => filter({ from: event.currentTarget.value })} />
          <TextInput type="date" aria-label={t("until")} leftSection={<span className={classes.side}>{t("until")}</span>} leftSectionWidth={48} max="9999-12-31" w={184} value={filters.until ?? ""} onChange={(event) => filter({ until: event.currentTarget.value })} />
          <SegmentedControl
            aria-label={t("outcome")}
            data={[
              { value: "", label: t("any") },
              { value: "done", label: t("done") },
              { value: "refused", label: t("refused") },
            ]}
            value={filters.outcome ?? ""}
            onChange={(outcome) => filter({ outcome: outcome === "" ? undefined : (outcome as "done" | "refused") })}
          />
          {filters.record && (
            <Pill withRemoveButton onRemove={() => filter({ record: undefined })}>
              {refs[filters.record] ? t("onlyOf", { name: refs[filters.record]?.name }) : t("only")}
            </Pill>
          )}
          {narrowed && (
            <Button variant="subtle" size="compact-sm" onClick={() => void navigate({ search: {}, replace: true })}>
              {t("clear")}
            </Button>
          )}
        </div>
      }
    >
      {log.isError && <ErrorState error={log.error} onRetry={() => void log.refetch()} />}
      {log.isPending && <RowSkeletons />}
      {log.isSuccess && items.length === 0 && <EmptyState title={t("empty")} />}
      {items.length > 0 && (
        <Paper>
          <ol className={classes.log} aria-label={t("title")}>
            {items.map((item) => (
              <AuditEntry key={item.id} item={item} refs={refs} />
            ))}
          </ol>
        </Paper>
      )}
      {log.hasNextPage && (
        <Button variant="default" mt="sm" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </Page>
  );
}

/** What is typed is asked for once the typing rests. */
function Words({ value, onChange }: { value: string; onChange: (words: string) => void }) {
  const { t } = useTranslation("audit");
  const [typed, setTyped] = useState(value);
  const ask = useDebouncedCallback((words: string) => onChange(words.trim()), 300);
  const [seen, setSeen] = useState(value);
  if (seen !== value) {
    setSeen(value);
    if (value !== typed.trim()) setTyped(value);
  }
  return (
    <TextInput
      type="search"
      aria-label={t("q")}
      placeholder={t("q")}
      leftSection={<IconSearch size={15} />}
      w={190}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
    />
  );
}
