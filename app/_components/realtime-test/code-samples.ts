import type { Subscription } from "../../_realtime/index.ts";

export const LANGUAGES = ["Browser", "Node", "Python"] as const;
export type Language = (typeof LANGUAGES)[number];

interface Sample {
  /** Such as `ws://127.0.0.1:8000`. */
  base: string;
  tenant_id: string;
  /** Binary batches need the codec of this project, so samples ask for JSON instead. */
  subscription: Subscription;
}

/** A client of this subscription that resumes, in a few lines; the text is meant to be copied as it is. */
export function codeSample(language: Language, { base, tenant_id, subscription }: Sample): string {
  const { channels, assets, max_rate, format } = subscription;
  const python = language === "Python";
  /** One line of the message's fields for each that is asked for. */
  const asked = [
    ["channels", channels],
    ["format", format === "message" ? "message" : "batch"],
    ["assets", assets],
    ["max_rate", max_rate],
  ]
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) => `${python ? `"${name}"` : name}: ${JSON.stringify(value).replaceAll(",", ", ")},`,
    );
  const address = `${base}/ws/dashboard/${tenant_id}`;
  if (python)
    return `# pip install websockets
import asyncio, json, os, websockets

URL = "${address}?token=" + os.environ["TOKEN"]
cursors = {}

async def main():
    async for ws in websockets.connect(URL, max_size=None):
        try:
            await ws.send(json.dumps({"type": "subscribe",
                ${asked.join("\n                ")}
                "cursors": cursors}))
            async for text in ws:
                m = json.loads(text)
                if m["type"] == "reset":
                    cursors.pop(m["channel"], None)
                elif m["type"] == "snapshot":
                    cursors.update(m["cursors"])
                elif "cursor" in m and m["type"] != "head":
                    cursors[m["channel"]] = m["cursor"]
                print(m)
        except websockets.ConnectionClosed as closed:
            if closed.rcvd and 4400 <= closed.rcvd.code < 4500:
                raise

asyncio.run(main())
`;
  const browser = language === "Browser";
  const credential = browser
    ? `  const { ticket } = await (await fetch("/api/tickets",
    { method: "POST" })).json();
  const ws = new WebSocket(
    "${address}?ticket=" + ticket);`
    : `  const ws = new WebSocket(
    "${address}?token=" + process.env.TOKEN);`;
  return `${browser ? "" : 'import WebSocket from "ws";\n\n'}const cursors = {};
${browser ? "async " : ""}function connect() {
${credential}
  ws.onopen = () => ws.send(JSON.stringify({
    type: "subscribe",
    ${asked.join("\n    ")}
    cursors }));
  ws.onmessage = ({ data }) => {
    const m = JSON.parse(data);
    if (m.type === "reset") delete cursors[m.channel];
    else if (m.type === "snapshot") Object.assign(cursors, m.cursors);
    else if (m.cursor && m.type !== "head") cursors[m.channel] = m.cursor;
    console.log(m);
  };
  // 4000 to 4099: come back and resume
  // 4400 to 4499: do not come back
  ws.onclose = ({ code }) => {
    if (code < 4400 || code >= 4500)
      setTimeout(connect, Math.random() * 5000);
  };
}
connect();
`;
}
