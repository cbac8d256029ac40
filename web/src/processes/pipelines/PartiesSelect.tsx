import { MultiSelect, type ComboboxItem, type OptionsFilter } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Party } from "~/api/processes";
import { useObject } from "~/api/queries";
import { targetOf } from "~/conditions/fieldPaths";
import { useLabel } from "~/i18n";
import { useCandidates } from "~/people/candidates";
import { useTeamRoles } from "~/records/teamRoles";
import { partyOf, peopleIn, PLAIN_PARTIES, valueOf } from "./parties";

type Props = { label: string; description?: string; placeholder?: string; value: Party[]; error?: string; onChange: (parties: Party[]) => void };

/** Chooses people by what they are to a deal, or by name. */
export function PartiesSelect({ value, onChange, placeholder, ...rest }: Props) {
  const { t } = useTranslation("pipelines");
  const label = useLabel();
  const [typed, setTyped] = useState("");
  const people = useCandidates("employee", typed, peopleIn(value));
  const { roles, name } = useTeamRoles();
  const fields = (useObject("opportunity")?.fields ?? []).filter((field) => targetOf(field) === "employee" && field.key !== "owner" && field.key !== "created_by");
  const chosen = value.map(valueOf);
  const item = (party: Party, text: string) => ({ value: valueOf(party), label: text });
  // What was chosen once stays named, though it be no longer offered.
  const gone = value.flatMap((party) => {
    if (party.kind === "team_role" && !roles.some((role) => role.key === party.role)) return [item(party, name(party.role))];
    if (party.kind === "field" && !fields.some((field) => field.key === party.field)) return [item(party, party.field)];
    return [];
  });
  const data = [
    { group: t("parties.byPart"), items: PLAIN_PARTIES.map((kind) => item({ kind }, t(`parties.${kind}`))) },
    { group: t("parties.inTeamAs"), items: roles.map((role) => item({ kind: "team_role", role: role.key }, t("parties.teamRole", { role: label(role.label) }))) },
    { group: t("parties.inField"), items: fields.map((field) => item({ kind: "field", field: field.key }, t("parties.field", { field: label(field.label) }))) },
    { group: t("parties.people"), items: people.map((person) => item({ kind: "person", id: person.value }, person.label)) },
    ...(gone.length > 0 ? [{ group: t("parties.gone"), items: gone }] : []),
  ].filter((group) => group.items.length > 0);
  return (
    <MultiSelect
      {...rest}
      placeholder={value.length === 0 ? placeholder : undefined}
      searchable
      hidePickedOptions
      maxDropdownHeight={320}
      data={data}
      value={chosen}
      filter={byWords}
      onSearchChange={setTyped}
      onChange={(values) => onChange(values.map(partyOf))}
    />
  );
}

// People were found by the server, by more than their names; the rest is narrowed here.
const byWords: OptionsFilter = ({ options, search }) => {
  const typed = search.trim().toLowerCase();
  const fits = (option: ComboboxItem) => option.value.startsWith("person:") || option.label.toLowerCase().includes(typed);
  return options.map((option) => ("group" in option ? { ...option, items: option.items.filter(fits) } : option)).filter((option) => "group" in option || fits(option));
};
