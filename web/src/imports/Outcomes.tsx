import { Button, SegmentedControl, Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Import } from "~/api/imports";
import { useObjects } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./imports.module.css";
import { Scroll } from "./Note";
import { useOutcomeRows, type Outcome } from "./useImports";

const OUTCOMES: Outcome[] = ["created", "updated", "skipped", "failed"];

/** The rows by what became of them, each with the way to its record. */
export function Outcomes({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const there = OUTCOMES.filter((outcome) => of[outcome] > 0);
  const [chosen, setChosen] = useState<Outcome>();
  const shown = chosen && there.includes(chosen) ? chosen : there[0];
  if (!shown) return null;
  return (
    <section className={classes.problems}>
      <h2 className={classes.subtitle}>{t("records")}</h2>
      <div>
        <SegmentedControl size="xs" aria-label={t("records")} data={there.map((value) => ({ value, label: `${t(`counts.${value}`)} (${formatDecimal(of[value], language)})` }))} value={shown} onChange={(value) => setChosen(value as Outcome)} />
      </div>
      <OutcomeTable key={shown} id={of.id} outcome={shown} />
    </section>
  );
}

function OutcomeTable({ id, outcome }: { id: string; outcome: Outcome }) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const language = useLanguage();
  const objects = useObjects();
  const rows = useOutcomeRows(id, outcome);
  const items = rows.data?.pages.flatMap((page) => page.items) ?? [];
  const refs: Refs = Object.assign({}, ...(rows.data?.pages ?? []).map((page) => page.refs));
  return (
    <>
      {rows.isError && <ErrorState compact error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.isPending && <RowSkeletons rows={4} />}
      {items.length > 0 && (
        <Scroll label={t("records")} high={360}>
          <Table stickyHeader fz="sm" verticalSpacing={5}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th ta="right" w={70}>
                  {t("line")}
                </Table.Th>
                <Table.Th>{t("record")}</Table.Th>
                <Table.Th>{t("kind")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((row) => (
                <Table.Tr key={`${row.step}-${row.line}-${row.record}`}>
                  <Table.Td ta="right" className="figures">
                    {formatDecimal(row.line, language)}
                  </Table.Td>
                  <Table.Td>
                    {row.record && refs[row.record] ? (
                      <Link to="/o/$object/$id" params={{ object: row.object, id: row.record }}>
                        {refs[row.record]?.name ?? row.record}
                      </Link>
                    ) : (
                      "—"
                    )}
                  </Table.Td>
                  <Table.Td>{label(objects.find((object) => object.key === row.object)?.label) || row.object}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Scroll>
      )}
      {rows.hasNextPage && (
        <Button size="compact-sm" variant="default" loading={rows.isFetchingNextPage} onClick={() => void rows.fetchNextPage()}>
          {t("moreRows")}
        </Button>
      )}
    </>
  );
}
