import { Button, Group, Select, Table, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { API_ROOT } from "~/api/http";
import type { Import, ProblemGroup } from "~/api/imports";
import { RulesMet } from "~/holding/ManyRefused";
import { useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./imports.module.css";
import { Scroll } from "./Note";
import { useProblems } from "./useImports";

/** Every row and value that could not be placed, by line, column, value and reason; narrowed to a column or a reason. */
export function ProblemTable({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const [column, setColumn] = useState<string | null>(null);
  const [code, setCode] = useState<string | null>(null);
  const problems = useProblems(of.id, { column: column ?? undefined, code: code ?? undefined }, of.problem_count + of.notices > 0);
  const items = problems.data?.pages.flatMap((page) => page.items) ?? [];
  const groups = of.problem_groups ?? [];
  const several = of.steps.length > 1;
  const headings = new Set(of.steps.flatMap((step) => step.columns.map((it) => it.column)));
  /** A column by its heading, a field that no column fills by what it is called. */
  const placeOf = (column: string) => (headings.has(column) ? column : (groups.find((it) => it.column === column)?.label ?? column)) || t("wholeRow");
  if (of.problem_count + of.notices === 0) return <p className={classes.fine}>{t("noProblems")}</p>;
  return (
    <section className={classes.problems}>
      <Group justify="space-between" gap="xs">
        <h2 className={classes.subtitle}>
          {t(of.problem_count > 0 ? "problems" : "notices")} <span className={classes.countOf}>{formatDecimal(of.problem_count || of.notices, language)}</span>
        </h2>
        <Group gap="xs">
          <Select size="xs" w={200} clearable aria-label={t("byColumnFilter")} placeholder={t("byColumnFilter")} data={sums(groups, (it) => it.column).map(([value, count]) => ({ value, label: `${placeOf(value)} (${formatDecimal(count, language)})` }))} value={column} onChange={setColumn} />
          <Select
            size="xs"
            w={260}
            clearable
            aria-label={t("byReasonFilter")}
            placeholder={t("byReasonFilter")}
            data={sums(groups, (it) => it.code).map(([value, count]) => ({ value, label: `${groups.find((it) => it.code === value)?.message ?? value} (${formatDecimal(count, language)})` }))}
            value={code}
            onChange={setCode}
          />
          <Button component="a" href={`${API_ROOT}/imports/${of.id}/problems.csv`} download size="compact-md" variant="default" leftSection={<IconDownload size={15} />}>
            {t("download")}
          </Button>
        </Group>
      </Group>
      {problems.isError && <ErrorState compact error={problems.error} onRetry={() => void problems.refetch()} />}
      {problems.isPending && <RowSkeletons rows={4} />}
      {items.length > 0 && (
        <Scroll label={t("problems")} high={440}>
          <Table stickyHeader verticalSpacing={5} fz="sm" className={classes.wide}>
            <Table.Thead>
              <Table.Tr>
                {several && <Table.Th>{t("file")}</Table.Th>}
                <Table.Th ta="right" w={70}>
                  {t("line")}
                </Table.Th>
                <Table.Th>{t("column")}</Table.Th>
                <Table.Th>{t("value")}</Table.Th>
                <Table.Th>{t("reason")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((problem, index) => (
                <Table.Tr key={index}>
                  {several && <Table.Td>{of.steps[problem.step ?? 0]?.file_name}</Table.Td>}
                  <Table.Td ta="right" className="figures">
                    {formatDecimal(problem.line, language)}
                  </Table.Td>
                  <Table.Td>
                    <Place column={problem.column ?? ""} label={problem.label} heading={headings.has(problem.column ?? "")} />
                  </Table.Td>
                  <Table.Td className={classes.value}>{problem.value}</Table.Td>
                  <Table.Td>
                    {problem.message || problem.code}
                    {problem.params && <RulesMet violations={[{ code: problem.code, path: problem.column ?? "", message: problem.message, params: problem.params }]} />}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
      {problems.hasNextPage && (
        <Button size="compact-sm" variant="default" loading={problems.isFetchingNextPage} onClick={() => void problems.fetchNextPage()}>
          {t("moreProblems")}
        </Button>
      )}
    </section>
  );
}

/** Where a problem lies: the column with the field that it fills; a field that no column fills; the whole row. */
function Place({ column, label, heading }: { column: string; label?: string | null; heading: boolean }) {
  const { t } = useTranslation("imports");
  const beside = heading ? (label !== column ? label : undefined) : column && label ? t("noColumn") : undefined;
  if (!column) {
    return (
      <Text span size="sm" c="dimmed">
        {t("wholeRow")}
      </Text>
    );
  }
  return (
    <>
      {heading ? column : (label ?? column)}
      {beside && <span className={classes.looks}>{beside}</span>}
    </>
  );
}

/** How many problems of each kind, the most first. */
function sums(groups: ProblemGroup[], by: (group: ProblemGroup) => string): [string, number][] {
  const counts = new Map<string, number>();
  for (const group of groups) counts.set(by(group), (counts.get(by(group)) ?? 0) + group.count);
  return [...counts].sort((a, b) => b[1] - a[1]);
}
