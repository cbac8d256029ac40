import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { findingsOf } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { AskedRecord, Rec, Value, Violation } from "~/api/types";
import { useLabel } from "~/i18n";
import { below } from "~/stageTasks/body";
import { formOf } from "~/stageTasks/newRecord";
import { NewRecordForm } from "~/stageTasks/NewRecordForm";
import classes from "../path.module.css";

type Props = {
  asked: AskedRecord[];
  deal: Rec;
  /** What has been written into each of them, in their order. */
  drafts: Record<string, Value>[];
  /** Of a refused move; without them nothing is marked yet. */
  violations?: Violation[];
  autoFocus: boolean;
  onChange: (index: number, key: string, value: Value) => void;
};

/** The records that are created together with the move, each as a small form with what is known filled in. */
export function RecordsToCreate({ asked, ...rest }: Props) {
  return (
    <>
      {asked.map((one, index) => (
        <One key={`${one.object}-${index}`} one={one} index={index} {...rest} autoFocus={rest.autoFocus && index === 0} />
      ))}
    </>
  );
}

function One({ one, index, deal, drafts, violations, autoFocus, onChange }: Omit<Props, "asked"> & { one: AskedRecord; index: number }) {
  const { t } = useTranslation("path");
  const label = useLabel();
  const object = useObject(one.object);
  if (!object) return null;
  const form = formOf(object, one);
  const keys = form.fields.map((field) => field.key);
  // `create/0/fields/amount` and `create/0/amount` mean the same.
  const own = below(violations ?? [], "create", String(index));
  return (
    <section className={classes.created} aria-label={t("create.title", { object: label(object.label) })}>
      <h3 className={classes.createdTitle}>{t("create.title", { object: label(object.label) })}</h3>
      <Text size="xs" c="dimmed" mb={8}>
        {t("create.hint")}
      </Text>
      <NewRecordForm
        object={object}
        form={form}
        values={{ ...form.start, ...drafts[index] }}
        refs={deal.refs}
        autoFocus={autoFocus}
        findings={violations ? { ...findingsOf(own, keys), general: [] } : undefined}
        onChange={(key, value) => onChange(index, key, value)}
      />
    </section>
  );
}
