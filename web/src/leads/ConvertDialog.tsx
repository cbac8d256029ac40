import { Alert, Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { PARTS, useConversionOffer, useConvert, type ConversionOffer, type Part } from "~/api/leads";
import { findingsOf, messageOf } from "~/api/problem";
import { useObjects } from "~/api/queries";
import type { Rec } from "~/api/types";
import { NoRoom } from "~/holding/NoRoom";
import { isNoRoom } from "~/holding/refusal";
import { ErrorState } from "~/ui/ErrorState";
import { byPart, startOfPart, wantedOf, type Choice } from "./conversionParts";
import { ConversionPart } from "./ConversionPart";

type Props = { record: Rec; name: string; onClose: () => void };

/** Makes an account, a contact and a deal of a lead: the mapping fills them in, and what is there already is offered. */
export function ConvertDialog({ record, name, onClose }: Props) {
  const { t } = useTranslation("leads");
  const offer = useConversionOffer(record.id);
  const title = t("convertTitle", { name });
  return (
    <Modal opened onClose={onClose} title={title} size={720} closeOnClickOutside={false} closeButtonProps={{ "aria-label": t("close", { ns: "ui" }) }}>
      {offer.isError ? <ErrorState compact error={offer.error} onRetry={() => void offer.refetch()} /> : offer.data ? <Form offer={offer.data} record={record} name={name} onClose={onClose} /> : <Loader size={22} role="status" aria-label={title} />}
    </Modal>
  );
}

function Form({ offer, record, name, onClose }: Props & { offer: ConversionOffer }) {
  const { t } = useTranslation("leads");
  const navigate = useNavigate();
  const objects = useObjects();
  const convert = useConvert(record.id);
  const form = useRef<HTMLFormElement>(null);
  const sent = useRef<{ body: string; key: string }>(undefined);
  const parts = PARTS.filter((part) => offer.parts[part] && objects.some((object) => object.key === part));
  const [choices, setChoices] = useState<Partial<Record<Part, Choice>>>(() => Object.fromEntries(parts.map((part) => [part, startOfPart(part, offer.parts[part]!)])));
  // Fields that a refusal named stay on the form once they are filled in.
  const [asked, setAsked] = useState<Partial<Record<Part, string[]>>>({});
  const refused = convert.error instanceof ApiProblem ? convert.error.violations : [];
  // That there is no room for what it becomes is told for the whole of it.
  const violations = refused.filter((it) => !isNoRoom(it));
  const { of, whole } = byPart(violations, parts);
  const converted = whole.find((violation) => violation.code === "lead.converted");
  const general = convert.error && refused.length === 0 ? [messageOf(convert.error)] : findingsOf(whole, []).general;

  const submit = () => {
    const wanted = { account: wantedOf(choices.account), contact: wantedOf(choices.contact), opportunity: wantedOf(choices.opportunity) };
    const body = JSON.stringify(wanted);
    if (sent.current?.body !== body) sent.current = { body, key: crypto.getRandomValues(new Uint32Array(4)).join("-") };
    convert.mutate(
      { version: record.version, wanted, key: sent.current.key },
      {
        onSuccess: (done) => {
          notifications.show({ message: t("converted", { name }), color: "brand" });
          onClose();
          const made = done.opportunity ?? done.account ?? done.contact;
          if (made) void navigate({ to: "/o/$object/$id", params: { object: made.object, id: made.id } });
        },
        onError: (error) => {
          if (error instanceof ApiProblem) {
            const told = byPart(error.violations, parts).of;
            setAsked((now) => Object.fromEntries(parts.map((part) => [part, [...new Set([...(now[part] ?? []), ...(told[part] ?? []).map((violation) => violation.path ?? "")])]])));
          }
          setTimeout(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true], [role=alert]")?.focus(), 60);
        },
      },
    );
  };

  return (
    <form
      ref={form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="lg">
        <NoRoom violations={refused} />
        {general.length > 0 && (
          <Alert color="red" variant="light" role="alert" tabIndex={-1}>
            {general.map((message) => (
              <div key={message}>{message}</div>
            ))}
            {PARTS.map((part) => {
              const id = converted?.params?.[part];
              return typeof id === "string" ? (
                <div key={part}>
                  <Link to="/o/$object/$id" params={{ object: part, id }} onClick={onClose}>
                    {t(`open.${part}`)}
                  </Link>
                </div>
              ) : null;
            })}
          </Alert>
        )}
        <Text size="sm" c="dimmed">
          {t("convertText")}
        </Text>
        {parts.map((part) => (
          <ConversionPart
            key={part}
            part={part}
            offered={offer.parts[part]!}
            refs={offer.refs}
            choice={choices[part]!}
            asked={asked[part] ?? []}
            violations={of[part] ?? []}
            onChange={(choice) => setChoices((now) => ({ ...now, [part]: choice }))}
          />
        ))}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            {t("cancel", { ns: "ui" })}
          </Button>
          <Button type="submit" loading={convert.isPending}>
            {t("convert")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
