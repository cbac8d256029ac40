import { Input, Select } from "@mantine/core";
import { useId } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "~/api/http";
import { keys, useMe } from "~/api/queries";
import type { MoneyValue, Rates } from "~/api/types";
import { Money } from "~/ui/Money";
import type { EditProps, FieldKind } from "./contract";
import { DecimalInput } from "./DecimalInput";
import classes from "./Currency.module.css";

/** The currencies in which one may enter amounts: the main one and those in use that have a rate; the present one stays. */
function useCurrencies(current: string | undefined): string[] {
  const { main_currency: main, currencies: active = [] } = useMe().organisation;
  const rates = useQuery({ queryKey: keys.rates, queryFn: () => get<Rates>("/currency-rates"), staleTime: 5 * 60_000 });
  return [...new Set([main, ...(current ? [current] : []), ...(rates.data?.items ?? []).map((rate) => rate.currency).filter((code) => active.length === 0 || active.includes(code)).sort()])];
}

function CurrencyEdit(props: EditProps) {
  const { t } = useTranslation("fields");
  const own = useId();
  const id = props.id ?? own;
  const main = useMe().organisation.main_currency;
  const money = props.value && typeof props.value === "object" && "amount" in props.value ? (props.value as MoneyValue) : undefined;
  const currency = money?.currency ?? main;
  const currencies = useCurrencies(money?.currency);
  return (
    <Input.Wrapper label={props.label} description={props.description} error={props.error} withAsterisk={props.required} id={id}>
      <div className={classes.pair}>
        <DecimalInput
          id={id}
          aria-label={props["aria-label"]}
          autoFocus={props.autoFocus}
          data-autofocus={props.autoFocus || undefined}
          error={Boolean(props.error)}
          value={money?.amount}
          onChange={(amount) => props.onChange(amount === null ? null : { amount, currency })}
        />
        <Select
          aria-label={t("currency")}
          data={currencies}
          value={currency}
          allowDeselect={false}
          searchable={currencies.length > 6}
          onChange={(chosen) => money && props.onChange({ amount: money.amount, currency: chosen ?? main })}
          disabled={!money && currencies.length > 1 ? false : currencies.length < 2}
        />
      </div>
    </Input.Wrapper>
  );
}

export const currency: FieldKind = {
  figures: true,
  Show: ({ value }) => <Money value={value as MoneyValue | null} short />,
  Edit: CurrencyEdit,
};
