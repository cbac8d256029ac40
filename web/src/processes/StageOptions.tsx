import { PageSkeleton } from "~/ui/Skeletons";

export function StageOptions() {
  return <PageSkeleton />;
}
