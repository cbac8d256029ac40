export function StageHistory({ id }: { id: string }) {
  return <div data-opportunity={id} />;
}
