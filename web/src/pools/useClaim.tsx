import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "~/api/http";
import { usePoolDeed } from "~/api/pools";
import { isConflict, messageOf } from "~/api/problem";
import { keys } from "~/api/queries";
import type { Rec, Violation } from "~/api/types";
import { isNoRoom } from "~/holding/refusal";

/** Why a claim was refused: there is no room, or another rule says no. */
export type ClaimRefusal = { record: Rec; name: string; violations: Violation[] };

/** Claims a record; that somebody was faster is said in so many words, other refusals are handed back to be told in place. */
export function useClaim(object: string) {
  const { t } = useTranslation("pools");
  const client = useQueryClient();
  const navigate = useNavigate();
  const deed = usePoolDeed(object);
  const [refusal, setRefusal] = useState<ClaimRefusal>();

  const faster = (name: string, present?: Rec) => {
    const owner = present?.fields["owner"];
    const who = typeof owner === "string" ? present?.refs?.[owner]?.name : undefined;
    notifications.show({ color: "yellow.8", icon: <IconAlertTriangle size={18} />, title: t("faster"), message: who ? t("fasterBy", { name, owner: who }) : t("fasterText", { name }) });
    void client.invalidateQueries({ queryKey: keys.records(object) });
  };
  const claim = (record: Rec, name: string, told?: () => void) =>
    deed.mutate(
      { record, act: "claim" },
      {
        onSuccess: () => {
          notifications.show({
            id: `claimed-${record.id}`,
            color: "brand",
            icon: <IconCheck size={18} />,
            message: (
              <>
                {t("claimed", { name })}{" "}
                {!told && (
                  <Button
                    size="compact-sm"
                    variant="light"
                    onClick={() => {
                      notifications.hide(`claimed-${record.id}`);
                      void navigate({ to: "/o/$object/$id", params: { object, id: record.id } });
                    }}
                  >
                    {t("openIt")}
                  </Button>
                )}
              </>
            ),
          });
          told?.();
        },
        onError: (error) => {
          const violations = error instanceof ApiProblem ? error.violations : [];
          if (isConflict(error) || violations.some((it) => it.code === "pool.claimed_already") || (error instanceof ApiProblem && error.status === 404)) return faster(name, error instanceof ApiProblem ? error.record : undefined);
          if (violations.some(isNoRoom) || violations.length > 0) return setRefusal({ record, name, violations });
          notifications.show({ color: "red", title: t("refused"), message: messageOf(error) });
        },
      },
    );
  return { claim, busy: deed.isPending ? deed.variables?.record.id : undefined, refusal, setRefusal };
}
