import { Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Field, ObjectDef, Rec } from "~/api/types";
import { editableFields, frozenIn } from "~/fields/draft";
import { FieldMarks } from "~/fields/FieldMarks";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import type { Editing } from "./Detail";
import { Fold } from "./Fold";
import { InlineField } from "./InlineField";
import { sectionsOf, type Section } from "./layouts";
import classes from "./Sections.module.css";
import { useJudge } from "./visible";

const TITLES = { about: "sectionAbout", figures: "sectionFigures", course: "sectionCourse", record: "sectionRecord", more: "sectionMore" } as const;

/** What stands above a section: the layout's own words, or the product's. */
export function useSectionTitle() {
  const { t } = useTranslation("records");
  const label = useLabel();
  return (section: Section) => {
    if (typeof section.title === "string") return t(TITLES[section.title]);
    // What is folded needs words to be opened by.
    return label(section.title) || (section.collapsed ? t("sectionMore") : "");
  };
}

/** All fields of a record in groups; those one may change are changed in place. */
export function Sections({ object, record, onEdit }: { object: ObjectDef; record: Rec; onEdit: (editing: Editing) => void }) {
  const titleOf = useSectionTitle();
  const { isVisible } = useJudge(object);
  const frozen = frozenIn(record);
  const editable = new Set(record.can?.includes("edit") ? editableFields(object.fields, "edit", object.key).flatMap((field) => (frozen.includes(field.key) ? [] : [field.key])) : []);
  const rows = (fields: Field[]) => (
    <dl className={classes.fields}>
      {fields.map((field) => (
        <FieldRow key={field.key} field={field}>
          {editable.has(field.key) && !record.veiled?.includes(field.key) ? <InlineField object={object} record={record} field={field} onConflict={onEdit} /> : <FieldShow field={field} value={record.fields[field.key]} refs={record.refs} veiled={record.veiled?.includes(field.key)} />}
          {field.key === "amount" && record.amount_follows_lines && <FromLines />}
        </FieldRow>
      ))}
    </dl>
  );
  return (
    <>
      {sectionsOf(object)
        .map((section) => ({ ...section, fields: section.fields.filter((field) => isVisible(field, record.fields)) }))
        .filter((section) => section.fields.length > 0)
        .map((section) => (
          <Paper key={section.key} component="section" className={classes.section}>
            <Fold title={titleOf(section)} folded={section.collapsed} className={classes.title}>
              {rows(section.fields)}
            </Fold>
          </Paper>
        ))}
    </>
  );
}

function FieldRow({ field, children }: { field: Field; children: React.ReactNode }) {
  const label = useLabel();
  return (
    <div className={classes.field}>
      <dt>
        {label(field.label)} <FieldMarks field={field} />
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Why an amount is not typed. */
function FromLines() {
  const { t } = useTranslation("lines");
  return (
    <Text component="span" size="xs" c="dimmed" display="block">
      {t("amountFollows")}
    </Text>
  );
}
