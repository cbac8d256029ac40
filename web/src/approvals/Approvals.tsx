import { Alert, Button, Checkbox, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconRubberStamp, IconSearch } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { listed, useAnswerMany, useApprovals, WHICH, type ApprovalAnswered, type ApprovalSummary, type Which } from "~/api/approvals";
import { messageOf } from "~/api/problem";
import { useMe } from "~/api/queries";
import { told } from "~/objects/told";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Page } from "~/ui/Page";
import { RowSkeletons } from "~/ui/Skeletons";
import { ApprovalLine } from "./ApprovalLine";
import classes from "./approvals.module.css";

const keyOf = (approval: ApprovalSummary) => `${approval.id}.${approval.my_task ?? ""}`;

/** What waits for one's answer, what one has answered, and what one has asked for. */
export function Approvals() {
  const { t } = useTranslation("approvals");
  const navigate = useNavigate();
  const me = useMe();
  const { which = "to_do" } = useSearch({ strict: false }) as { which?: Which };
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 200);
  const approvals = useApprovals(which, q);
  const { items, refs, total } = listed(approvals.data);
  const [chosen, setChosen] = useState<string[]>([]);
  const [asking, setAsking] = useState<"agree" | "reject">();
  const [refused, setRefused] = useState<ApprovalAnswered[]>([]);

  const offered = WHICH.filter((one) => one !== "all" || me.admin);
  const open = which === "to_do" ? items.filter((item) => item.can.includes("agree")) : [];
  const selected = open.filter((item) => chosen.includes(keyOf(item)));
  const toggle = (item: ApprovalSummary, on: boolean) => setChosen((now) => (on ? [...now, keyOf(item)] : now.filter((key) => key !== keyOf(item))));

  return (
    <Page
      title={t("title")}
      above={t("hint")}
      narrow
      below={
        <div className={classes.bar}>
          <SegmentedControl
            aria-label={t("which")}
            data={offered.map((one) => ({ value: one, label: one === which && total !== undefined && total > 0 ? `${t(one)} ${total}` : t(one) }))}
            value={which}
            onChange={(next) => {
              setChosen([]);
              setRefused([]);
              void navigate({ to: "/approvals", search: next === "to_do" ? {} : { which: next as Which }, replace: true });
            }}
          />
          <TextInput className={classes.find} aria-label={t("find")} placeholder={t("find")} leftSection={<IconSearch size={15} stroke={1.7} />} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        </div>
      }
    >
      {refused.length > 0 && <Refused refused={refused} items={items} onClose={() => setRefused([])} />}
      {approvals.isError && <ErrorState error={approvals.error} onRetry={() => void approvals.refetch()} />}
      {approvals.isPending && <RowSkeletons rows={5} height={58} />}
      {approvals.data && items.length === 0 && <EmptyState icon={<IconRubberStamp size={34} stroke={1.3} />} title={t(q ? "noneFound" : `none_${which}`)} />}
      {items.length > 0 && (
        <>
          {open.length > 1 && (
            <div className={classes.many} role="group" aria-label={t("selected", { count: selected.length })}>
              <Checkbox
                label={selected.length > 0 ? t("selected", { count: selected.length }) : t("selectAll")}
                checked={selected.length === open.length}
                indeterminate={selected.length > 0 && selected.length < open.length}
                onChange={(event) => setChosen(event.currentTarget.checked ? open.map(keyOf) : [])}
              />
              {selected.length > 0 && (
                <Group gap="xs">
                  <Button size="compact-md" onClick={() => setAsking("agree")}>
                    {t("agreeMany")}
                  </Button>
                  <Button size="compact-md" variant="default" onClick={() => setAsking("reject")}>
                    {t("rejectMany")}
                  </Button>
                </Group>
              )}
            </div>
          )}
          <ul className={classes.list}>
            {items.map((approval) => (
              <ApprovalLine
                key={keyOf(approval)}
                approval={approval}
                refs={refs}
                chosen={chosen.includes(keyOf(approval))}
                onChoose={open.length > 1 && open.includes(approval) ? (on) => toggle(approval, on) : undefined}
              />
            ))}
          </ul>
        </>
      )}
      {approvals.hasNextPage && (
        <Button variant="subtle" mt="sm" loading={approvals.isFetchingNextPage} onClick={() => void approvals.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
      {asking && (
        <ManyDialog
          act={asking}
          items={selected}
          onClose={() => setAsking(undefined)}
          onDone={(results) => {
            const open = results.filter((result) => !result.ok);
            setRefused(open);
            setChosen([]);
            setAsking(undefined);
            if (results.length > open.length) told(t("manyDone", { count: results.length - open.length }));
          }}
        />
      )}
    </Page>
  );
}

/** Each that could not be decided, with why. */
function Refused({ refused, items, onClose }: { refused: ApprovalAnswered[]; items: ApprovalSummary[]; onClose: () => void }) {
  const { t } = useTranslation("approvals");
  const nameOf = (id: string) => items.find((item) => item.id === id)?.record_name ?? t("hiddenRecord");
  return (
    <Alert color="red" variant="light" mb="md" role="alert" withCloseButton closeButtonLabel={t("close", { ns: "ui" })} onClose={onClose} title={t("manyRefused", { count: refused.length })}>
      <ul className={classes.refused}>
        {refused.map((one) => (
          <li key={`${one.id}.${one.task ?? ""}`}>
            {nameOf(one.id)}: {one.message ?? one.code}
          </li>
        ))}
      </ul>
    </Alert>
  );
}

/** Asks once before many are answered. */
function ManyDialog({ act, items, onClose, onDone }: { act: "agree" | "reject"; items: ApprovalSummary[]; onClose: () => void; onDone: (results: ApprovalAnswered[]) => void }) {
  const { t } = useTranslation("approvals");
  const [comment, setComment] = useState("");
  const answer = useAnswerMany();
  const submit = () =>
    answer.mutate(
      { act, comment: comment.trim() || undefined, items: items.map((item) => ({ id: item.id, task: item.my_task ?? undefined })) },
      { onSuccess: ({ results }) => onDone(results) },
    );
  return (
    <Modal opened onClose={onClose} title={t(act === "agree" ? "agreeManyTitle" : "rejectManyTitle", { count: items.length })} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Textarea label={t("comment")} description={act === "reject" ? t("commentToReject") : undefined} withAsterisk={act === "reject"} autosize minRows={2} data-autofocus value={comment} onChange={(event) => setComment(event.currentTarget.value)} />
          {answer.isError && (
            <Text c="var(--danger)" size="sm" role="alert">
              {messageOf(answer.error)}
            </Text>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" color={act === "reject" ? "red.8" : undefined} loading={answer.isPending} disabled={act === "reject" && !comment.trim()}>
              {t(act === "agree" ? "agreeMany" : "rejectMany")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
