import { Modal, SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useForecastHistory, type Covers } from "~/api/forecast";
import { ErrorState } from "~/ui/ErrorState";
import { RowSkeletons } from "~/ui/Skeletons";
import { usePeriodName } from "../periods/usePeriods";
import type { Saying } from "./Line";
import { SayForm } from "./SayForm";

/** Says what a month will come to: for oneself, or as one takes what somebody below has said. */
export function SayDialog({ saying, currency, onClose }: { saying: Saying; currency: string; onClose: () => void }) {
  const { t } = useTranslation("forecast");
  const name = usePeriodName();
  const { act, person, period } = saying;
  const [covers, setCovers] = useState<Covers>(saying.covers);
  const history = useForecastHistory({ person, period, covers });
  const data = history.data?.covers === covers ? history.data : undefined;
  return (
    <Modal opened onClose={onClose} title={t(`${act}Title`, { period: name(period, true), name: saying.name })} closeOnClickOutside={false}>
      <Stack gap="md">
        {saying.hasLine && (
          <SegmentedControl
            aria-label={t("covers")}
            value={covers}
            onChange={(next) => setCovers(next as Covers)}
            data={[
              { value: "own", label: t("coversOwn") },
              { value: "line", label: t("coversLine") },
            ]}
          />
        )}
        {history.isError ? <ErrorState compact error={history.error} onRetry={() => void history.refetch()} /> : data ? <SayForm key={covers} saying={saying} history={data} currency={currency} onClose={onClose} /> : <RowSkeletons rows={4} height={30} />}
      </Stack>
    </Modal>
  );
}
