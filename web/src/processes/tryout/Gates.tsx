import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Tone } from "~/ui/Tone";
import { StageDot } from "../StageDot";
import { useCounted, useGateName, useStageName } from "./gateNames";
import classes from "./tryout.module.css";
import type { Report } from "./tryout";

type Props = { report: Report; chosen: string | null; onChoose: (gate: string | null) => void };

/** What would have held moves back, the most frequent first; choosing one shows its moves. */
export function Gates({ report, chosen, onChoose }: Props) {
  const { t } = useTranslation("tryout");
  const stage = useStageName();
  const name = useGateName();
  const counted = useCounted();
  const most = Math.max(1, ...report.gates.map((gate) => gate.moves));
  return (
    <section className={classes.panel} aria-labelledby="tryout-gates">
      <h2 className={classes.heading} id="tryout-gates">
        {t("gates")} <small>{t("gatesHint")}</small>
      </h2>
      <ul className={classes.gates}>
        {report.gates.map((gate) => {
          const called = name(gate);
          return (
            <li key={gate.key}>
              <UnstyledButton
                className={classes.gate}
                aria-pressed={chosen === gate.key}
                aria-label={t("onlyThis", { gate: called, stage: stage.name(gate.stage) })}
                onClick={() => onChoose(chosen === gate.key ? null : gate.key)}
              >
                <span className={classes.gateName}>
                  <span className={classes.gateStage}>
                    <StageDot type={stage.type(gate.stage)} /> {stage.name(gate.stage)}
                  </span>
                  {called}
                  {gate.asked && <Tone tone="quiet">{t("asked")}</Tone>}
                  {gate.new_task && <Tone tone="warn">{t("newTask")}</Tone>}
                </span>
                <span className={classes.gateSays}>{gate.message}</span>
                <span className={classes.bar} aria-hidden="true">
                  <span style={{ width: `${(gate.moves / most) * 100}%` }} />
                </span>
                <span className={classes.count}>
                  <strong className="figures">{counted("moves", gate.moves)}</strong>
                  <span>
                    {counted("deals", gate.deals)} · {t("alone", { count: gate.alone })}
                  </span>
                </span>
              </UnstyledButton>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
