import { IconRubberStamp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useApprovalsOf } from "~/api/approvals";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { ApprovalLine } from "./ApprovalLine";
import classes from "./approvals.module.css";

/** Every approval about a record, newest first. */
export function ApprovalsOf({ object, id }: { object: string; id: string }) {
  const { t } = useTranslation("approvals");
  const approvals = useApprovalsOf(object, id);
  if (approvals.isError && !approvals.data) return <ErrorState compact error={approvals.error} onRetry={() => void approvals.refetch()} />;
  if (!approvals.data) return <RowSkeletons rows={3} height={58} />;
  if (approvals.data.items.length === 0) return <EmptyState icon={<IconRubberStamp size={32} stroke={1.3} />} title={t("noneOfRecord")} />;
  return (
    <ul className={classes.list}>
      {approvals.data.items.map((approval) => (
        <ApprovalLine key={approval.id} approval={approval} refs={approvals.data.refs} />
      ))}
    </ul>
  );
}
