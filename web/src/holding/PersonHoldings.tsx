import { Paper } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useTeamHoldings } from "~/api/holdings";
import classes from "./holding.module.css";
import { RuleRooms } from "./RuleRooms";
import { sortHoldings } from "./usage";

/** On a person's page: how much of what he may have he has, for himself and those who lead him. Nothing where no rule reaches him. */
export function PersonHoldings({ person }: { person: string }) {
  const { t } = useTranslation("holding");
  const page = useTeamHoldings({ person }).data?.pages[0];
  const items = sortHoldings([...(page?.people[0]?.items ?? []), ...(page?.people.length ? page.shared : [])]);
  if (items.length === 0) return null;
  return (
    <Paper component="section" className={classes.onPerson} aria-labelledby="holdings-of-person">
      <h2 className={classes.heading} id="holdings-of-person">
        {t("ofPerson")}
      </h2>
      <RuleRooms mixed label={t("ofPerson")} rooms={items} refs={page?.refs} />
    </Paper>
  );
}
