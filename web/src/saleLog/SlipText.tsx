import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { Slip } from "~/api/slips";
import { isEmpty } from "~/fields/contract";
import { FieldShow } from "~/fields/FieldShow";
import classes from "./saleLog.module.css";

const FIELDS = { close_date: "expected_close_date", amount: "amount", stage: "stage" } as const;

/** What slipped, in a few words. */
export function useSlipTitle() {
  const { t } = useTranslation("saleLog");
  return (slip: Slip) => {
    if (slip.kind === "close_date" && isEmpty(slip.new)) return t("dateGone");
    if (slip.kind === "amount" && isEmpty(slip.new)) return t("amountGone");
    return slip.days ? `${t(`slip.${slip.kind}`)} ${t("byDays", { count: slip.days })}` : t(`slip.${slip.kind}`);
  };
}

/** From what to what it slipped. */
export function SlipValues({ slip }: { slip: Slip }) {
  const { t } = useTranslation("saleLog");
  const field = useObject("opportunity")?.fields.find((it) => it.key === FIELDS[slip.kind]);
  if (!field) return null;
  return (
    <span className={classes.values}>
      <span className={classes.old}>
        <span className="visually-hidden">{t("was")} </span>
        <FieldShow field={field} value={slip.old} refs={{}} />
      </span>
      <IconArrowRight size={13} aria-label={t("became")} />
      <span>{isEmpty(slip.new) ? t("nothing") : <FieldShow field={field} value={slip.new} refs={{}} />}</span>
    </span>
  );
}
