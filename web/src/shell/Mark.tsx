/** The product's mark: two stages, one after the other. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="var(--accent-ground)" />
      <path d="M7 10h11l3 3-3 3H7l3-3z" fill="#fff" />
      <path d="M11 17h11l3 3-3 3H11l3-3z" fill="#fff" opacity="0.62" />
    </svg>
  );
}
