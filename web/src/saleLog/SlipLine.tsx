import { Button, Group, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { messageOf } from "~/api/problem";
import { useExplainSlip, type Slip } from "~/api/slips";
import { Instant } from "~/ui/Instant";
import classes from "./saleLog.module.css";
import { SlipValues, useSlipTitle } from "./SlipText";

type Props = { deal: string; slip: Slip; by?: string; mayExplain: boolean };

/** One slip, with its reason, or the place to give it. */
export function SlipLine({ deal, slip, by, mayExplain }: Props) {
  const { t } = useTranslation("saleLog");
  const title = useSlipTitle()(slip);
  const [reason, setReason] = useState<string>();
  const explain = useExplainSlip(deal);
  const save = () => explain.mutate({ slip: slip.id, reason: reason ?? "" }, { onSuccess: () => setReason(undefined) });

  return (
    <li className={classes.line}>
      <div className={classes.lineHead}>
        <span className={classes.what}>{title}</span>
        <span className={classes.when}>
          {by ?? t("someone")} · <Instant value={slip.at} />
        </span>
      </div>
      <SlipValues slip={slip} />
      {slip.reason ? (
        <p className={classes.reason}>{slip.reason}</p>
      ) : (
        mayExplain &&
        (reason === undefined ? (
          <Button variant="subtle" size="compact-xs" className={classes.sayWhy} aria-label={t("sayWhyOf", { what: title })} onClick={() => setReason("")}>
            {t("sayWhy")}
          </Button>
        ) : (
          <form
            className={classes.form}
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <Textarea
              aria-label={t("why")}
              placeholder={t("why")}
              autosize
              minRows={1}
              maxLength={2000}
              data-autofocus
              autoFocus
              value={reason}
              error={explain.isError ? messageOf(explain.error) : undefined}
              onChange={(event) => setReason(event.currentTarget.value)}
              onKeyDown={(event) => event.key === "Escape" && setReason(undefined)}
            />
            <Group gap={6} mt={6}>
              <Button type="submit" size="compact-sm" disabled={!reason.trim()} loading={explain.isPending}>
                {t("save", { ns: "ui" })}
              </Button>
              <Button variant="subtle" size="compact-sm" onClick={() => setReason(undefined)}>
                {t("cancel", { ns: "ui" })}
              </Button>
            </Group>
          </form>
        ))
      )}
    </li>
  );
}
