"use client";
import { Pause, Play, Plug, Unplug } from "lucide-react";
import { type ReactNode, useEffect, useState, useSyncExternalStore } from "react";
import { CHANNELS, FORMATS } from "../../../lib/protocol/messages.ts";
import { type ConnectionState, connectionName, useConnection, useCounters } from "../../_realtime/index.ts";
import { Button } from "../ui/button.tsx";
import { LabelledCheckbox } from "../ui/checkbox.tsx";
import { Field, Input } from "../ui/field.tsx";
import { formatDuration, formatNumber, plural } from "../ui/format.ts";
import { Segmented } from "../ui/segmented.tsx";
import { useNow } from "../ui/use-now.ts";
import { Lamp } from "./lamp.tsx";
import type { Bench } from "./use-bench.ts";
import type { Notifications } from "./use-notifications.ts";

const TRANSPORTS = [
  { value: "socket.io", label: "Socket.IO" },
  { value: "websocket", label: "WebSocket" },
  { value: "polling", label: "Polling" },
] as const;

/** Where one word for two states would hide a step of the way. */
const STEPS: Partial<Record<ConnectionState, string>> = { live: "Live", backing_off: "Dropped" };

function Part({ title, children }: { title?: string; children: ReactNode }) {
  return (
    <section className="grid gap-2.5 border-b border-line p-4 last:border-b-0">
      {title && <h2 className="text-12 font-semibold">{title}</h2>}
      {children}
    </section>
  );
}

/** Text that counts when the field is left or Enter is pressed, not at each key. */
function Committed({
  label,
  value,
  placeholder,
  onCommit,
}: {
  label: string;
  value: string;
  placeholder: string;
  onCommit: (value: string) => void;
}) {
  const [text, setText] = useState(value);
  const commit = () => {
    if (text !== value) onCommit(text);
  };
  return (
    <Field label={label}>
      {(props) => (
        <Input
          {...props}
          value={text}
          placeholder={placeholder}
          className="h-7 px-2 text-12"
          onChange={(event) => setText(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === "Enter") commit();
          }}
        />
      )}
    </Field>
  );
}

function addressOf(transport: Bench["settings"]["transport"], tenant_id: string, origin: string): string {
  if (transport === "websocket") return `${origin.replace(/^http/, "ws")}/ws/dashboard/${tenant_id}`;
  return `${origin}/dashboard${transport === "polling" ? ", polling only" : ""}`;
}

export function Controls({
  bench,
  tenant_id,
  notifications,
}: {
  bench: Bench;
  tenant_id: string;
  notifications: Notifications;
}) {
  const { settings, change } = bench;
  const connection = useConnection();
  const [origin, setOrigin] = useState("");
  useEffect(() => setOrigin(location.origin), []);
  const idle = connection.state === "idle" || connection.state === "denied";
  const waits = connection.state === "backing_off" || connection.state === "offline";
  return (
    <aside aria-label="Connection" className="min-w-0 overflow-y-auto border-r border-line-strong bg-surface">
      <Part>
        <Lamp />
        <div className="grid grid-cols-2 gap-1.5">
          {idle ? (
            <Button look="primary" size="large" className="col-span-2" onClick={bench.connect}>
              <Plug aria-hidden="true" className="size-3.5" />
              Connect
            </Button>
          ) : (
            <Button size="large" className="col-span-2" onClick={bench.disconnect}>
              <Unplug aria-hidden="true" className="size-3.5" />
              Disconnect
            </Button>
          )}
          <Button
            disabled={connection.state !== "live"}
            title="Loses the connection as a broken network would"
            onClick={() => bench.store.client.drop()}
          >
            Drop it
          </Button>
          <Button
            aria-pressed={bench.paused}
            disabled={idle}
            title="Leaves what comes unread, as a page that is asleep does"
            onClick={() => bench.setPaused(!bench.paused)}
          >
            {bench.paused ? (
              <Play aria-hidden="true" className="size-3.5" />
            ) : (
              <Pause aria-hidden="true" className="size-3.5" />
            )}
            {bench.paused ? "Read on" : "Pause reader"}
          </Button>
          {waits && (
            <Button className="col-span-2" onClick={connection.retry}>
              Try now
            </Button>
          )}
        </div>
      </Part>
      <Part title="Transport">
        <Segmented
          label="Transport"
          value={settings.transport}
          onChange={(transport) => change({ transport })}
          options={TRANSPORTS}
          className="grid grid-cols-3"
        />
        <code className="font-mono text-11 break-all text-faint">
          {addressOf(settings.transport, tenant_id, origin)}
        </code>
      </Part>
      <Part title="Subscription">
        {CHANNELS.map((channel) => {
          const on = settings.channels.includes(channel);
          return (
            <LabelledCheckbox
              key={channel}
              label={channel}
              checked={on}
              disabled={on && settings.channels.length === 1}
              onCheckedChange={(checked) =>
                change({
                  channels: CHANNELS.filter((one) =>
                    one === channel ? checked === true : settings.channels.includes(one),
                  ),
                })
              }
            />
          );
        })}
        <div className="grid grid-cols-2 gap-2">
          <Committed
            label="Assets"
            value={settings.assets}
            placeholder="all, or ids"
            onCommit={(assets) => change({ assets })}
          />
          <Committed
            label="Max rate"
            value={settings.max_rate}
            placeholder="none"
            onCommit={(max_rate) => change({ max_rate })}
          />
        </div>
        <span className="text-12 font-medium">Format</span>
        <Segmented
          label="Format"
          value={settings.format}
          onChange={(format) => change({ format })}
          options={FORMATS.map((value) => ({ value, label: value }))}
          className="grid grid-cols-3"
        />
      </Part>
      <Part title="This connection">
        <Journey bench={bench} />
      </Part>
      <Part>
        <LabelledCheckbox
          label="Reconnect by itself"
          checked={settings.reconnect}
          onCheckedChange={(checked) => change({ reconnect: checked === true })}
        />
        <LabelledCheckbox
          label="Message on this page for alerts"
          checked={notifications.toasts}
          onCheckedChange={(checked) => notifications.setToasts(checked === true)}
        />
        <LabelledCheckbox
          label="Desktop notification for alerts"
          checked={notifications.desktop}
          disabled={!notifications.possible}
          onCheckedChange={(checked) => notifications.setDesktop(checked === true)}
        />
        {notifications.refused && (
          <p className="text-12 text-warning">The browser does not allow notifications of this site.</p>
        )}
      </Part>
    </aside>
  );
}

function Journey({ bench }: { bench: Bench }) {
  const connection = useConnection();
  const { states, reconnects, longest_ms } = useSyncExternalStore(
    bench.log.subscribe,
    bench.log.journey,
    bench.log.journey,
  );
  // The cursor moves with the readings.
  useCounters();
  // What waits is counted anew each second while nothing else moves.
  useNow();
  const { clock } = connection;
  const facts: [string, ReactNode][] = [
    ["State path", states.map((state) => STEPS[state] ?? connectionName(state)).join(", ")],
    ["Reconnects", reconnects === 0 ? "none" : `${reconnects}, longest ${formatDuration(longest_ms)}`],
    ["Caught up", `${formatNumber(connection.caught_up)} readings`],
    ["Not read yet", bench.paused ? plural(bench.reader.waiting, "message") : "none"],
    ["Carried by", connection.transport ?? "nothing"],
    [
      "Cursor",
      <code key="cursor" className="font-mono text-11 break-all">
        {bench.store.client.cursor("sensor_data") ?? "none"}
      </code>,
    ],
    [
      "Clock",
      clock === undefined
        ? "not measured"
        : `${formatNumber(Math.round(clock.offset_ms))} ms, ± ${Math.ceil(clock.error_ms)}`,
    ],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1.5 text-12">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="whitespace-nowrap text-muted">{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
