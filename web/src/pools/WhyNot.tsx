import { Popover, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useHoldingCheck } from "~/api/holdings";
import { FreeList } from "~/holding/Frees";
import { RuleRooms } from "~/holding/RuleRooms";
import { lacksRoom } from "~/holding/usage";
import { WaitForRoom } from "~/holding/WaitForRoom";
import classes from "./pools.module.css";

type Props = { object: string; record: string; code: string };

/** Beside a claim that cannot be pressed: why, and what would free room. */
export function WhyNot(props: Props) {
  const { t } = useTranslation("pools");
  return (
    <Popover width={360} position="bottom-end" withinPortal trapFocus shadow="md">
      <Popover.Target>
        <UnstyledButton className={classes.why}>{t("why")}</UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Reasons {...props} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Reasons({ object, record, code }: Props) {
  const { t } = useTranslation("pools");
  const check = useHoldingCheck({ object, records: [record] });
  const noRoom = check.data && !check.data.allowed;
  return (
    <div className={classes.reasons}>
      <p className={classes.reason}>{t(`cannot.${code.replace(".", "_")}` as "cannot.other", { defaultValue: t("cannot.other") })}</p>
      {noRoom && (
        <>
          <RuleRooms label={t("metRules", { ns: "holding" })} rooms={check.data.rules.filter(lacksRoom)} refs={check.data.refs} />
          <FreeList object={object} check={check.data} />
          <WaitForRoom object={object} record={record} />
        </>
      )}
    </div>
  );
}
