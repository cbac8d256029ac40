import { Popover, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useHoldingCheck } from "~/api/holdings";
import { MetRules, Frees } from "~/holding/NoRoomAlert";
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
          <MetRules rules={check.data.rules} refs={check.data.refs} />
          <Frees object={object} />
          <WaitForRoom object={object} record={record} />
        </>
      )}
    </div>
  );
}
