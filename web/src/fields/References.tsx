import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Refs, Value } from "~/api/types";
import { inputProps, type EditProps, type FieldKind, type ShowProps } from "./contract";
import { RecordsSelect } from "./RecordsSelect";
import classes from "./Reference.module.css";

/** Most records in one field; more cannot be chosen. */
export const MOST_RECORDS = 50;

const idsOf = (value: Value): string[] => (Array.isArray(value) ? value : []);

/** Those one may see by name, in the order of their names; the others are only counted. */
function byName(ids: string[], refs: Refs | undefined) {
  const named = ids.flatMap((id) => (refs?.[id] ? [{ id, ...refs[id] }] : [])).sort((a, b) => a.name.localeCompare(b.name));
  return { named, hidden: ids.length - named.length };
}

function ReferencesShow({ value, refs, dense }: ShowProps) {
  const { t } = useTranslation("fields");
  const { named, hidden } = byName(idsOf(value), refs);
  const others = hidden > 0 && <span className={classes.hidden}>{t("moreOutOfSight", { count: hidden })}</span>;
  if (dense) {
    return (
      <>
        {named.map((it) => it.name).join(t("listed"))}
        {named.length > 0 && hidden > 0 && t("listed")}
        {others}
      </>
    );
  }
  return (
    <span className={classes.several}>
      {named.map((it) => (
        <Link key={it.id} className={classes.one} to="/o/$object/$id" params={{ object: it.object, id: it.id }}>
          {it.name}
        </Link>
      ))}
      {others}
    </span>
  );
}

function ReferencesEdit(props: EditProps) {
  return <RecordsSelect {...inputProps(props)} object={props.field.object ?? ""} value={idsOf(props.value)} refs={props.refs} maxValues={MOST_RECORDS} onChange={(ids) => props.onChange(ids)} />;
}

/** Several records of one object. */
export const references: FieldKind = { Show: ReferencesShow, Edit: ReferencesEdit, wide: true };
