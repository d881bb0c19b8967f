"use client";
import { PageError } from "./_components/frame/page-error.tsx";

export default function RootError({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return <PageError digest={error.digest} reset={reset} />;
}
