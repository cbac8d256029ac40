import { Badge, Button, Chip, Text } from "@mantine/core";
import { IconMailCheck } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { MAIL_STATES, useMail, useRetryMail, type Mail, type MailState } from "~/api/mail";
import type { Refs } from "~/api/types";
import section from "~/security/security.module.css";
import { EmptyState } from "~/ui/EmptyState";
import { ErrorState } from "~/ui/ErrorState";
import { Instant } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { toldOfRefusal } from "~/ui/undoable";
import classes from "./mail.module.css";

const COLOURS: Record<MailState, string> = { waiting: "blue", sent: "brand", failed: "red", dropped: "gray" };

/** E-mails that wait, have gone or could not go; what they say is their readers' alone, save for the subject. */
export function OutgoingMail() {
  const { t } = useTranslation("mail");
  const [state, setState] = useState<MailState>();
  const mail = useMail(state);
  const items = mail.data?.pages.flatMap((page) => page.items) ?? [];
  const refs = Object.assign({}, ...(mail.data?.pages.map((page) => page.refs) ?? [])) as Refs;
  const counts = mail.data?.pages[0]?.counts;
  const count = (one: MailState) => (one === "waiting" ? counts?.waiting : one === "failed" ? counts?.failed : undefined);
  return (
    <section className={section.section} aria-labelledby="mail-outgoing">
      <h2 className={section.heading} id="mail-outgoing">
        {t("outgoing")}
      </h2>
      <p className={section.hint}>{t("outgoingHint")}</p>
      <Chip.Group value={state ?? "all"} onChange={(next) => setState(next === "all" ? undefined : (next as MailState))}>
        <div className={classes.chips} role="group" aria-label={t("state")}>
          <Chip value="all" size="xs" radius="xl" variant="light">
            {t("all")}
          </Chip>
          {MAIL_STATES.map((one) => (
            <Chip key={one} value={one} size="xs" radius="xl" variant="light">
              {t(`states.${one}`)} {count(one) || ""}
            </Chip>
          ))}
        </div>
      </Chip.Group>
      {mail.isError && !mail.data ? (
        <ErrorState compact error={mail.error} onRetry={() => void mail.refetch()} />
      ) : !mail.data ? (
        <RowSkeletons rows={4} />
      ) : items.length === 0 ? (
        <EmptyState icon={<IconMailCheck size={28} stroke={1.4} />} title={t("none")} />
      ) : (
        <ul className={classes.list}>
          {items.map((one) => (
            <MailLine key={one.id} mail={one} refs={refs} />
          ))}
        </ul>
      )}
      {mail.hasNextPage && (
        <Button variant="subtle" size="compact-sm" mt="xs" loading={mail.isFetchingNextPage} onClick={() => void mail.fetchNextPage()}>
          {t("more")}
        </Button>
      )}
    </section>
  );
}

function MailLine({ mail, refs }: { mail: Mail; refs: Refs }) {
  const { t } = useTranslation("mail");
  const retry = useRetryMail();
  const who = refs[mail.person]?.name ?? mail.address ?? t("someone");
  const kind = mail.kind === "digest" ? t("digest") : t("notice");
  return (
    <li className={classes.mail}>
      <Badge color={COLOURS[mail.state]}>{t(`states.${mail.state}`)}</Badge>
      <div className={classes.what}>
        <Text size="sm" fw={550} truncate>
          {mail.subject || kind}
        </Text>
        <Text size="xs" c="dimmed">
          {[who, mail.address].filter((part, index, all) => part && all.indexOf(part) === index).join(" · ")} · <Instant value={mail.ended_at ?? mail.created_at} />
          {mail.attempts > 1 && <> · {t("attempts", { count: mail.attempts })}</>}
        </Text>
        {mail.message && mail.state !== "sent" && (
          <Text size="xs" c={mail.state === "failed" ? "var(--danger)" : "dimmed"} style={{ overflowWrap: "anywhere" }}>
            {mail.message}
          </Text>
        )}
        {mail.state === "waiting" && mail.attempts > 0 && mail.run_at && (
          <Text size="xs" c="dimmed">
            {t("nextAttempt")} <Instant value={mail.run_at} />
          </Text>
        )}
      </div>
      {(mail.state === "failed" || (mail.state === "waiting" && mail.attempts > 0)) && (
        <Button size="compact-sm" variant="default" loading={retry.isPending} onClick={() => retry.mutate(mail.id, { onError: toldOfRefusal })}>
          {t("retry")}
        </Button>
      )}
    </li>
  );
}
