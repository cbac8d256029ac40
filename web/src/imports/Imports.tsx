import { Badge, Modal, Table, Text, UnstyledButton } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import { useLabel, useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { ImportResult } from "./ImportResult";
import { ImportWizard } from "./ImportWizard";
import classes from "./imports.module.css";
import { useImport, useImports } from "./useImport";

const COLOURS = { running: "gray", done: "brand", failed: "red" } as const;

/** Files brought in, and the way to bring in another. */
export function Imports() {
  const { t } = useTranslation(["imports", "ui"]);
  const label = useLabel();
  const language = useLanguage();
  const objects = useObjects();
  const imports = useImports();
  const [shown, setShown] = useState<string>();
  const one = useImport(shown).data;
  const count = (value: number) => value.toLocaleString(language);

  return (
    <Page title={t("title")} above={t("hint")}>
      <section className={classes.panel}>
        <ImportWizard />
      </section>
      <h2 className={classes.subtitle} style={{ margin: "24px 0 8px" }}>
        {t("past")}
      </h2>
      {imports.isError && <ErrorState compact error={imports.error} onRetry={() => void imports.refetch()} />}
      {imports.isPending && <RowSkeletons rows={3} />}
      {imports.data?.items.length === 0 && <Text c="dimmed">{t("none")}</Text>}
      {imports.data && imports.data.items.length > 0 && (
        <Table.ScrollContainer minWidth={680}>
          <Table verticalSpacing={7} fz="sm" highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("file")}</Table.Th>
                <Table.Th>{t("object")}</Table.Th>
                <Table.Th>{t("when")}</Table.Th>
                <Table.Th>{t("state")}</Table.Th>
                <Table.Th ta="right">{t("counts.created")}</Table.Th>
                <Table.Th ta="right">{t("counts.updated")}</Table.Th>
                <Table.Th ta="right">{t("counts.unchanged")}</Table.Th>
                <Table.Th ta="right">{t("counts.failed")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody className="figures">
              {imports.data.items.map((it) => (
                <Table.Tr key={it.id}>
                  <Table.Td>
                    <UnstyledButton className={classes.file} aria-label={t("open", { file: it.file })} onClick={() => setShown(it.id)}>
                      {it.file}
                    </UnstyledButton>
                  </Table.Td>
                  <Table.Td>{label(objects.find((object) => object.key === it.object)?.plural) || it.object}</Table.Td>
                  <Table.Td>
                    <Instant value={it.started_at} />
                  </Table.Td>
                  <Table.Td>
                    <Badge color={it.dry_run ? "gray" : COLOURS[it.state]}>{it.dry_run && it.state === "done" ? t("dryRun") : t(`states.${it.state}`)}</Badge>
                  </Table.Td>
                  <Table.Td ta="right">{count(it.created)}</Table.Td>
                  <Table.Td ta="right">{count(it.updated)}</Table.Td>
                  <Table.Td ta="right">{count(it.unchanged)}</Table.Td>
                  <Table.Td ta="right">{count(it.failed)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal opened={shown !== undefined} onClose={() => setShown(undefined)} size="xl" title={one?.file} closeButtonProps={{ "aria-label": t("ui:close") }}>
        {one ? <ImportResult result={one} /> : <RowSkeletons rows={5} />}
      </Modal>
    </Page>
  );
}
