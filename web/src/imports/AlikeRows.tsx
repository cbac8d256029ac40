import { Button, Select, Stack, Switch, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Import, ImportOptions, RowChoice } from "~/api/imports";
import { useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import type { Draft } from "./draft";
import { alikeRows, ALIKE_CODES, duplicatesOf, THEN, withRow } from "./duplicates";
import classes from "./imports.module.css";
import { Scroll } from "./Note";
import { useProblems } from "./useImports";

type Props = {
  of: Import;
  /** While it is being prepared: what is to be done can be chosen, for all and row by row. */
  draft?: Draft;
  onOptions?: (step: number, change: Partial<ImportOptions>) => void;
};

/** Rows that are alike to records or to each other: which met which and why, and what becomes of them. */
export function AlikeRows({ of, draft, onOptions }: Props) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const met = (of.problem_groups ?? []).filter((group) => ALIKE_CODES.some((code) => code === group.code)).reduce((sum, group) => sum + group.count, 0);
  const found = useProblems(of.id, { code: ALIKE_CODES[0] }, met > 0);
  const inFile = useProblems(of.id, { code: ALIKE_CODES[1] }, met > 0);
  const parts = [found, inFile];
  const rows = alikeRows(parts.flatMap((part) => part.data?.pages.flatMap((page) => page.items) ?? []));
  const several = of.steps.length > 1;
  const stepOptions = (step: number): Pick<ImportOptions, "duplicates"> => draft?.steps[step]?.options ?? of.steps[step]?.options ?? {};
  if (!draft && met === 0) return null;
  return (
    <section className={classes.problems} aria-label={t("alikeTitle")}>
      <h2 className={classes.subtitle}>
        {t("alikeTitle")} {met > 0 && <span className={classes.countOf}>{formatDecimal(rows.length, language)}{parts.some((part) => part.hasNextPage) ? "+" : ""}</span>}
      </h2>
      {draft && onOptions && draft.steps.map((step, index) => <Choices key={index} several={several} options={step.options} onOptions={(change) => onOptions(index, change)} />)}
      {parts.find((part) => part.isError) && <ErrorState compact error={parts.find((part) => part.isError)?.error} onRetry={() => parts.forEach((part) => void part.refetch())} />}
      {draft && met === 0 && <p className={classes.fine}>{t("alikeNone")}</p>}
      {rows.length > 0 && (
        <Scroll label={t("alikeTitle")} high={440}>
          <Table stickyHeader verticalSpacing={6} fz="sm" className={classes.wide}>
            <Table.Thead>
              <Table.Tr>
                {several && <Table.Th>{t("file")}</Table.Th>}
                <Table.Th ta="right" w={64}>
                  {t("line")}
                </Table.Th>
                <Table.Th>{t("alikeTo")}</Table.Th>
                <Table.Th w={250}>{t(draft ? "alikeThen" : "alikeBecame")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.map((row) => {
                const step = row.step;
                const options = stepOptions(step);
                const chosen = duplicatesOf(options).rows[String(row.line)];
                return (
                  <Table.Tr key={`${step}-${row.line}`}>
                    {several && <Table.Td>{of.steps[step]?.file_name}</Table.Td>}
                    <Table.Td ta="right" className="figures" style={{ verticalAlign: "top" }}>
                      {formatDecimal(row.line, language)}
                    </Table.Td>
                    <Table.Td>
                      {row.met.map((it) => (
                        <div key={it.words}>
                          {it.words}
                          {it.object && it.id && (
                            <>
                              {" "}
                              <Link to="/o/$object/$id" params={{ object: it.object, id: it.id }} target={draft ? "_blank" : undefined} style={{ textDecoration: "underline" }} aria-label={t("alikeOpenOf", { line: row.line })}>
                                {t("alikeOpen")}
                              </Link>
                            </>
                          )}
                        </div>
                      ))}
                    </Table.Td>
                    <Table.Td style={{ verticalAlign: "top" }}>
                      {draft && onOptions ? (
                        <Select
                          size="xs"
                          aria-label={t("alikeThenRow", { line: row.line })}
                          allowDeselect={false}
                          data={[
                            { value: "", label: t("alikeAsAll", { what: t(`became.${duplicatesOf(options).then}`) }) },
                            ...(["create", "skip", ...(row.known ? (["update"] as const) : [])] as const).map((value) => ({ value, label: t(`rowThen.${value}`) })),
                          ]}
                          value={chosen ?? ""}
                          onChange={(choice) => onOptions(step, { duplicates: withRow(options, row.line, (choice || null) as RowChoice | null) })}
                        />
                      ) : (
                        row.outcome && t(`alikeOutcome.${row.outcome}`)
                      )}
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
      {parts.some((part) => part.hasNextPage) && (
        <Button size="compact-sm" variant="default" loading={parts.some((part) => part.isFetchingNextPage)} onClick={() => parts.forEach((part) => part.hasNextPage && void part.fetchNextPage())}>
          {t("moreRows")}
        </Button>
      )}
    </section>
  );
}

/** Whether to look at all, and what becomes of those found. */
function Choices({ options, several, onOptions }: { options: ImportOptions; several: boolean; onOptions: (change: Partial<ImportOptions>) => void }) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const object = useObjects().find((it) => it.key === options.object);
  const now = duplicatesOf(options);
  const set = (change: Partial<typeof now>) => onOptions({ duplicates: { ...now, ...change } });
  return (
    <Stack gap={8}>
      {several && (
        <Text size="sm" fw={550}>
          {label(object?.plural) || options.object}
        </Text>
      )}
      <Switch label={t("alikeCheck")} description={t("alikeCheckHint")} checked={now.check} onChange={(event) => set({ check: event.currentTarget.checked })} />
      {now.check && (
        <Select
          w={320}
          maw="100%"
          label={t("alikeAll")}
          description={t("alikeAllHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          allowDeselect={false}
          data={THEN.map((value) => ({ value, label: t(`then.${value}`) }))}
          value={now.then}
          onChange={(then) => set({ then: (then ?? "create") as typeof now.then })}
        />
      )}
    </Stack>
  );
}
