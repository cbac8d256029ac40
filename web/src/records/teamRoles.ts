import { useQuery } from "@tanstack/react-query";
import { get } from "~/api/http";
import { keys } from "~/api/queries";
import type { Organisation } from "~/api/types";
import { useLabel } from "~/i18n";

/** The parts that people may have in a team, as the organisation names them. */
export function useTeamRoles() {
  const label = useLabel();
  const organisation = useQuery({ queryKey: keys.organisation, queryFn: () => get<Organisation>("/organisation"), staleTime: 60_000 });
  const roles = organisation.data?.team_roles ?? [];
  return {
    roles,
    /** One that is not among them was typed before there was a list. */
    name: (key: string) => label(roles.find((role) => role.key === key)?.label) || key,
  };
}
