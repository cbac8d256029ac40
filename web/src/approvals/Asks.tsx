import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Approval } from "~/api/approvals";
import { useObject } from "~/api/queries";
import { FieldShow } from "~/fields/FieldShow";
import { useLabel } from "~/i18n";
import classes from "./approvals.module.css";
import { useNamed, useStageName } from "./useWords";

/** What is asked for: of each field what stands there and what would. */
export function Asks({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const label = useLabel();
  const object = useObject(approval.object);
  const stage = useStageName();
  const named = useNamed(approval.refs);
  const { asks } = approval;
  const makes = approval.what === "create" || approval.what === "import";
  // In the order in which the record itself has them; of what is created, the name stands above.
  const place = (key: string) => object?.fields.findIndex((field) => field.key === key) ?? -1;
  const fields = [...asks.fields].sort((a, b) => place(a.field) - place(b.field)).filter((one) => !makes || asks.fields.length === 1 || one.field !== object?.name_field);
  const nothing = asks.fields.length === 0 && !asks.to_stage && !asks.receiver;
  return (
    <section className={classes.card} aria-labelledby="approval-asked">
      <h2 id="approval-asked" className={classes.cardTitle}>
        {t("asked")}
      </h2>
      <dl className={classes.asks}>
        {asks.to_stage && (
          <div className={classes.ask}>
            <dt>{t("toStage")}</dt>
            <dd className={classes.after}>{stage(asks.to_stage)}</dd>
          </div>
        )}
        {asks.receiver && (
          <div className={classes.ask}>
            <dt>{t("receiver")}</dt>
            <dd className={classes.after}>{named.one(asks.receiver)}</dd>
          </div>
        )}
        {fields.map((one) => {
          const field = object?.fields.find((field) => field.key === one.field);
          const show = (value: typeof one.after) => (field ? <FieldShow field={field} value={value} refs={approval.refs} /> : String(value ?? "–"));
          return (
            <div key={one.field} className={classes.ask}>
              <dt>{field ? label(field.label) : one.label}</dt>
              <dd>
                {!makes && (
                  <>
                    <span className={classes.before}>
                      <span className={classes.hidden}>{t("now")}: </span>
                      {show(one.before)}
                    </span>
                    <IconArrowRight size={14} stroke={1.7} className={classes.arrow} aria-hidden />
                  </>
                )}
                <span className={classes.after}>
                  {!makes && <span className={classes.hidden}>{t("then")}: </span>}
                  {show(one.after)}
                </span>
              </dd>
            </div>
          );
        })}
        {asks.reason && (
          <div className={classes.ask}>
            <dt>{t("reason")}</dt>
            <dd className={classes.said}>{asks.reason}</dd>
          </div>
        )}
      </dl>
      {nothing && <p className={classes.soft}>{t("nothingMore")}</p>}
      {asks.out_of_sight && <p className={classes.soft}>{t("unseen")}</p>}
    </section>
  );
}
