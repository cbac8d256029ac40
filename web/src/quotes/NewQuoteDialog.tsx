import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { fetchList, useMe, useObject } from "~/api/queries";
import type { MoneyValue, Rec } from "~/api/types";
import { GeneralFindings } from "~/fields/FieldForm";
import { useLabel, useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { addDays, formatMoney, today } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { makeQuote, useAfterMoney, type Made } from "./api";

const VALID_DAYS = 30;

/** Makes a quote of a deal. Prices that had to be converted are told before one goes on. */
export function NewQuoteDialog({ deal, onClose }: { deal: Rec; onClose: () => void }) {
  const { t } = useTranslation("quotes");
  const label = useLabel();
  const language = useLanguage();
  const navigate = useNavigate();
  const after = useAfterMoney();
  const zone = useTimeZone();
  const main = useMe().organisation.main_currency;
  const currencies = useObject("quote")?.fields.find((field) => field.key === "currency")?.options?.filter((option) => option.active) ?? [];
  const books = useQuery({ queryKey: ["records", "price_book", "list", "offered"], queryFn: () => fetchList("price_book", { filter: { field: "active", op: "eq", value: true }, fields: ["name", "currency"], sort: "name", limit: 100 }) });
  const [name, setName] = useState(String(deal.fields.name ?? ""));
  const [currency, setCurrency] = useState<string | null>(null);
  const [book, setBook] = useState<string | null>(null);
  const [until, setUntil] = useState(addDays(today(zone), VALID_DAYS));
  const [withLines, setWithLines] = useState(true);
  const [key] = useState(() => crypto.getRandomValues(new Uint32Array(4)).join("-"));
  const [made, setMade] = useState<Made>();
  const open = (quote: Rec) => void navigate({ to: "/o/$object/$id", params: { object: "quote", id: quote.id } });
  const given = { name, currency: currency ?? undefined, price_book: book ?? undefined, valid_until: until, with_lines: withLines };
  const make = useMutation({
    mutationFn: () => makeQuote(deal.id, given, `${key}-${JSON.stringify(given).length}-${currency ?? ""}-${book ?? ""}-${until}`),
    onSuccess: (answer) => {
      after(answer.record);
      if ((answer.converted?.length ?? 0) > 0 || (answer.not_copied?.length ?? 0) > 0) return setMade(answer);
      onClose();
      if (answer.record) {
        told(t("made", { number: String(answer.record.fields.number ?? "") }));
        open(answer.record);
      }
    },
  });
  const findings = findingsOfError(make.error, ["name", "currency", "price_book", "valid_until"]);
  const at = (field: string) => findings.byField[field]?.join(" ");
  const amount = deal.fields.amount as MoneyValue | null | undefined;
  const chosen = books.data?.items.find((item) => item.id === book);
  // Lines in several currencies: which one the quote is to be in is the only question left.
  const several = make.error instanceof ApiProblem && make.error.violations.some((one) => one.code === "quote.several_currencies");
  if (made?.record) {
    const quote = made.record;
    return (
      <Modal opened onClose={() => (onClose(), open(quote))} title={t("made", { number: String(quote.fields.number ?? "") })} size={560}>
        <Stack gap="sm">
          {(made.converted?.length ?? 0) > 0 && (
            <>
              <Text size="sm">{t("converted", { count: made.converted!.length })}</Text>
              <ul style={{ margin: 0, paddingInlineStart: 18, fontSize: 13.5 }}>
                {made.converted!.map((one, index) => (
                  <li key={index}>
                    {one.name}: <span className="money">{formatMoney(one.from, language)}</span> → <span className="money">{formatMoney(one.to, language)}</span>
                  </li>
                ))}
              </ul>
            </>
          )}
          {(made.not_copied?.length ?? 0) > 0 && <Alert variant="light">{t("notCopied", { fields: made.not_copied!.join(", ") })}</Alert>}
          <Group justify="flex-end">
            <Button data-autofocus onClick={() => (onClose(), open(quote))}>
              {t("openQuote")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title={t("newTitle")} size={520}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Stack gap="sm">
          <GeneralFindings findings={findings} />
          <TextInput label={t("subject")} value={name} error={at("name")} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
          <Select
            label={t("priceBook")}
            description={t("priceBookHint")}
            placeholder={t("byRules")}
            clearable
            searchable
            data={(books.data?.items ?? []).map((item) => ({ value: item.id, label: `${String(item.fields.name)} (${String(item.fields.currency)})` }))}
            value={book}
            error={at("price_book")}
            onChange={setBook}
          />
          <Select
            label={t("currency")}
            placeholder={t("currencyPlaceholder", { currency: (chosen?.fields.currency as string | undefined) ?? amount?.currency ?? main })}
            description={several ? undefined : t("currencyHint")}
            clearable
            data={currencies.map((option) => ({ value: option.key, label: label(option.label) }))}
            value={currency}
            error={at("currency")}
            onChange={setCurrency}
          />
          <TextInput type="date" label={t("validUntil")} value={until} error={at("valid_until")} onChange={(event) => setUntil(event.currentTarget.value)} />
          <Checkbox label={t("withLines")} checked={withLines} onChange={(event) => setWithLines(event.currentTarget.checked)} />
          <Group justify="flex-end" gap="sm" mt="xs">
            <Button variant="default" onClick={onClose}>
              {t("cancel", { ns: "ui" })}
            </Button>
            <Button type="submit" loading={make.isPending}>
              {t("make")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
