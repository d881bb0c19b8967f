/** The wordmark: a measured point between two limits. */
export function Mark() {
  return (
    <span className="inline-flex items-center gap-2 text-12 font-semibold tracking-[0.07em]">
      <svg width="22" height="14" viewBox="0 0 22 14" aria-hidden="true" className="flex-none">
        <path d="M1 7h20M1 3v8M21 3v8" stroke="currentColor" strokeWidth="1.6" />
        <circle cx="8.5" cy="7" r="4" fill="currentColor" />
      </svg>
      FORESIGHT
    </span>
  );
}
