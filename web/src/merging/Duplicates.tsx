import { Button, Paper, Progress, SegmentedControl, Select } from "@mantine/core";
import { IconCopyCheck, IconZoomScan } from "@tabler/icons-react";
import { getRouteApi } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { isUnderWay, useDuplicateGroups, useScan, type GroupState, type ScanTold } from "~/api/merging";
import { messageOf } from "~/api/problem";
import { useObjects } from "~/api/queries";
import type { ObjectDef, Refs } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Instant } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { GroupCard } from "./GroupCard";
import classes from "./merging.module.css";
import { mergeable } from "./mergeable";

const route = getRouteApi("/shell/duplicate-groups");
const STATES: GroupState[] = ["open", "dismissed", "merged"];

/** Records that may be the same, in groups, object by object. */
export function Duplicates() {
  const { t } = useTranslation("merging");
  const objects = mergeable(useObjects());
  const asked = route.useSearch();
  const object = objects.find((one) => one.key === asked.object) ?? objects.find((one) => one.key === "account") ?? objects[0];
  if (!object) return <Page title={t("title")}>{<EmptyState title={t("noneTitle.open")} />}</Page>;
  return <Groups key={object.key} object={object} objects={objects} state={asked.state ?? "open"} />;
}

function Groups({ object, objects, state }: { object: ObjectDef; objects: ObjectDef[]; state: GroupState }) {
  const { t } = useTranslation("merging");
  const label = useLabel();
  const navigate = route.useNavigate();
  const groups = useDuplicateGroups(object.key, state);
  const scan = useScan(object.key);
  const pages = groups.data?.pages ?? [];
  const items = pages.flatMap((page) => page.items);
  const refs = Object.assign({}, ...pages.map((page) => page.refs)) as Refs;
  const told = pages[0]?.scan;
  const under = isUnderWay(told);
  const look = (
    <Button leftSection={<IconZoomScan size={16} stroke={1.7} />} variant={told ? "default" : "filled"} loading={scan.isPending} disabled={under} onClick={() => scan.mutate()}>
      {t(told ? "scanAgain" : "scan")}
    </Button>
  );
  return (
    <Page
      title={t("title")}
      above={t("hint")}
      actions={(told || items.length > 0) && look}
      below={
        <div className={classes.filters}>
          <Select
            aria-label={t("object")}
            data={objects.map((one) => ({ value: one.key, label: label(one.plural) }))}
            value={object.key}
            allowDeselect={false}
            w={190}
            onChange={(key) => void navigate({ search: { object: key ?? object.key }, replace: true })}
          />
          <SegmentedControl
            aria-label={t("whichGroups")}
            data={STATES.map((value) => ({ value, label: t(`states.${value}`) }))}
            value={state}
            onChange={(value) => void navigate({ search: { object: object.key, ...(value === "open" ? {} : { state: value as GroupState }) }, replace: true })}
          />
          {told && !under && (
            <span className={classes.fine}>
              {told.state === "done" ? t("lastScan") : t("scanFailed")} <Instant value={told.ended_at ?? told.created_at} />
            </span>
          )}
        </div>
      }
    >
      {scan.isError && <ErrorLine text={messageOf(scan.error)} />}
      {under && told && <Running scan={told} />}
      {groups.isError && <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />}
      {groups.isPending && <RowSkeletons rows={6} height={44} />}
      {groups.data && items.length === 0 && !under && (
        <EmptyState icon={<IconCopyCheck size={28} stroke={1.5} />} title={told || state !== "open" ? t(`noneTitle.${state}`) : t("neverTitle")} action={told || state !== "open" ? undefined : look}>
          {told || state !== "open" ? t("noneText") : t("neverText")}
        </EmptyState>
      )}
      <ul className={classes.groups} aria-label={t("title")}>
        {items.map((group) => (
          <li key={group.id}>
            <Paper>
              <GroupCard object={object} group={group} refs={refs} />
            </Paper>
          </li>
        ))}
      </ul>
      {groups.hasNextPage && (
        <Button variant="default" mt="sm" loading={groups.isFetchingNextPage} onClick={() => void groups.fetchNextPage()}>
          {t("older")}
        </Button>
      )}
    </Page>
  );
}

/** How far a scan is. */
function Running({ scan }: { scan: ScanTold }) {
  const { t } = useTranslation("merging");
  const language = useLanguage();
  const share = scan.total ? Math.min(100, (scan.done / scan.total) * 100) : 0;
  return (
    <div className={classes.progress} role="status">
      <span>
        {t("scanning")} {scan.total ? t("progress", { done: formatDecimal(scan.done, language), total: formatDecimal(scan.total, language) }) : ""}
      </span>
      <Progress value={share} animated aria-label={t("scanning")} />
    </div>
  );
}

function ErrorLine({ text }: { text: string }) {
  return (
    <p role="alert" style={{ color: "var(--danger)", marginTop: 0 }}>
      {text}
    </p>
  );
}
