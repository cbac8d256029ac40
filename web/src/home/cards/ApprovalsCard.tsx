import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { listed, useApprovals } from "~/api/approvals";
import { ApprovalLine } from "~/approvals/ApprovalLine";
import approvals from "~/approvals/approvals.module.css";
import { Card } from "../Card";
import type { CardProps } from "../kinds";

const SHOWN = 8;

/** What waits for one's answer. */
export function ApprovalsCard({ card }: CardProps) {
  const { t } = useTranslation("home");
  const { t: words } = useTranslation("approvals");
  const waiting = useApprovals("to_do");
  const { items, refs } = listed(waiting.data);
  return (
    <Card title={card.title ?? words("title")} more={<Link to="/approvals">{t("all")}</Link>} error={waiting.error} onRetry={() => void waiting.refetch()} ready={waiting.data !== undefined} empty={items.length === 0 ? words("none_to_do") : undefined}>
      <ul className={approvals.list} data-plain>
        {items.slice(0, SHOWN).map((approval) => (
          <ApprovalLine key={`${approval.id} ${approval.my_task ?? ""}`} approval={approval} refs={refs} />
        ))}
      </ul>
    </Card>
  );
}
