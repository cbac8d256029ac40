import { ActionIcon, Badge, Button, Drawer, Group, Table, Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { PlannedStep } from "~/api/imports";
import type { Field, Refs } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { RowSkeletons } from "~/ui/Skeletons";
import classes from "./imports.module.css";
import { useColumnValues, type ColumnValue } from "./useImports";
import { ValueChoice } from "./ValueChoice";

type Props = { step: PlannedStep; column: string; field: Field; /** An earlier file of the import brings records that may be meant. */ brought: boolean; onValues: (values: Record<string, string>) => void; onClose: () => void };

/** Every text of a column with what it is taken for, to be said otherwise. */
export function ValuesDrawer({ step, column, field, brought, onValues, onClose }: Props) {
  const { t } = useTranslation("imports");
  const label = useLabel();
  const language = useLanguage();
  const found = useColumnValues(step, column);
  const said = step.options.values?.[column] ?? {};
  const say = (from: string, to: string | undefined) => {
    const { [from]: _gone, ...rest } = said;
    onValues(to === undefined ? rest : { ...rest, [from]: to });
  };
  const items = found.data?.items ?? [];
  const unknown = items.filter((it) => it.to === null && said[it.text] === undefined).length;
  return (
    <Drawer opened onClose={onClose} position="right" size={620} title={t("valuesTitle", { column, field: label(field.label) })}>
      {found.isError && <ErrorState compact error={found.error} onRetry={() => void found.refetch()} />}
      {found.isPending && <RowSkeletons rows={6} />}
      {found.data && (
        <>
          <Text size="sm" c="dimmed" mb="sm">
            {[t("distinct", { count: found.data.distinct, shown: formatDecimal(found.data.distinct, language) }), unknown === 0 ? t("allKnown") : t(brought ? "unknownYet" : "unknownValues", { count: unknown })].join(" · ")}
          </Text>
          <Table verticalSpacing={5} fz="sm" layout="fixed">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("inTheFile")}</Table.Th>
                <Table.Th w={80} ta="right">
                  {t("rowsHead")}
                </Table.Th>
                <Table.Th w={270}>{t("means")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((item) => (
                <ValueLine key={item.text} item={item} refs={found.data.refs} field={field} said={said[item.text]} onSay={(to) => say(item.text, to)} />
              ))}
            </Table.Tbody>
          </Table>
          {found.data.distinct > items.length && (
            <Text size="sm" c="dimmed" mt="sm">
              {t("valuesMore", { shown: items.length })}
            </Text>
          )}
        </>
      )}
    </Drawer>
  );
}

function ValueLine({ item, refs, field, said, onSay }: { item: ColumnValue; refs: Refs; field: Field; said: string | undefined; onSay: (to: string | undefined) => void }) {
  const { t } = useTranslation("imports");
  const language = useLanguage();
  const label = useLabel();
  const word = (to: string) => refs[to]?.name || label(field.options?.find((option) => option.key === to)?.label) || to;
  const near = item.near[0];
  return (
    <Table.Tr>
      <Table.Td className={classes.value}>{item.text}</Table.Td>
      <Table.Td ta="right" className="figures">
        {formatDecimal(item.rows, language)}
      </Table.Td>
      <Table.Td>
        {said === "" ? (
          <Group gap={4} justify="space-between">
            <Badge color="gray">{t("leftBlank")}</Badge>
            <ActionIcon size="sm" aria-label={t("takeBack", { from: item.text })} onClick={() => onSay(undefined)}>
              <IconX size={14} />
            </ActionIcon>
          </Group>
        ) : (
          <>
            <ValueChoice field={field} value={said ?? null} label={t("meansOf", { from: item.text })} placeholder={item.to === null ? t("notFound") : word(item.to)} onChoose={(to) => onSay(to ?? undefined)} />
            {item.to === null && said === undefined && (
              <Group gap={4} mt={3}>
                {near && (
                  <Button size="compact-xs" variant="light" onClick={() => onSay(near)}>
                    {t("itIs", { to: word(near) })}
                  </Button>
                )}
                <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onSay("")}>
                  {t("leaveBlank")}
                </Button>
              </Group>
            )}
          </>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
