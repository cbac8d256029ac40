import { PageSkeleton } from "~/ui/Skeletons";

export function People() {
  return <PageSkeleton />;
}
