import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useWait, useWaitingList } from "~/api/holdings";
import { useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";
import { told } from "~/objects/told";
import classes from "./holding.module.css";

/** Where one stands in line for room. */
export function WaitingLines() {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const objects = useObjects();
  const list = useWaitingList();
  const { leave } = useWait();
  const items = list.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={classes.card} aria-label={t("waiting")}>
      <h2 className={classes.heading}>{t("waiting")}</h2>
      <p className={classes.fine}>{t("waitHint")}</p>
      <ul className={classes.frees} style={{ marginTop: 8 }}>
        {items.map((item) => {
          const what = (item.record && list.data?.refs?.[item.record]?.name) || label(objects.find((it) => it.key === item.object)?.plural);
          return (
            <li key={item.id}>
              <span>
                {item.record ? (
                  <Link to="/o/$object/$id" params={{ object: item.object, id: item.record }}>
                    {what}
                  </Link>
                ) : (
                  what
                )}{" "}
                <span className={classes.fine}>{t("place", { place: item.place })}</span>
              </span>
              <Button size="compact-sm" variant="default" aria-label={`${t("leave")}: ${what}`} loading={leave.isPending} onClick={() => leave.mutate(item.id, { onSuccess: () => told(t("left")) })}>
                {t("leave")}
              </Button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
