import { useTranslation } from "react-i18next";
import type { Simulated, WhyNot } from "~/api/approvalFlows";
import { useConditionText } from "~/conditions/useConditionText";
import { Findings } from "~/processes/Findings";
import classes from "./flows.module.css";

/** Which flow catches an act, whom it would ask, and why the others do not. */
export function SimulationResult({ result, object }: { result: Simulated; object: string }) {
  const { t } = useTranslation("flows");
  const say = useConditionText(object, ...result.tried.flatMap(({ why_not }) => why_not?.rows ?? []));
  const why = (it: WhyNot) => t(`why.${it.code}`, { by: it.by, rows: (it.rows ?? []).map(say).join(t("comma")) });
  const named = (id: string) => result.refs[id]?.name ?? "…";
  return (
    <div className={classes.result} role="status">
      <p className={classes.verdict} data-caught={result.flow !== null || undefined}>
        {result.flow ? t("caught", { name: result.flow.name }) : t("caughtNone")}
      </p>
      {result.refused.length > 0 && (
        <>
          <p className={classes.label}>{t("refused")}</p>
          <Findings findings={result.refused} />
        </>
      )}
      {result.path_of && (
        <>
          <p className={classes.label}>{t("pathOf", { name: result.path_of.name })}</p>
          {result.initiator && <p className={classes.hint}>{t("initiatorIs", { name: named(result.initiator) })}</p>}
          <ol className={classes.path}>
            {result.path.map((step, index) => (
              <li key={`${step.node} ${index}`}>
                <span className={classes.name}>{step.name || t(step.how === "task" ? "kind.task" : "kind.approve")}</span>
                <span className={classes.fine}>
                  {" · "}
                  {step.how === "task" ? t("kind.task") : t(`methodSays.${step.how === "countersign" ? "countersign" : step.how}`, { percent: "" })}
                  {step.fork && ` · ${t("inFork")}`}
                </span>
                <div>
                  {step.skipped
                    ? t("skipped")
                    : step.people.map((id, place) => (
                        <span key={id}>
                          {place > 0 && t("comma")}
                          {named(id)}
                          {step.agree_by_themselves.includes(id) && ` (${t("selfAgrees")})`}
                        </span>
                      ))}
                </div>
              </li>
            ))}
          </ol>
          {result.ends && <p className={classes.fine}>{t(`ends.${result.ends}`)}</p>}
          {result.fails?.message && <p className={classes.wrong}>{result.fails.message}</p>}
        </>
      )}
      <p className={classes.label}>{t("tried")}</p>
      <ol className={classes.tried}>
        {result.tried.map(({ flow, why_not }) => (
          <li key={flow.id ?? flow.name} data-caught={!why_not || undefined}>
            {t("sayWhy", { name: flow.name, why: why_not ? why(why_not) : t("catches") })}
          </li>
        ))}
      </ol>
    </div>
  );
}
