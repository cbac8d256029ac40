import { PageSkeleton } from "~/ui/Skeletons";

export function Pipelines() {
  return <PageSkeleton />;
}
