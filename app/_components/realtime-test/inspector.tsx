"use client";
import { ArrowDown, ArrowUp, Copy, Pause, Play } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { isForesightError } from "../../../lib/domain/errors.ts";
import { decodeBinaryBatch } from "../../../lib/protocol/codec.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/cn.ts";
import { formatBytes, plural } from "../ui/format.ts";
import { Segmented } from "../ui/segmented.tsx";
import { PaneHead } from "../ui/table.tsx";
import { toast } from "../ui/toast.tsx";
import { clockWithMs } from "./clock-with-ms.ts";
import { codeSample, LANGUAGES, type Language } from "./code-samples.ts";
import { type FrameBook, MOST_FRAMES, type NumberedFrame, sizeOf } from "./frame-book.ts";
import { type BenchSettings, subscriptionOf } from "./use-bench.ts";

/** A frame of a million characters would stop the page; its beginning says enough. */
const MOST_TEXT = 20_000;

function textOf({ content }: NumberedFrame): { note: string; text: string } {
  let shown: object = content;
  let note = "";
  if (content instanceof Uint8Array) {
    try {
      const { readings, received_at, ...header } = decodeBinaryBatch(content);
      const [first] = readings;
      note = `binary, ${plural(readings.length, "reading")}; the header and the first`;
      shown = { ...header, first: { ...first, received_at: received_at[0] } };
    } catch (error) {
      if (!isForesightError(error)) throw error;
      note = error.message;
      shown = {};
    }
  }
  const text = JSON.stringify(shown, null, 2);
  return text.length > MOST_TEXT
    ? { note: "cut short", text: `${text.slice(0, MOST_TEXT)}\n…` }
    : { note, text };
}

function CopyButton({ text, what }: { text: string; what: string }) {
  return (
    <Button
      size="small"
      aria-label={`Copy ${what}`}
      onClick={() => {
        navigator.clipboard.writeText(text).then(
          () => toast({ kind: "resolved", title: "Copied" }),
          () => toast({ kind: "warning", title: "The browser did not allow it to be copied" }),
        );
      }}
    >
      <Copy aria-hidden="true" className="size-3" />
      Copy
    </Button>
  );
}

function Code({ label, text }: { label: string; text: string }) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
      tabIndex={0}
      className="min-h-24 flex-1 overflow-auto bg-raised px-3 py-2.5"
    >
      <pre className="font-mono text-[0.7188rem] leading-[1.125rem]">{text}</pre>
    </section>
  );
}

/** The frames as they went over the wire, one of them in full, and the same client in a few lines of code. */
export function Inspector({
  frames,
  settings,
  tenant_id,
}: {
  frames: FrameBook;
  settings: BenchSettings;
  tenant_id: string;
}) {
  const list = useSyncExternalStore(frames.subscribe, frames.view, frames.view);
  const [held, setHeld] = useState(false);
  const [chosen, setChosen] = useState<NumberedFrame>();
  const [language, setLanguage] = useState<Language>("Browser");
  const [base, setBase] = useState("");
  useEffect(() => setBase(location.origin.replace(/^http/, "ws")), []);
  const frame = chosen ?? list.find(({ direction }) => direction === "in");
  const detail = frame && textOf(frame);
  const code = codeSample(language, { base, tenant_id, subscription: subscriptionOf(settings) });
  return (
    <aside
      aria-label="Frames"
      className="flex min-h-0 min-w-0 flex-col overflow-hidden border-l border-line-strong bg-surface max-pane:border-t max-pane:border-l-0"
    >
      <PaneHead title="Frames" note={`raw, last ${MOST_FRAMES}`}>
        <Button
          size="small"
          aria-pressed={held}
          onClick={() => {
            setHeld(!held);
            frames.setHeld(!held);
          }}
        >
          {held ? (
            <Play aria-hidden="true" className="size-3" />
          ) : (
            <Pause aria-hidden="true" className="size-3" />
          )}
          {held ? "Go on" : "Hold"}
        </Button>
      </PaneHead>
      <section
        aria-label="List of frames"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
        tabIndex={0}
        className="h-44 flex-none overflow-y-auto py-1"
      >
        <ul className="font-mono text-[0.7188rem] leading-5">
          {list.map((one) => {
            const Arrow = one.direction === "in" ? ArrowDown : ArrowUp;
            return (
              <li key={one.id}>
                <button
                  type="button"
                  aria-pressed={one.id === frame?.id}
                  onClick={() => setChosen(one.id === chosen?.id ? undefined : one)}
                  className={cn(
                    "grid w-full grid-cols-[0.875rem_5.75rem_minmax(0,1fr)_4rem] items-center gap-2 px-3 text-left hover:bg-hover",
                    one.id === frame?.id && "bg-selected",
                  )}
                >
                  <Arrow
                    className="size-3 text-faint"
                    role="img"
                    aria-label={one.direction === "in" ? "received" : "sent"}
                  />
                  <span className="text-muted">{clockWithMs(one.at)}</span>
                  <span className="ell">{one.type}</span>
                  <span className="text-right text-muted">{formatBytes(sizeOf(one))}</span>
                </button>
              </li>
            );
          })}
        </ul>
      </section>
      <div className="flex min-h-0 flex-1 flex-col border-t border-line-strong">
        <PaneHead
          title={frame === undefined ? "Frame" : `Frame ${clockWithMs(frame.at)}`}
          note={detail?.note ?? "none yet"}
        >
          {detail && <CopyButton text={detail.text} what="frame" />}
        </PaneHead>
        <Code label="Frame in full" text={detail?.text ?? ""} />
      </div>
      <div className="flex min-h-0 flex-1 flex-col border-t border-line-strong">
        <PaneHead title="Code">
          <Segmented
            label="Language"
            value={language}
            onChange={setLanguage}
            options={LANGUAGES.map((value) => ({ value, label: value }))}
          />
          <CopyButton text={code} what="code" />
        </PaneHead>
        <Code label="A client in code" text={code} />
      </div>
    </aside>
  );
}
