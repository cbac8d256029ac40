import { Skeleton, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Grey lines in the place of rows that are on their way, so that nothing jumps when they come. */
export function RowSkeletons({ rows = 8, height = 18 }: { rows?: number; height?: number }) {
  const { t } = useTranslation("ui");
  return (
    <Stack gap={14} py={12} role="status" aria-label={t("loading")}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} height={height} width={`${92 - ((index * 17) % 38)}%`} />
      ))}
    </Stack>
  );
}

export function PageSkeleton() {
  return (
    <div style={{ padding: "18px 24px" }}>
      <Skeleton height={26} width={220} mb={20} />
      <RowSkeletons />
    </div>
  );
}
