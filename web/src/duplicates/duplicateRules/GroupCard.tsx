import { ActionIcon, Button, Select } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { MatchGroup, Row, Strict } from "~/api/duplicates";
import { useObjects } from "~/api/queries";
import type { ObjectDef } from "~/api/types";
import { useLabel } from "~/i18n";
import { navigableObjects } from "~/shell/places";
import { comparable, counterpart, rowOf } from "../methods";
import { verdictOf } from "../ruleWords";
import { said, type At } from "./places";
import { RowEditor } from "./RowEditor";
import classes from "./rules.module.css";

type Props = { own: ObjectDef; group: MatchGroup; number: number; strict: Strict; findings: At; onChange: (group: MatchGroup) => void; onRemove?: () => void };

/** One way of being alike: with whose records it is compared, and the rows that must all hold. */
export function GroupCard({ own, group, number, strict, findings, onChange, onRemove }: Props) {
  const { t } = useTranslation("duplicateRules");
  const label = useLabel();
  const objects = useObjects();
  const other = objects.find((it) => it.key === group.object) ?? own;
  const offered = [own, ...navigableObjects(objects).filter((it) => it.key !== own.key)];
  const verdict = verdictOf(strict, group);
  const compareWith = (key: string) => {
    const next = objects.find((it) => it.key === key);
    if (next) onChange({ object: key, rows: group.rows.map((row) => ({ ...row, other: counterpart(own.fields.find((it) => it.key === row.field), next) })) });
  };
  const put = (index: number, row: Row | undefined) => onChange({ ...group, rows: group.rows.flatMap((it, place) => (place === index ? (row ? [row] : []) : [it])) });
  const unused = own.fields.find((field) => comparable(field) && !field.system && !group.rows.some((row) => row.field === field.key));
  return (
    <section className={classes.group} aria-label={t("group", { number })}>
      <div className={classes.groupHead}>
        <span>{t("compareWith")}</span>
        <Select size="xs" w={190} aria-label={t("compareWith")} allowDeselect={false} data={offered.map((it) => ({ value: it.key, label: label(it.plural) }))} value={group.object} error={said(findings("object"))} onChange={(key) => key && compareWith(key)} />
        <span className={classes.verdict} data-verdict={verdict}>
          {t(`verdict.${verdict}`)}
        </span>
        {onRemove ? (
          <ActionIcon aria-label={t("removeGroup", { number })} onClick={onRemove}>
            <IconTrash size={16} />
          </ActionIcon>
        ) : (
          <span />
        )}
      </div>
      {group.rows.map((row, index) => (
        <RowEditor key={index} own={own} other={other} row={row} error={said(findings("rows", index))} onChange={(next) => put(index, next)} onRemove={group.rows.length > 1 ? () => put(index, undefined) : undefined} />
      ))}
      <Button size="compact-sm" variant="subtle" ml={-6} leftSection={<IconPlus size={14} />} onClick={() => onChange({ ...group, rows: [...group.rows, rowOf(unused, other)] })}>
        {t("addRow")}
      </Button>
    </section>
  );
}
