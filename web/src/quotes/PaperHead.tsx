import { Alert, Button, Group, Menu, Text, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconHistory, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useObject } from "~/api/queries";
import type { MoneyValue, Rec } from "~/api/types";
import { useLabel, useLanguage } from "~/i18n";
import { formatDay, formatMoney, today } from "~/ui/format";
import { useTimeZone } from "~/ui/Instant";
import { ordersOfQuote, versionsOf } from "./api";
import { PaperStatus } from "./PaperStatus";
import classes from "./quotes.module.css";

/** Where a quote or an order stands, of which version it is, and what one must know before using it. */
export function PaperHead({ record }: { record: Rec }) {
  return record.object === "quote" ? <QuoteHead record={record} /> : <OrderHead record={record} />;
}

const PATH: Record<string, string[]> = { quote: ["draft", "in_review", "sent", "accepted"], sales_order: ["draft", "confirmed"] };
const ENDS = ["rejected", "cancelled"];

/** The states in their order; one that ends it stands in the place of the last. */
function Path({ record, field }: { record: Rec; field: string }) {
  const { t } = useTranslation("quotes");
  const label = useLabel();
  const now = String(record.fields[field] ?? "draft");
  const options = useObject(record.object)?.fields.find((it) => it.key === field)?.options ?? [];
  const path = PATH[record.object] ?? [];
  const ended = ENDS.includes(now);
  // An approval is no stop of every quote.
  const shown = [...path.slice(0, -1).filter((state) => state !== "in_review" || now === "in_review"), ended ? now : path.at(-1)!];
  const at = shown.indexOf(now);
  return (
    <ol className={classes.path} aria-label={t("status")}>
      {shown.map((state, index) => (
        <li key={state} data-past={index < at || undefined} data-now={index === at || undefined} data-state={state} aria-current={index === at ? "step" : undefined}>
          {label(options.find((option) => option.key === state)?.label) || state}
        </li>
      ))}
    </ol>
  );
}

function QuoteHead({ record }: { record: Rec }) {
  const { t } = useTranslation("quotes");
  const language = useLanguage();
  const now = today(useTimeZone());
  const { fields } = record;
  const number = String(fields.number ?? "");
  const versions = useQuery({ ...versionsOf(String(fields.opportunity ?? ""), number), enabled: Boolean(fields.opportunity && number) });
  const orders = useQuery({ ...ordersOfQuote(record.id), enabled: fields.quote_status === "accepted" });
  const list = versions.data ?? [];
  const latest = list.find((one) => one.fields.current === true);
  const expired = ["draft", "sent"].includes(String(fields.quote_status)) && typeof fields.valid_until === "string" && fields.valid_until < now;
  return (
    <>
      <div className={classes.head}>
        <Path record={record} field="quote_status" />
        <Group gap="sm">
          <Belongs record={record} fields={["opportunity", "account"]} />
          {list.length > 1 ? (
            <Menu position="bottom-end" width={320}>
              <Menu.Target>
                <UnstyledButton className={classes.versions}>
                  <IconHistory size={16} stroke={1.7} />
                  {t("versionOf", { version: String(fields.version_no ?? ""), count: list.length })}
                  <IconChevronDown size={14} />
                </UnstyledButton>
              </Menu.Target>
              <Menu.Dropdown>
                {list.map((one) => (
                  <Menu.Item key={one.id} component={Link} to="/o/$object/$id" params={{ object: "quote", id: one.id } as never} aria-current={one.id === record.id ? "page" : undefined}>
                    <Group justify="space-between" gap="xs" wrap="nowrap">
                      <span>
                        {t("version", { version: String(one.fields.version_no ?? "") })} <PaperStatus record={one} />
                      </span>
                      <span className="money">{one.fields.total ? formatMoney(one.fields.total as MoneyValue, language) : "–"}</span>
                    </Group>
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          ) : (
            <Text size="sm" c="dimmed">
              {t("version", { version: String(fields.version_no ?? "1") })}
            </Text>
          )}
        </Group>
      </div>
      {fields.current === false && (
        <Alert variant="light" color="orange" icon={<IconInfoCircle size={18} />}>
          <Group justify="space-between" gap="xs">
            <span>{t("notLatest")}</span>
            {latest && (
              <Button size="compact-md" variant="default" component={Link} to="/o/$object/$id" params={{ object: "quote", id: latest.id } as never}>
                {t("toLatest", { version: String(latest.fields.version_no ?? "") })}
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {expired && (
        <Alert variant="light" color="orange" icon={<IconInfoCircle size={18} />}>
          {t("expired", { day: formatDay(String(fields.valid_until), language) })}
        </Alert>
      )}
      {(orders.data?.length ?? 0) > 0 && (
        <Text size="sm" c="dimmed">
          {t("orderedBy")}{" "}
          {orders.data!.map((order, index) => (
            <span key={order.id}>
              {index > 0 && ", "}
              <Link to="/o/$object/$id" params={{ object: "sales_order", id: order.id }}>
                {String(order.fields.number ?? order.fields.name)}
              </Link>
            </span>
          ))}
        </Text>
      )}
    </>
  );
}

function OrderHead({ record }: { record: Rec }) {
  return (
    <div className={classes.head}>
      <Path record={record} field="order_status" />
      <Belongs record={record} fields={["opportunity", "account", "quote"]} />
    </div>
  );
}

/** What it is about, and for whom. */
function Belongs({ record, fields }: { record: Rec; fields: string[] }) {
  const named = fields.flatMap((field) => {
    const id = record.fields[field];
    const ref = typeof id === "string" ? record.refs?.[id] : undefined;
    return ref && typeof id === "string" ? [{ id, ...ref }] : [];
  });
  return (
    <span className={classes.belongs}>
      {named.map((one) => (
        <Link key={one.id} to="/o/$object/$id" params={{ object: one.object, id: one.id }}>
          {one.name}
        </Link>
      ))}
    </span>
  );
}
