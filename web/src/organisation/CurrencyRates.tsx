import { ActionIcon, Badge, Button, Group, Select, Table, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslation } from "react-i18next";
import { del, get, post } from "~/api/http";
import { findingsOfError } from "~/api/problem";
import { keys } from "~/api/queries";
import type { CurrencyRate, Rates } from "~/api/types";
import { useLanguage } from "~/i18n";
import { told } from "~/objects/told";
import { ConfirmDialog } from "~/ui/ConfirmButton";
import { ErrorState } from "~/ui/ErrorState";
import { Day, useTimeZone } from "~/ui/Instant";
import { RowSkeletons } from "~/ui/Skeletons";
import { today } from "~/ui/format";
import { currencies } from "./calendarNames";
import { ratesByCurrency } from "./currentRates";
import { PasteRates } from "./PasteRates";

/** Dated rates of other currencies. */
export function CurrencyRates({ main, editable }: { main: string; editable: boolean }) {
  const { t } = useTranslation("organisation");
  const language = useLanguage();
  const client = useQueryClient();
  const now = today(useTimeZone());
  const rates = useQuery({
    queryKey: keys.rates,
    queryFn: () => get<Rates>("/currency-rates"),
    refetchInterval: (query) => ((query.state.data?.converting.length ?? 0) > 0 ? 2000 : false),
  });
  const empty: CurrencyRate = { currency: "", day: now, rate: "" };
  const [draft, setDraft] = useState(empty);
  const [opened, setOpened] = useState<string>();
  const [removed, setRemoved] = useState<CurrencyRate>();
  const [pasting, setPasting] = useState(false);
  const refresh = () => {
    for (const queryKey of [keys.rates, ["board"], ["records"]]) void client.invalidateQueries({ queryKey });
  };
  const converting = rates.data?.converting.join(", ") ?? "";
  useEffect(() => {
    if (!converting) return;
    // Totals are right once nothing is left to convert.
    return () => {
      for (const queryKey of [["board"], ["records"]]) void client.invalidateQueries({ queryKey });
    };
  }, [client, converting]);

  const add = useMutation({
    mutationFn: () => post("/currency-rates", { ...draft, rate: draft.rate.trim() }),
    onSuccess: () => {
      setDraft(empty);
      notifications.show({ icon: <IconCheck size={18} />, message: t("rateSaved") });
      refresh();
    },
  });
  const findings = findingsOfError(add.error, ["currency", "day", "rate"]);
  const errorAt = (field: string) => findings.byField[field]?.join(" ");

  if (rates.isError) return <ErrorState compact error={rates.error} onRetry={() => void rates.refetch()} />;
  if (!rates.data) return <RowSkeletons rows={4} />;
  return (
    <>
      {converting && (
        <Text role="status" size="sm" mb="sm">
          {t("ratesConverting", { currencies: converting })}
        </Text>
      )}
      {rates.data.items.length === 0 ? (
        <Text c="dimmed" mb="sm">
          {t("ratesEmpty")}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={280} mb="md">
          <Table verticalSpacing={6} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("currency")}</Table.Th>
                <Table.Th>{t("day")}</Table.Th>
                <Table.Th ta="right">{t("rate", { main })}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {ratesByCurrency(rates.data.items, now).map(({ currency, shown, all }) =>
                (opened === currency ? all : [shown]).map((rate, at) => (
                  <Table.Tr key={`${rate.currency}-${rate.day}`}>
                    <Table.Td fw={550}>{at === 0 && currency}</Table.Td>
                    <Table.Td>
                      <Day value={rate.day} />
                    </Table.Td>
                    <Table.Td ta="right" className="figures">
                      {rate.rate}
                    </Table.Td>
                    <Table.Td>
                      <Group gap={6} justify="space-between" wrap="nowrap">
                        {rate.current ? <Badge visibleFrom="sm">{t("current")}</Badge> : <span />}
                        <Group gap={4} wrap="nowrap">
                          {at === 0 && all.length > 1 && (
                            <Button variant="subtle" size="compact-xs" aria-expanded={opened === currency} onClick={() => setOpened(opened === currency ? undefined : currency)}>
                              {t("history", { count: all.length })}
                            </Button>
                          )}
                          {editable && (
                            <ActionIcon variant="subtle" aria-label={t("rateRemove", { currency, day: rate.day })} onClick={() => setRemoved(rate)}>
                              <IconX size={15} />
                            </ActionIcon>
                          )}
                        </Group>
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                )),
              )}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {editable && (
        <form
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <Group align="flex-start" gap="sm">
            <Select
              label={t("currency")}
              data={currencies(language).filter((it) => it.value !== main)}
              searchable
              limit={60}
              w={200}
              value={draft.currency || null}
              error={errorAt("currency")}
              onChange={(currency) => setDraft({ ...draft, currency: currency ?? "" })}
            />
            <TextInput label={t("day")} type="date" value={draft.day} error={errorAt("day")} onChange={(event) => setDraft({ ...draft, day: event.currentTarget.value })} />
            <TextInput
              label={t("rate", { main })}
              inputMode="decimal"
              w={130}
              value={draft.rate}
              error={errorAt("rate")}
              onChange={(event) => setDraft({ ...draft, rate: event.currentTarget.value })}
            />
            <Button type="submit" mt={22} leftSection={<IconPlus size={16} />} loading={add.isPending} disabled={!draft.currency || !draft.rate.trim() || !draft.day}>
              {t("addRate")}
            </Button>
            <Button variant="subtle" mt={22} onClick={() => setPasting(true)}>
              {t("ratesPaste")}
            </Button>
          </Group>
          {findings.general.map((message) => (
            <Text key={message} role="alert" size="sm" c="var(--danger)" mt={4}>
              {message}
            </Text>
          ))}
        </form>
      )}
      <ConfirmDialog
        opened={removed !== undefined}
        onClose={() => setRemoved(undefined)}
        title={t("rateRemoveTitle")}
        text={t("rateRemoveText")}
        confirm={t("remove")}
        danger
        onConfirm={async () => {
          if (!removed) return;
          await del(`/currency-rates/${removed.currency}/${removed.day}`);
          told(t("rateRemoved"));
          refresh();
        }}
      />
      {pasting && <PasteRates onClose={() => setPasting(false)} onSet={refresh} />}
    </>
  );
}
