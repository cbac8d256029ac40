import { Button, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ObjectDef, Rec, Value } from "~/api/types";
import { sameValue } from "~/fields/draft";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import classes from "./Conflict.module.css";

type Props = { object: ObjectDef; base: Rec; present: Rec; draft: Record<string, Value>; busy: boolean; onKeepMine: () => void; onTakeTheirs: () => void };

/** Two people edited the same record: both sides next to each other, and the choice. Nothing typed is lost. */
export function Conflict({ object, base, present, draft, busy, onKeepMine, onTakeTheirs }: Props) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const mine = object.fields.filter((field) => field.key in draft && !sameValue(draft[field.key], base.fields[field.key]));
  const clashing = mine.filter((field) => !sameValue(present.fields[field.key], base.fields[field.key]));
  const refs = { ...base.refs, ...present.refs };
  const rows = clashing.length > 0 ? clashing : mine;
  return (
    <div>
      <Text mb="md">{clashing.length > 0 ? t("conflictText") : t("conflictNone")}</Text>
      <table className={classes.sides}>
        <thead>
          <tr>
            <td />
            <th scope="col">{t("nowIs")}</th>
            <th scope="col">{t("yours")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((field) => (
            <tr key={field.key}>
              <th scope="row">{label(field.label)}</th>
              <td>
                <FieldShow field={field} value={present.fields[field.key]} refs={refs} />
              </td>
              <td className={classes.mine}>
                <FieldShow field={field} value={draft[field.key]} refs={refs} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Group justify="flex-end" gap="sm" mt="lg">
        <Button variant="default" onClick={onTakeTheirs}>
          {t("takeTheirs")}
        </Button>
        <Button onClick={onKeepMine} loading={busy} data-autofocus>
          {t("keepMine")}
        </Button>
      </Group>
    </div>
  );
}
