import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useWait, useWaitingList } from "~/api/holdings";
import { messageOf } from "~/api/problem";
import { told } from "~/objects/told";
import classes from "./holding.module.css";

/** Joins the line for room, says one's place in it, and leaves it. */
export function WaitForRoom({ object, record, rules }: { object: string; record?: string; /** Those that were met, where no record is named. */ rules?: string[] }) {
  const { t } = useTranslation("holding");
  const list = useWaitingList();
  const { join, leave } = useWait();
  const place = list.data?.items.find((item) => item.object === object && (item.record ?? undefined) === record);
  const error = join.error ?? leave.error;
  return (
    <Group gap="sm">
      {place ? (
        <>
          <span>{t("place", { place: place.place })}</span>
          <Button type="button" size="compact-sm" variant="default" loading={leave.isPending} onClick={() => leave.mutate(place.id, { onSuccess: () => told(t("left")) })}>
            {t("leave")}
          </Button>
        </>
      ) : (
        <Button type="button" size="compact-sm" variant="default" loading={join.isPending} onClick={() => join.mutate({ object, record, ...(record ? {} : { rules }) }, { onSuccess: (now) => told(t("joined", { place: now.place })) })}>
          {t("wait")}
        </Button>
      )}
      <span className={classes.fine}>{error ? messageOf(error) : t("waitHint")}</span>
    </Group>
  );
}
