import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { API_ROOT } from "~/api/http";
import type { Import } from "~/api/imports";

/** Every row with what became of it, to take away. */
export function ResultFiles({ of }: { of: Import }) {
  const { t } = useTranslation("imports");
  return (
    <div>
      <Button component="a" href={`${API_ROOT}/imports/${of.id}/result.csv`} download size="compact-md" variant="default" leftSection={<IconDownload size={15} />}>
        {t("resultFile")}
      </Button>
    </div>
  );
}
