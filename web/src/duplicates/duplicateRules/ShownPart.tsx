import { MultiSelect, NumberInput, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { shownFor, USUAL } from "../methods";
import { said, type PartProps } from "./places";
import classes from "./rules.module.css";

/** What is shown of a record that was found, also to those who may not open it. */
export function ShownPart({ draft, at, onChange }: PartProps) {
  const { t } = useTranslation("duplicateRules");
  const label = useLabel();
  const objects = useObjects();
  const shows = shownFor(draft, objects);
  return (
    <section className={classes.part} aria-label={t("shown")}>
      <h2>{t("shown")}</h2>
      <p className={classes.hint}>{t("shownHint")}</p>
      <Stack gap="md">
        {shows.map(({ object: key, fields }, index) => {
          const object = objects.find((it) => it.key === key);
          return (
            <MultiSelect
              key={key}
              label={label(object?.plural) || key}
              searchable
              data={(object?.fields ?? []).map((field) => ({ value: field.key, label: label(field.label) }))}
              value={fields}
              error={said(at("shows", index))}
              onChange={(chosen) => onChange({ shows: shows.map((it) => (it.object === key ? { object: key, fields: chosen } : it)) })}
            />
          );
        })}
        <NumberInput w={190} label={t("most")} min={1} max={100} allowDecimal={false} value={draft.most} error={said(at("most"))} onChange={(most) => onChange({ most: Number(most) || USUAL.most })} />
      </Stack>
    </section>
  );
}
