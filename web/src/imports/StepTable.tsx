import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Import } from "~/api/imports";
import { useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { formatDecimal } from "~/ui/format";
import classes from "./imports.module.css";
import { Scroll } from "./Note";

/** What became of each file of an import of several. */
export function StepTable({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const language = useLanguage();
  const objects = useObjects();
  const nameOf = (key: string) => label(objects.find((object) => object.key === key)?.plural) || key;
  const count = (value: number) => formatDecimal(value, language);
  const skipped = of.steps.some((step) => step.skipped > 0);
  return (
    <Scroll label={t("stepsOf")}>
      <Table fz="sm" verticalSpacing={5} className={classes.wide}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("file")}</Table.Th>
            <Table.Th>{t("records")}</Table.Th>
            <Table.Th ta="right">{t(of.dry_run ? "wouldBe.rows" : "counts.rows")}</Table.Th>
            {(["created", "updated", "unchanged", ...(skipped ? (["skipped"] as const) : []), "failed"] as const).map((key) => (
              <Table.Th key={key} ta="right">
                {t(of.dry_run ? `wouldBe.${key}` : `counts.${key}`)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody className="figures">
          {of.steps.map((step, index) => (
            <Table.Tr key={index}>
              <Table.Td>{step.file_name}</Table.Td>
              <Table.Td>
                {of.dry_run ? (
                  nameOf(step.object)
                ) : (
                  <Link to="/o/$object" params={{ object: step.object }}>
                    {nameOf(step.object)}
                  </Link>
                )}
              </Table.Td>
              <Table.Td ta="right">{count(step.rows)}</Table.Td>
              <Table.Td ta="right">{count(step.created)}</Table.Td>
              <Table.Td ta="right">{count(step.updated)}</Table.Td>
              <Table.Td ta="right">{count(step.unchanged)}</Table.Td>
              {skipped && <Table.Td ta="right">{count(step.skipped)}</Table.Td>}
              <Table.Td ta="right">{count(step.failed)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Scroll>
  );
}
