import { Paper } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Field } from "~/api/types";
import { editableFields } from "~/fields/draft";
import { FieldForm } from "~/fields/FieldForm";
import { FieldMarks } from "~/fields/FieldMarks";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import { Fold } from "~/records/Fold";
import { filledLabel } from "./keys";
import type { LayoutDraft } from "./layoutMoves";
import classes from "./objects.module.css";

/** The form as it will be, empty. */
export function LayoutPreview({ object: key, draft }: { object: string; draft: LayoutDraft }) {
  const { t } = useTranslation("objects");
  const label = useLabel();
  const object = useObject(key);
  if (!object) return null;
  const editable = editableFields(object.fields, "create", key);
  return (
    <div className={classes.formPreview} role="group" aria-label={t("layoutPreview")}>
      {draft.sections.map((section) => {
        const fields = (draft.places[section.id] ?? []).flatMap((it): Field[] => object.fields.filter((field) => field.key === it));
        return (
          <Paper key={section.id} component="section" p="md">
            <Fold key={String(section.collapsed)} title={label(filledLabel(section.label))} folded={section.collapsed} className={classes.partTitle}>
              <div inert style={{ marginTop: 10 }}>
                <FieldForm fields={fields.filter((field) => editable.includes(field))} values={{}} required={[]} onChange={() => undefined} />
                {fields
                  .filter((field) => !editable.includes(field))
                  .map((field) => (
                    <p key={field.key} className={classes.fine} style={{ marginTop: 8 }}>
                      {label(field.label)} <FieldMarks field={field} /> <FieldShow field={field} value={null} />
                    </p>
                  ))}
              </div>
            </Fold>
          </Paper>
        );
      })}
    </div>
  );
}
