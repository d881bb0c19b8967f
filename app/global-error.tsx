"use client";
import { PageError } from "./_components/frame/page-error.tsx";
import "./globals.css";

/** Where even the frame failed. */
export default function GlobalError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <html lang="en" data-theme="dark">
      <body>
        <PageError digest={error.digest} reset={reset} />
      </body>
    </html>
  );
}
