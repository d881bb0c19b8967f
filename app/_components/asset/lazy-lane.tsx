"use client";
import { type ReactNode, useEffect, useRef, useState } from "react";

/** Lanes far from the screen are only their height; near it they are drawn and listen. */
export function LazyLane({
  children,
  label,
  eager,
}: {
  children: ReactNode;
  label: string;
  /** Few lanes are drawn at once. */
  eager: boolean;
}) {
  const box = useRef<HTMLDivElement>(null);
  const [near, setNear] = useState(eager);
  useEffect(() => {
    const element = box.current;
    if (!element || eager) return;
    const watcher = new IntersectionObserver(([entry]) => setNear(entry?.isIntersecting ?? false), {
      rootMargin: "400px 0px",
    });
    watcher.observe(element);
    return () => watcher.disconnect();
  }, [eager]);
  return (
    <div ref={box} className="min-h-[calc(5.75rem+1px)]">
      {near ? (
        children
      ) : (
        <div className="lane">
          <div className="lane-label">
            <h3 className="font-semibold">{label}</h3>
          </div>
          <div className="lane-plot" />
        </div>
      )}
    </div>
  );
}
