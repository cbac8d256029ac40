import { useTranslation } from "react-i18next";
import type { ObjectDef, Rec } from "~/api/types";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import classes from "./Facts.module.css";
import { factsOf } from "./layouts";

/** What one wants to know about a record before anything else, and whose it is. */
export function Facts({ object, record }: { object: ObjectDef; record: Rec }) {
  const { t } = useTranslation("lines");
  const label = useLabel();
  const owner = object.owned ? object.fields.find((field) => field.key === "owner") : undefined;
  const facts = [...factsOf(object), ...(owner ? [owner] : [])];
  if (facts.length === 0) return null;
  return (
    <dl className={classes.facts}>
      {facts.map((field) => (
        <div key={field.key} className={classes.fact}>
          <dt>{label(field.label)}</dt>
          <dd>
            <FieldShow field={field} value={record.fields[field.key]} refs={record.refs} veiled={record.veiled?.includes(field.key)} />
            {field.key === "amount" && record.amount_follows_lines && (
              <span className={classes.aside} title={t("amountFollows")}>
                {t("fromLines")}
              </span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}
