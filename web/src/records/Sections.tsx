import { Paper } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ObjectDef, Rec } from "~/api/types";
import { editableFields } from "~/fields/draft";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import type { Editing } from "./Detail";
import { InlineField } from "./InlineField";
import { sectionsOf } from "./layouts";
import classes from "./Sections.module.css";
import { isVisible } from "./visible";

const TITLES = { about: "sectionAbout", figures: "sectionFigures", record: "sectionRecord" } as const;

/** All fields of a record in groups; those one may change are changed in place. */
export function Sections({ object, record, onEdit }: { object: ObjectDef; record: Rec; onEdit: (editing: Editing) => void }) {
  const { t } = useTranslation("records");
  const label = useLabel();
  const editable = new Set(record.can?.includes("edit") ? editableFields(object.fields, "edit", object.key).map((field) => field.key) : []);
  return (
    <>
      {sectionsOf(object).map((section) => (
        <Paper key={section.key} component="section" className={classes.section}>
          <h2 className={classes.title}>{t(TITLES[section.key])}</h2>
          <dl className={classes.fields}>
            {section.fields
              .filter((field) => isVisible(field, record.fields))
              .map((field) => (
                <div key={field.key} className={classes.field}>
                  <dt>{label(field.label)}</dt>
                  <dd>{editable.has(field.key) ? <InlineField object={object} record={record} field={field} onConflict={onEdit} /> : <FieldShow field={field} value={record.fields[field.key]} refs={record.refs} />}</dd>
                </div>
              ))}
          </dl>
        </Paper>
      ))}
    </>
  );
}
