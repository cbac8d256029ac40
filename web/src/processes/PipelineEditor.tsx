import { PageSkeleton } from "~/ui/Skeletons";

export function PipelineEditor() {
  return <PageSkeleton />;
}
