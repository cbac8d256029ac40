import { Alert, Button, Group } from "@mantine/core";
import { IconRubberStamp } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useApprovalsOf, useSubmit } from "~/api/approvals";
import type { Rec } from "~/api/types";
import { told } from "~/objects/told";
import { toldOfRefusal } from "~/ui/undoable";
import classes from "./approvals.module.css";
import { useWaits } from "./useWords";

/** The mark stands level with the words, however high the button beside them is. */
const LEVEL = { wrapper: { alignItems: "center" }, icon: { marginTop: 0 } };
const mark = <IconRubberStamp size={18} stroke={1.7} />;

/** For what a record waits and with whom that lies; of one that was not approved, the way to submit it again. */
export function ApprovalBanner({ record }: { record: Rec }) {
  if (record.approval) return <Waits record={record} approval={record.approval} />;
  return record.fields["lifecycle_status"] === "ineffective" ? <Ineffective record={record} /> : null;
}

function Waits({ record, approval }: { record: Rec; approval: NonNullable<Rec["approval"]> }) {
  const { t } = useTranslation("approvals");
  const waits = useWaits(approval, record.refs);
  const mine = approval.can?.includes("agree") || approval.can?.includes("resubmit");
  return (
    <Alert icon={mark} variant="light" styles={LEVEL} color={approval.state === "returned" ? "orange" : undefined}>
      <Group justify="space-between" gap="xs">
        <span>{waits}</span>
        <Button component={Link} to="/approvals/$id" params={{ id: approval.id } as never} size="compact-md" variant={mine ? "filled" : "default"}>
          {t(mine ? "decide" : "open")}
        </Button>
      </Group>
    </Alert>
  );
}

function Ineffective({ record }: { record: Rec }) {
  const { t } = useTranslation("approvals");
  const past = useApprovalsOf(record.object, record.id);
  const submit = useSubmit(record.object, record.id);
  const last = past.data?.items[0];
  return (
    <Alert icon={mark} variant="light" styles={LEVEL} color="orange">
      <Group justify="space-between" gap="xs">
        <span>
          {t("ineffective")}{" "}
          {last && (
            <Link to="/approvals/$id" params={{ id: last.id }} className={classes.inText}>
              {t("open")}
            </Link>
          )}
        </span>
        {record.can?.includes("submit") && (
          <Button size="compact-md" loading={submit.isPending} onClick={() => submit.mutate({ version: record.version }, { onSuccess: () => told(t("submitted")), onError: toldOfRefusal })}>
            {t("submitAgain")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
