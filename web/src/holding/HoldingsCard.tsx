import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMyHoldings } from "~/api/holdings";
import { Card } from "~/home/Card";
import home from "~/home/Home.module.css";
import { HeldBar } from "./HeldBar";
import { sortHoldings } from "./usage";

const SHOWN = 4;

/** One's limits on the home page, the tightest first. */
export function HoldingsCard({ title }: { title?: string }) {
  const { t } = useTranslation("holding");
  const holdings = useMyHoldings();
  const items = sortHoldings((holdings.data?.items ?? []).filter((it) => it.limit !== null)).slice(0, SHOWN);
  return (
    <Card title={title ?? t("card")} more={<Link to="/holdings">{t("all", { ns: "home" })}</Link>} error={holdings.error} onRetry={() => void holdings.refetch()} ready={holdings.data !== undefined} empty={items.length === 0 ? t("noLimits") : undefined}>
      <ul className={home.deals}>
        {items.map((item) => (
          <li key={`${item.rule.id} ${item.subject.id}`} className={home.deal} style={{ alignItems: "center" }}>
            <span className={home.name}>{item.rule.name}</span>
            <HeldBar limit={item.limit} held={item.held} mine={item.shared ? (item.mine ?? 0) : undefined} name={item.rule.name} />
          </li>
        ))}
      </ul>
    </Card>
  );
}
