import { Button, Pill, Tabs } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { useCounted, useGateName, useStageName } from "./gateNames";
import { HaltedRow, LateRow, MovedRow } from "./rows";
import { download, useRows, type Halted, type Late, type ListName, type Moved, type Refs, type Report } from "./tryout";
import classes from "./tryout.module.css";

type Props = { report: Report; months: number; list: ListName; onList: (list: ListName) => void; gate: string | null; onGate: (gate: null) => void };

/** The deals behind the numbers: moves held back, and open deals that would become overdue or stuck. */
export function Lists({ report, months, list, onList, gate, onGate }: Props) {
  const { t } = useTranslation("tryout");
  const name = useGateName();
  const stage = useStageName();
  const counted = useCounted();
  const chosen = report.gates.find((it) => it.key === gate);
  const narrowed = list === "held_back" ? gate : null;
  const file = useMutation({
    mutationFn: () => download(report.process.id, months, list, narrowed),
    onError: (error) => notifications.show({ color: "red", icon: <IconAlertTriangle size={18} />, title: t("exportFailed"), message: messageOf(error) }),
  });
  const { open } = report;
  return (
    <section className={classes.panel} aria-label={t("lists")}>
      <Tabs value={list} onChange={(value) => onList(value as ListName)} keepMounted={false}>
        <Tabs.List mb="sm">
          {(["held_back", "overdue", "stuck"] as const).map((key) => (
            <Tabs.Tab key={key} value={key}>
              {t(`tabs.${key}`)} <span className="figures">{report[key].count}</span>
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div className={classes.tools}>
          {list === "held_back" && chosen && (
            <Pill withRemoveButton onRemove={() => onGate(null)} removeButtonProps={{ "aria-label": t("showAll"), "aria-hidden": false, tabIndex: 0 }}>
              {t("only", { gate: `${stage.name(chosen.stage)} · ${name(chosen)}` })}
            </Pill>
          )}
          {list !== "held_back" && (
            <span className={classes.source}>
              {t("openCounts", { overdueNow: open.overdue.now, overdueThen: open.overdue.then, stuckNow: open.stuck.now, stuckThen: open.stuck.then, deals: counted("deals", open.judged) })}
            </span>
          )}
          <span className={classes.spring} />
          {report[list].count > 0 && (
            <Button variant="default" size="compact-md" leftSection={<IconDownload size={16} />} loading={file.isPending} onClick={() => file.mutate()}>
              {t("export")}
            </Button>
          )}
        </div>
        <Tabs.Panel value="held_back">
          <Rows<Moved> report={report} months={months} list="held_back" gate={gate} columns={["deal", "move", "at", "by", "owner", "amount", "heldBackBy"]} row={(row, refs) => <MovedRow key={`${row.opportunity}${row.at}`} row={row} refs={refs} gates={report.gates} />}>
            <EmptyState title={t("noneHeldBack")}>{report.moves.judged > 0 && t("noneHeldBackHint")}</EmptyState>
          </Rows>
        </Tabs.Panel>
        <Tabs.Panel value="overdue">
          <Rows<Late> report={report} months={months} list="overdue" gate={null} columns={["deal", "stage", "enteredAt", "dueAt", "dueBefore", "owner", "amount"]} row={(row, refs) => <LateRow key={row.opportunity} row={row} refs={refs} />}>
            <EmptyState title={t("noneOverdue")}>{t("noneOverdueHint", { now: open.overdue.now, then: open.overdue.then, deals: counted("deals", open.judged) })}</EmptyState>
          </Rows>
        </Tabs.Panel>
        <Tabs.Panel value="stuck">
          <Rows<Halted> report={report} months={months} list="stuck" gate={null} columns={["deal", "stage", "why", "owner", "amount"]} row={(row, refs) => <HaltedRow key={row.opportunity} row={row} refs={refs} />}>
            <EmptyState title={t("noneStuck")}>{t("noneStuckHint")}</EmptyState>
          </Rows>
        </Tabs.Panel>
      </Tabs>
    </section>
  );
}

type Column = "deal" | "move" | "at" | "by" | "owner" | "amount" | "heldBackBy" | "stage" | "enteredAt" | "dueAt" | "dueBefore" | "why";
type RowsProps<T> = { report: Report; months: number; list: ListName; gate: string | null; columns: Column[]; row: (row: T, refs: Refs) => ReactNode; children: ReactNode };

/** One list as a table, or what is said where it is empty. */
function Rows<T>({ report, months, list, gate, columns, row, children }: RowsProps<T>) {
  const { t } = useTranslation("tryout");
  const rows = useRows<T>(report, months, list, gate);
  const count = rows.data?.pages[0]?.[list].count ?? 0;
  if (rows.isError) return <ErrorState compact error={rows.error} onRetry={() => void rows.refetch()} />;
  if (rows.isPending) return <RowSkeletons rows={4} />;
  if (rows.items.length === 0) return children;
  return (
    <>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className={column === "amount" ? classes.number : undefined}>
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{rows.items.map((item) => row(item, rows.refs))}</tbody>
        </table>
      </div>
      {(rows.hasNextPage || rows.items.length < count) && (
        <div className={classes.tail}>
          <Button variant="default" loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
            {t("more")}
          </Button>
          <span className="figures">{t("shown", { shown: rows.items.length, count })}</span>
        </div>
      )}
    </>
  );
}
