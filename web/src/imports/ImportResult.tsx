import { Button, Group, Progress, Table, Text } from "@mantine/core";
import { IconCheck, IconDownload, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { API_ROOT } from "~/api/http";
import { useLanguage } from "~/i18n";
import classes from "./imports.module.css";
import type { ImportJob } from "./useImport";
import { listValues, type ValueMappings } from "./valueMappings";

const COUNTS = ["rows", "created", "updated", "unchanged", "failed"] as const;

interface Props {
  result: ImportJob;
  /** Offers to accept value mappings, where the file is still at hand. */
  values?: ValueMappings;
  busy?: boolean;
  onAccept?: (pairs: { column: string; from: string; to: string }[]) => void;
  onTakeBack?: (column: string, from: string) => void;
}

/** What came of an import: how many, and each row or value that could not be placed, with line, column and reason. */
export function ImportResult({ result, values = {}, busy, onAccept, onTakeBack }: Props) {
  const { t } = useTranslation(["imports", "ui"]);
  const language = useLanguage();
  if (result.state === "running") {
    const share = result.rows > 0 ? Math.round((100 * (result.done ?? 0)) / result.rows) : 0;
    return (
      <div role="status">
        <Text size="sm" mb={6}>
          {t("running")} {share > 0 && `${share}%`}
        </Text>
        <Progress value={share || 100} animated aria-label={t("running")} />
      </div>
    );
  }
  const accepted = listValues(values);
  const offered = result.offered_values.filter((it) => values[it.column]?.[it.from] === undefined);
  const problems = result.problem_count ?? result.problems.length;
  return (
    <div className={classes.result}>
      {result.error && (
        <Text role="alert" c="var(--danger)">
          {result.error}
        </Text>
      )}
      <dl className={classes.counts}>
        {COUNTS.map((count) => (
          <div key={count} className={classes.countBox} data-bad={(count === "failed" && result.failed > 0) || undefined}>
            <dd>{result[count].toLocaleString(language)}</dd>
            <dt>{t(`counts.${count}`)}</dt>
          </div>
        ))}
      </dl>

      {onAccept && (offered.length > 0 || accepted.length > 0) && (
        <section className={classes.offers} aria-label={t("offered")}>
          <Group justify="space-between">
            <h2 className={classes.subtitle}>{t("offered")}</h2>
            {offered.length > 1 && (
              <Button size="compact-sm" variant="default" loading={busy} onClick={() => onAccept(offered)}>
                {t("acceptAll")}
              </Button>
            )}
          </Group>
          {offered.map((it) => (
            <div key={`${it.column}-${it.from}`} className={classes.offer}>
              <span>
                <Text span size="sm" c="dimmed">
                  {it.column}:
                </Text>{" "}
                {t("offeredRow", { from: it.from, to: it.to })}{" "}
                <Text span size="sm" c="dimmed">
                  ({t("offeredRows", { count: it.rows })})
                </Text>
              </span>
              <Button size="compact-sm" leftSection={<IconCheck size={14} />} loading={busy} onClick={() => onAccept([it])}>
                {t("accept")}
              </Button>
            </div>
          ))}
          {accepted.map((it) => (
            <div key={`${it.column}-${it.from}`} className={classes.offer}>
              <span>
                <Text span size="sm" c="dimmed">
                  {it.column}:
                </Text>{" "}
                {t("offeredRow", it)} · {t("accepted")}
              </span>
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                leftSection={<IconX size={14} />}
                disabled={busy}
                onClick={() => onTakeBack?.(it.column, it.from)}
                aria-label={t("takeBack", { from: it.from })}
              >
                {t("ui:remove")}
              </Button>
            </div>
          ))}
        </section>
      )}

      <Group justify="space-between">
        <h2 className={classes.subtitle}>{t("problems")}</h2>
        {result.problems.length > 0 && (
          <Button
            component="a"
            href={`${API_ROOT}/imports/${result.id}/problems.csv`}
            download
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={14} />}
          >
            {t("download")}
          </Button>
        )}
      </Group>
      {result.problems.length === 0 ? (
        <Text c="dimmed">{t("noProblems")}</Text>
      ) : (
        <>
          <Table.ScrollContainer minWidth={560} maxHeight={420}>
            <Table stickyHeader verticalSpacing={6} fz="sm">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th ta="right" w={70}>
                    {t("line")}
                  </Table.Th>
                  <Table.Th>{t("column")}</Table.Th>
                  <Table.Th>{t("value")}</Table.Th>
                  <Table.Th>{t("reason")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {result.problems.map((problem, index) => (
                  <Table.Tr key={index}>
                    <Table.Td ta="right" className="figures">
                      {problem.line.toLocaleString(language)}
                    </Table.Td>
                    <Table.Td>{problem.column}</Table.Td>
                    <Table.Td className={classes.value}>{problem.value}</Table.Td>
                    <Table.Td>{problem.message || problem.code}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          {problems > result.problems.length && (
            <Text size="sm" c="dimmed">
              {t("problemsMore", { shown: result.problems.length, count: problems })}
            </Text>
          )}
        </>
      )}
    </div>
  );
}
