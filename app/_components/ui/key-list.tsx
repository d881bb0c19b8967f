/** Keys and what they do. */
export interface KeyHelp {
  keys: readonly string[];
  does: string;
}

/** What the keys do, as a list. */
export function KeyList({ keys }: { keys: readonly KeyHelp[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2 text-12">
      {keys.map(({ keys, does }) => (
        <div key={does} className="contents">
          <dt className="flex gap-1">
            {keys.map((key) => (
              <kbd key={key} className="key">
                {key}
              </kbd>
            ))}
          </dt>
          <dd className="text-muted">{does}</dd>
        </div>
      ))}
    </dl>
  );
}
