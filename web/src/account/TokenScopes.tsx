import { MultiSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useMe, useObjects } from "~/api/queries";
import { useLabel } from "~/i18n";

/** What a scope is called. */
export function useScopeName() {
  const { t } = useTranslation("account");
  const label = useLabel();
  const objects = useObjects();
  return (scope: string) => {
    const [object, act] = scope.split(":");
    if (!act) return t(`scope.${scope}`);
    return t(act === "write" ? "scopeWriteOf" : "scopeReadOf", { object: label(objects.find((one) => one.key === object)?.plural) || object });
  };
}

/** Chooses what a token is limited to; nothing chosen means no limit. */
export function TokenScopes({ value, onChange }: { value: string[]; onChange: (scopes: string[]) => void }) {
  const { t } = useTranslation("account");
  const me = useMe();
  const label = useLabel();
  const nameOf = useScopeName();
  const general = ["read", "write", ...(me.admin ? ["admin"] : [])];
  const options = (scopes: string[]) => scopes.map((scope) => ({ value: scope, label: nameOf(scope) }));
  return (
    <MultiSelect
      label={t("scopes")}
      placeholder={value.length ? undefined : t("scopeAll")}
      style={{ flex: "1 1 240px" }}
      searchable
      hidePickedOptions
      value={value}
      onChange={onChange}
      data={[
        { group: t("scopesGeneral"), items: options(general) },
        ...useObjects().map((object) => ({ group: label(object.plural), items: options([`${object.key}:read`, `${object.key}:write`]) })),
      ]}
    />
  );
}
