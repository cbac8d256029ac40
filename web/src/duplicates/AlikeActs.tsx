import { Button, Group, Textarea } from "@mantine/core";
import { IconExternalLink, IconHandGrab, IconRotate2, IconUserPlus } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { claimRecord, restoreRecord, useAskToJoin } from "~/api/duplicates";
import { findingsOfError } from "~/api/problem";
import { keys } from "~/api/queries";
import { Day } from "~/ui/Instant";
import classes from "./duplicates.module.css";
import type { Alike } from "./matches";

type Props = { alike: Alike; name: string; owner?: string };

/** What one can do about a record that is alike, instead of making another: open, claim, restore it, or ask to join. */
export function AlikeActs({ alike, name, owner }: Props) {
  const { t } = useTranslation("duplicates");
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const join = useAskToJoin();
  const take = useMutation({
    mutationFn: (act: "claim" | "restore") => (act === "claim" ? claimRecord : restoreRecord)(alike.object, alike.id ?? ""),
    onSuccess: () => {
      for (const queryKey of [keys.records(alike.object), ["board"], ["duplicates"], ["search"]]) void client.invalidateQueries({ queryKey });
    },
  });
  const can = (act: (typeof alike.can)[number]) => alike.can.includes(act);
  const mayOpen = Boolean(alike.id) && (can("open") || take.isSuccess);
  if (join.isSuccess) {
    return (
      <p className={classes.done} role="status">
        {owner ? t("asked", { owner }) : t("askedOwner")} {t("askedUntil")} <Day value={join.data.answer_by.slice(0, 10)} />
      </p>
    );
  }
  const refusal = findingsOfError(take.error ?? join.error, []).general;
  return (
    <>
      {take.isSuccess && (
        <p className={classes.done} role="status">
          {t(take.variables === "claim" ? "claimed" : "restored")}
        </p>
      )}
      <Group gap={6} mt={6}>
        {mayOpen && (
          <Button component={Link} to="/o/$object/$id" params={{ object: alike.object, id: alike.id ?? "" } as never} target="_blank" size="compact-sm" variant="default" leftSection={<IconExternalLink size={14} stroke={1.7} />} aria-label={`${t("open")}: ${name}`}>
            {t("open")}
          </Button>
        )}
        {can("claim") && alike.id && !take.isSuccess && (
          <Button size="compact-sm" variant="light" loading={take.isPending} leftSection={<IconHandGrab size={14} stroke={1.7} />} onClick={() => take.mutate("claim")} aria-label={`${t("claim")}: ${name}`}>
            {t("claim")}
          </Button>
        )}
        {can("restore") && alike.id && !take.isSuccess && (
          <Button size="compact-sm" variant="light" loading={take.isPending} leftSection={<IconRotate2 size={14} stroke={1.7} />} onClick={() => take.mutate("restore")} aria-label={`${t("restore")}: ${name}`}>
            {t("restore")}
          </Button>
        )}
        {can("join") && !asking && (
          <Button size="compact-sm" variant="light" leftSection={<IconUserPlus size={14} stroke={1.7} />} onClick={() => setAsking(true)} aria-label={`${t("join")}: ${name}`}>
            {owner ? t("joinOwner", { owner }) : t("join")}
          </Button>
        )}
      </Group>
      {asking && (
        <div className={classes.asking}>
          <Textarea
            label={t("joinReason")}
            description={t("joinHint")}
            value={reason}
            autosize
            minRows={2}
            autoFocus
            onChange={(event) => setReason(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              // It gives up the asking, not the dialog around it.
              event.stopPropagation();
              setAsking(false);
            }}
          />
          <Group gap={6} mt={6}>
            <Button size="compact-sm" loading={join.isPending} onClick={() => join.mutate({ token: alike.token, reason: reason.trim() || undefined })}>
              {t("send")}
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => setAsking(false)}>
              {t("cancel", { ns: "ui" })}
            </Button>
          </Group>
        </div>
      )}
      {refusal.map((message) => (
        <p key={message} className={classes.refused} role="alert">
          {message}
        </p>
      ))}
    </>
  );
}
