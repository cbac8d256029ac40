import { Tabs } from "@mantine/core";
import { IconGauge } from "@tabler/icons-react";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMyHoldings, type Holding } from "~/api/holdings";
import { useObject } from "~/api/queries";
import type { Refs } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { formatDecimal } from "~/ui/format";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { HeldBar } from "./HeldBar";
import classes from "./holding.module.css";
import { LimitFrom } from "./LimitFrom";
import { TeamHoldings } from "./TeamHoldings";
import { RoomWord } from "./RoomWord";
import { sortHoldings } from "./usage";
import { WaitingLines } from "./WaitingLines";

/** How many one may have and has, and how it stands with those one leads. */
export function MyHoldings() {
  const { t } = useTranslation("holding");
  const navigate = useNavigate();
  const { tab } = useSearch({ strict: false }) as { tab?: string };
  const chosen = tab === "team" ? "team" : "mine";
  return (
    <Page title={t("mine")} above={t("mineHint")}>
      <Tabs value={chosen} keepMounted={false} onChange={(next) => void navigate({ to: "/holdings", search: next === "team" ? { tab: "team" } : {}, replace: true })}>
        <Tabs.List mb="md">
          <Tabs.Tab value="mine">{t("tabs.mine")}</Tabs.Tab>
          <Tabs.Tab value="team">{t("tabs.team")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="mine">
          <WaitingLines />
          <Mine />
        </Tabs.Panel>
        <Tabs.Panel value="team">
          <TeamHoldings />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function Mine() {
  const { t } = useTranslation("holding");
  const holdings = useMyHoldings();
  if (holdings.isError) return <ErrorState error={holdings.error} onRetry={() => void holdings.refetch()} />;
  if (!holdings.data) return <RowSkeletons rows={4} height={60} />;
  const items = sortHoldings(holdings.data.items);
  if (items.length === 0) {
    return (
      <EmptyState icon={<IconGauge size={32} stroke={1.4} />} title={t("mineNone")}>
        {t("mineNoneHint")}
      </EmptyState>
    );
  }
  return (
    <ul className={classes.holdings} aria-label={t("mine")}>
      {items.map((item) => (
        <HoldingCard key={`${item.rule.id} ${item.subject.id}`} holding={item} refs={holdings.data.refs ?? {}} />
      ))}
    </ul>
  );
}

/** One rule as it stands for oneself. */
function HoldingCard({ holding, refs }: { holding: Holding; refs: Refs }) {
  const { t } = useTranslation("holding");
  const label = useLabel();
  const language = useLanguage();
  const object = useObject(holding.object);
  const number = (value: number) => formatDecimal(value, language);
  return (
    <li className={classes.holding}>
      <span className={classes.holdingHead}>
        <span className={classes.name}>{holding.rule.name}</span>
        <RoomWord limit={holding.limit} held={holding.held} />
      </span>
      <HeldBar limit={holding.limit} held={holding.held} mine={holding.shared ? (holding.mine ?? 0) : undefined} name={holding.rule.name} />
      <p className={classes.fine}>
        {label(object?.plural)}
        {holding.shared && ` · ${t("sharedWith", { name: refs[holding.subject.id]?.name ?? "…" })}, ${t("sharedMine", { count: holding.mine ?? 0, shown: number(holding.mine ?? 0) })}`}
        <LimitFrom from={holding.limit_from} before=" · " />
      </p>
      {holding.rule.note && <p className={classes.fine}>{holding.rule.note}</p>}
      {holding.filter && (holding.mine ?? 0) > 0 && (
        <span className={classes.links}>
          <Link to="/o/$object" params={{ object: holding.object }} search={{ filter: holding.filter }} aria-label={`${t("seeCounted")}: ${holding.rule.name}`}>
            {t("seeCounted")}
          </Link>
        </span>
      )}
    </li>
  );
}
