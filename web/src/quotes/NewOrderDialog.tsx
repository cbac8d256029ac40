import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { findingsOfError } from "~/api/problem";
import { useObject } from "~/api/queries";
import type { Rec, Value } from "~/api/types";
import { isEmpty } from "~/fields/contract";
import { FieldForm, GeneralFindings } from "~/fields/FieldForm";
import { told } from "~/objects/told";
import { today } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { makeOrder, useAfterMoney } from "./api";

const ASKED = ["name", "order_date", "delivery_date", "customer_reference"];

/** Makes an order of a won deal or an accepted quote; its lines come along. */
export function NewOrderDialog({ from, onClose }: { from: Rec; onClose: () => void }) {
  const { t } = useTranslation("quotes");
  const navigate = useNavigate();
  const after = useAfterMoney();
  const zone = useTimeZone();
  const order = useObject("sales_order");
  const fields = (order?.fields ?? []).filter((field) => ASKED.includes(field.key) && field.access === "write");
  const [draft, setDraft] = useState<Record<string, Value>>({ name: from.fields.name, order_date: today(zone) });
  const [key] = useState(() => crypto.getRandomValues(new Uint32Array(4)).join("-"));
  const make = useMutation({
    mutationFn: () => {
      const given = Object.fromEntries(Object.entries(draft).filter(([field, value]) => !isEmpty(value) && fields.some((it) => it.key === field)));
      return makeOrder(from, { fields: given }, `${key}-${JSON.stringify(given)}`.slice(0, 200));
    },
    onSuccess: ({ record, converted }) => {
      after(record);
      onClose();
      if (!record) return;
      told([t("orderMade", { number: String(record.fields.number ?? "") }), converted && converted.length > 0 && t("converted", { count: converted.length })].filter(Boolean).join(" "));
      void navigate({ to: "/o/$object/$id", params: { object: "sales_order", id: record.id } });
    },
  });
  const findings = findingsOfError(make.error, ASKED);
  return (
    <Modal opened onClose={onClose} title={t("newOrderTitle")} size={560}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {t(from.object === "quote" ? "orderFromQuote" : "orderFromDeal")}
          </Text>
          <GeneralFindings findings={findings} />
          <FieldForm fields={fields} values={draft} findings={{ byField: findings.byField, general: [] }} onChange={(field, value) => setDraft((now) => ({ ...now, [field]: value }))} autoFocus />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t("makeOrder")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
