import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ConversionStage, StageConversion } from "~/api/analysis";
import { useLabel } from "~/i18n";
import { PARTS } from "../colours";
import { WORDS } from "./cells";
import classes from "./conversion.module.css";
import { StageFigureLink } from "./StageFigureLink";

const BENEATH = ["total", "amount", "average", "lost", "loss_rate", "conversion"] as const;

/** A row for each stage: a bar of what became of its deals, as long as they are many, and its figures beneath. */
export function Rows({ data }: { data: StageConversion }) {
  const most = Math.max(1, ...data.stages.map((stage) => stage.total));
  return (
    <>
      <Legend />
      <ol className={classes.rows}>
        {data.stages.map((stage) => (
          <Row key={stage.stage} stage={stage} of={data} most={most} />
        ))}
      </ol>
    </>
  );
}

export function Legend() {
  const { t } = useTranslation("conversion");
  return (
    <ul className={classes.legend} aria-label={t("legend")}>
      {PARTS.map((part) => (
        <Tooltip key={part} label={t(`hints.${part}`)}>
          <li>
            <span className={classes.swatch} data-part={part} aria-hidden />
            {t(part)}
          </li>
        </Tooltip>
      ))}
    </ul>
  );
}

function Row({ stage, of, most }: { stage: ConversionStage; of: StageConversion; most: number }) {
  const { t } = useTranslation("conversion");
  const label = useLabel();
  return (
    <li className={classes.row} data-former={stage.former || undefined}>
      <h3 className={classes.name}>
        {label(stage.label) || stage.stage}
        {stage.former && (
          <Tooltip label={t("formerHint")} multiline maw={260}>
            <span className={classes.former}>{t("former")}</span>
          </Tooltip>
        )}
      </h3>
      <div className={classes.track}>
        {stage.total > 0 && (
          <div className={classes.bar} style={{ width: `${Math.max(4, (stage.total / most) * 100)}%` }}>
            {PARTS.filter((part) => stage[part] > 0).map((part) => (
              <StageFigureLink key={part} figure={part} stage={stage} of={of} className={classes.part} style={{ flexGrow: stage[part] }}>
                <span className={classes.filled} data-part={part}>
                  {stage[part]}
                </span>
              </StageFigureLink>
            ))}
          </div>
        )}
      </div>
      <dl className={classes.beneath}>
        {BENEATH.map((figure) => (
          <div key={figure} data-figure={figure}>
            <Tooltip label={t(`hints.${WORDS[figure]}`)} multiline maw={300}>
              <dt>{t(WORDS[figure])}</dt>
            </Tooltip>
            <dd>
              <StageFigureLink figure={figure} stage={stage} of={of} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
}
