import { Button, SegmentedControl } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useTeamHoldings, type TeamLine } from "~/api/holdings";
import { useObjects } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useLabel } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { HeldBar } from "./HeldBar";
import classes from "./holding.module.css";
import { SUBJECT_ICONS } from "./Reach";
import { RoomWord } from "./RoomWord";
import { linesOf, sortHoldings, sortTeam, type TeamSort } from "./usage";

const SORTS: TeamSort[] = ["room", "name", "held"];

/** How much those have whom one leads, and the departments. */
export function TeamHoldings() {
  const { t } = useTranslation("holding");
  const [sort, setSort] = useState<TeamSort>("room");
  const team = useTeamHoldings();
  if (team.isError) return <ErrorState error={team.error} onRetry={() => void team.refetch()} />;
  if (!team.data) return <RowSkeletons rows={8} height={30} />;
  const refs: Refs = Object.assign({}, ...team.data.pages.map((page) => page.refs ?? {}));
  const lines = sortTeam(
    linesOf(team.data.pages),
    sort,
    (id) => refs[id]?.name ?? "",
  );
  if (lines.length === 0) {
    return (
      <EmptyState icon={<IconUsersGroup size={32} stroke={1.4} />} title={t("teamNone")}>
        {t("teamNoneHint")}
      </EmptyState>
    );
  }
  return (
    <>
      <div className={classes.sectionHead}>
        <SegmentedControl size="xs" aria-label={t("sortedBy")} value={sort} onChange={(value) => setSort(value as TeamSort)} data={SORTS.map((value) => ({ value, label: t(`sort.${value}`) }))} />
      </div>
      <div className={classes.tableWrap}>
        <table className={classes.table} aria-label={t("team")}>
          <thead>
            <tr>
              <th scope="col">{t("who")}</th>
              <th scope="col">{t("rule")}</th>
              <th scope="col">{t("held")}</th>
              <th scope="col">{t("room")}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Lines key={line.subject.id} line={line} name={refs[line.subject.id]?.name ?? "…"} />
            ))}
          </tbody>
        </table>
      </div>
      {team.hasNextPage && (
        <Button variant="subtle" size="compact-sm" mt="sm" loading={team.isFetchingNextPage} onClick={() => void team.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </>
  );
}

/** One member or department with every rule that reaches it. */
function Lines({ line, name }: { line: TeamLine; name: string }) {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const objects = useObjects();
  const Icon = SUBJECT_ICONS[line.subject.object];
  const rules = sortHoldings(line.rules);
  const who = (
    <span className={classes.person}>
      <Icon size={15} stroke={1.6} aria-hidden />
      {name}
    </span>
  );
  if (rules.length === 0) {
    return (
      <tr>
        <td>{who}</td>
        <td className={classes.fine} colSpan={3}>
          {t("noLimit")}
        </td>
      </tr>
    );
  }
  return rules.map((rule, index) => (
    <tr key={`${rule.rule.id} ${rule.subject.id}`} data-again={index > 0 || undefined}>
      <td data-again={index > 0 || undefined}>{index === 0 && who}</td>
      <td data-again={index > 0 || undefined}>
        {rule.rule.name}
        <span className={classes.fine}>
          {" "}
          {label(objects.find((it) => it.key === rule.object)?.plural)}
        </span>
      </td>
      <td data-again={index > 0 || undefined}>
        <HeldBar limit={rule.limit} held={rule.held} name={`${name}, ${rule.rule.name}`} />
      </td>
      <td data-again={index > 0 || undefined}>
        <RoomWord limit={rule.limit} held={rule.held} />
      </td>
    </tr>
  ));
}
