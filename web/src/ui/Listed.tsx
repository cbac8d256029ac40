import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { EmptyState } from "./EmptyState";
import { ErrorState } from "./ErrorState";
import { RowSkeletons } from "./Skeletons";

type Props = {
  query: { isError: boolean; isPending: boolean; error: unknown; data: unknown; refetch: () => unknown };
  /** How it looks while it is read. */
  rows: number;
  height: number;
  /** There is nothing in it. */
  none: boolean;
  icon: Icon;
  title: string;
  hint?: ReactNode;
  children: ReactNode;
};

/** A list as it was read; before that its shadow, where that failed the way to try again, and a word where there is nothing in it. */
export function Listed({ query, rows, height, none, icon: Mark, title, hint, children }: Props) {
  return (
    <>
      {query.isError && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && <RowSkeletons rows={rows} height={height} />}
      {query.data !== undefined && none && (
        <EmptyState icon={<Mark size={32} stroke={1.4} />} title={title}>
          {hint}
        </EmptyState>
      )}
      {query.data !== undefined && !none && children}
    </>
  );
}
