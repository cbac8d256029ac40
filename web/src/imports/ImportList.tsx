import { Badge, Progress, Switch, Table, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { filesOf, type Import } from "~/api/imports";
import { useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./imports.module.css";
import { Scroll } from "./Note";
import { STATE_COLOURS } from "./states";
import { isUnderWay, useImports } from "./useImports";

/** The imports so far, the newest first; those on their way show how far they are. */
export function ImportList() {
  const { t } = useTranslation("imports");
  const imports = useImports();
  const [checks, setChecks] = useState(false);
  const all = imports.data?.items ?? [];
  const items = all.filter((it) => checks || !it.dry_run || isUnderWay(it));
  return (
    <section>
      <div className={classes.listHead}>
        <h2 className={classes.subtitle}>{t("past")}</h2>
        {all.some((it) => it.dry_run) && <Switch size="xs" label={t("showChecks")} checked={checks} onChange={(event) => setChecks(event.currentTarget.checked)} />}
      </div>
      {imports.isError && <ErrorState compact error={imports.error} onRetry={() => void imports.refetch()} />}
      {imports.isPending && <RowSkeletons rows={3} />}
      {imports.data && items.length === 0 && <Text c="dimmed">{t("none")}</Text>}
      {items.length > 0 && (
        <div className={classes.frame}>
          <Scroll label={t("past")}>
            <Table verticalSpacing={7} horizontalSpacing="md" fz="sm" highlightOnHover className={classes.wide}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("file")}</Table.Th>
                  <Table.Th>{t("records")}</Table.Th>
                  <Table.Th>{t("when")}</Table.Th>
                  <Table.Th>{t("state")}</Table.Th>
                  <Table.Th ta="right">{t("counts.created")}</Table.Th>
                  <Table.Th ta="right">{t("counts.updated")}</Table.Th>
                  <Table.Th ta="right">{t("counts.failed")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {items.map((it) => (
                  <Line key={it.id} of={it} />
                ))}
              </Table.Tbody>
            </Table>
          </Scroll>
        </div>
      )}
    </section>
  );
}

function Line({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const language = useLanguage();
  const objects = useObjects();
  const under = isUnderWay(of);
  const name = filesOf(of);
  const kinds = [...new Set(of.steps.map((step) => step.object))];
  const named = kinds.map((key) => label(objects.find((object) => object.key === key)?.plural) || key).join(", ");
  const share = of.rows > 0 ? Math.round((100 * of.done) / of.rows) : 0;
  const count = (value: number) => formatDecimal(value, language);
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/imports/$id" params={{ id: of.id }} className={classes.name}>
          {name}
        </Link>
      </Table.Td>
      <Table.Td className={classes.kinds} title={named}>
        {named}
      </Table.Td>
      <Table.Td>
        <Instant value={of.started_at} />
      </Table.Td>
      <Table.Td w={150}>
        {under ? (
          <>
            <Text size="xs" c="dimmed" className="figures">
              {t(`states.${of.state}`)} {share}%
            </Text>
            <Progress size="sm" value={share} aria-label={t("courseOf", { name })} />
          </>
        ) : (
          <Badge color={of.dry_run ? "gray" : STATE_COLOURS[of.state]}>{t(of.dry_run && of.state === "done" ? "dryRun" : `states.${of.state}`)}</Badge>
        )}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {count(of.created)}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {count(of.updated)}
      </Table.Td>
      <Table.Td ta="right" className="figures">
        {count(of.failed)}
      </Table.Td>
    </Table.Tr>
  );
}
