export function StagePath({ id }: { id: string }) {
  return <div data-opportunity={id} />;
}
