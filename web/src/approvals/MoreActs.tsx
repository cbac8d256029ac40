import { Alert, Button, Group, Menu, Modal, Radio, Select, Stack, Text, Textarea } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useActOnApproval, type ActInput, type Approval, type ApprovalAct } from "~/api/approvals";
import { findingsOfError } from "~/api/problem";
import { RecordSelect } from "~/fields/RecordSelect";
import { told } from "~/objects/told";
import { toldOfRefusal } from "~/ui/undoable";
import { useNamed } from "./useWords";

/** Acts besides the two answers, in the order of the menu. */
const ASKED_ABOUT = ["comment", "reassign", "add_signer", "retrieve", "withdraw", "replace", "jump", "end"] as const;
type AskedAbout = (typeof ASKED_ABOUT)[number];
const DANGEROUS: ApprovalAct[] = ["withdraw", "end"];

/** Everything else that one may do with an approval. */
export function MoreActs({ approval }: { approval: Approval }) {
  const { t } = useTranslation("approvals");
  const [asking, setAsking] = useState<AskedAbout>();
  const act = useActOnApproval(approval.id);
  const open = ASKED_ABOUT.filter((one) => approval.can.includes(one));
  const urge = approval.can.includes("urge") && approval.waiting_for.length > 0;
  if (open.length === 0 && !urge) return null;
  return (
    <>
      {urge && (
        <Button variant="default" loading={act.isPending} onClick={() => act.mutate({ act: "urge" }, { onSuccess: () => told(t("actDone.urge")), onError: toldOfRefusal })}>
          {t("acts.urge")}
        </Button>
      )}
      {open.length > 0 && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button variant="default" leftSection={<IconDots size={16} stroke={1.7} />}>
              {t("moreActs")}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {open.map((one) => (
              <Menu.Item key={one} color={DANGEROUS.includes(one) ? "var(--danger)" : undefined} onClick={() => setAsking(one)}>
                {t(`acts.${one}`)}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {asking && <ActDialog key={asking} act={asking} approval={approval} onClose={() => setAsking(undefined)} />}
    </>
  );
}

function ActDialog({ act, approval, onClose }: { act: AskedAbout; approval: Approval; onClose: () => void }) {
  const { t } = useTranslation("approvals");
  const named = useNamed(approval.refs);
  const [comment, setComment] = useState("");
  const [person, setPerson] = useState<string | null>(null);
  const [place, setPlace] = useState<"before" | "after">("before");
  const [task, setTask] = useState<string | null>(null);
  const [node, setNode] = useState<string | null>(null);
  const [approve, setApprove] = useState(false);
  const doing = useActOnApproval(approval.id);
  const asked = approval.steps.flatMap((step) => step.people.filter((one) => one.state === "open" || one.state === "waiting"));
  const own = approval.my_task ?? undefined;
  const namesSomebody = act === "reassign" || act === "add_signer" || act === "replace";
  const input: ActInput = {
    act,
    comment: comment.trim() || undefined,
    ...(act === "reassign" ? { task: own, to: person ?? undefined } : {}),
    ...(act === "add_signer" ? { task: own, person: person ?? undefined, place } : {}),
    ...(act === "replace" ? { task: Number(task ?? asked[0]?.task), to: person ?? undefined } : {}),
    ...(act === "retrieve" ? { task: approval.retrieves ?? undefined } : {}),
    ...(act === "jump" ? { node: node ?? undefined } : {}),
    ...(act === "end" ? { approve } : {}),
  };
  const ready = (!namesSomebody || person !== null) && (act !== "jump" || node !== null) && (act !== "comment" || comment.trim() !== "");
  const findings = findingsOfError(doing.error, ["comment", "to", "person", "node"]);
  return (
    <Modal opened onClose={onClose} title={t(`titles.${act}`)} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) {
            doing.mutate(input, {
              onSuccess: () => {
                told(t(`actDone.${act}`));
                onClose();
              },
            });
          }
        }}
      >
        <Stack gap="md">
          {act !== "comment" && <Text size="md">{t(`texts.${act}`)}</Text>}
          {act === "replace" && (
            <Select label={t("instead")} data={asked.map((one) => ({ value: String(one.task), label: named.one(one.person) }))} value={task ?? String(asked[0]?.task ?? "")} onChange={setTask} allowDeselect={false} />
          )}
          {namesSomebody && (
            <RecordSelect
              object="employee"
              label={t("person")}
              filter={{ field: "active", op: "eq", value: true }}
              value={person}
              error={[...(findings.byField["to"] ?? []), ...(findings.byField["person"] ?? [])].join(" ") || undefined}
              onChange={(id) => setPerson(id)}
              data-autofocus
            />
          )}
          {act === "add_signer" && (
            <Radio.Group label={t("place")} value={place} onChange={(next) => setPlace(next as typeof place)}>
              <Stack gap={8} mt={6}>
                {(["before", "after"] as const).map((it) => (
                  <Radio key={it} value={it} label={t(it)} />
                ))}
              </Stack>
            </Radio.Group>
          )}
          {act === "jump" && (
            <Select label={t("step")} data={approval.jump_to.map((one) => ({ value: one.node, label: one.name || one.node }))} value={node} error={findings.byField["node"]?.join(" ")} onChange={setNode} allowDeselect={false} />
          )}
          {act === "end" && (
            <Radio.Group label={t("outcome")} value={approve ? "approved" : "rejected"} onChange={(next) => setApprove(next === "approved")}>
              <Stack gap={8} mt={6}>
                <Radio value="approved" label={t("asApproved")} />
                <Radio value="rejected" label={t("asRejected")} />
              </Stack>
            </Radio.Group>
          )}
          <Textarea label={t("comment")} autosize minRows={2} data-autofocus={act === "comment" || undefined} withAsterisk={act === "comment"} value={comment} error={findings.byField["comment"]?.join(" ")} onChange={(event) => setComment(event.currentTarget.value)} />
          {findings.general.length > 0 && (
            <Alert color="red" variant="light" role="alert">
              {findings.general.map((message) => (
                <div key={message}>{message}</div>
              ))}
            </Alert>
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" color={DANGEROUS.includes(act) ? "red.8" : undefined} loading={doing.isPending} disabled={!ready}>
              {t(`confirm.${act}`)}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
