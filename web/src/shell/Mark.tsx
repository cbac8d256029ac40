/** The product's mark: a stage of the path. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent-ground)" />
      <path d="M8 7h9.5l7 9-7 9H8l7-9z" fill="#fff" />
    </svg>
  );
}
