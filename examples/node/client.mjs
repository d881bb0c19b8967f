/**
 * Follows FORESIGHT's stream over Socket.IO and resumes it after every break.
 *
 *   npm install socket.io-client@4        (in a checkout of FORESIGHT it is there)
 *   FORESIGHT_TOKEN=$(npx foresight token --tenant demo --role viewer --ttl 24h) node client.mjs
 */
import { io } from "socket.io-client";

const url = process.env.FORESIGHT_URL ?? "http://localhost:8000";
const token = process.env.FORESIGHT_TOKEN;
const channels = ["sensor_data", "alerts", "health_scores"];
/** After these the same credential would only be refused again. */
const FINAL = ["unauthorized", "forbidden", "too_many"];
/** Where each channel goes on. */
const cursors = {};
/** What has been here lately of each channel, oldest first. */
const seen = Object.fromEntries(channels.map((channel) => [channel, new Set()]));
const identity = {
  sensor_data: ({ data, timestamp }) => `${data.asset_id}\0${data.sensor_id}\0${timestamp}`,
  alerts: ({ data }) => data.seq,
  health_scores: ({ data, timestamp }) => `${data.asset_id}\0${timestamp}`,
};
let failure;

const print = (line) => process.stdout.write(`${line}\n`);
const socket = io(`${url}/dashboard`, { auth: { token }, transports: ["websocket", "polling"] });

socket.on("connect", () => socket.emit("subscribe", { channels, cursors }));
for (const type of ["sensor_update", "alert_triggered", "alert_updated", "health_update"])
  socket.on(type, (message) => {
    if (isNew(message)) print(`${type} ${message.timestamp} ${JSON.stringify(message.data)}`);
    if (message.cursor !== undefined) cursors[message.channel] = message.cursor;
  });
socket.on("reset", ({ channel }) => {
  delete cursors[channel];
  seen[channel].clear();
});
socket.on("snapshot", (snapshot) => {
  Object.assign(cursors, snapshot.cursors);
  print(`snapshot of ${snapshot.assets.length} assets and ${snapshot.alerts.length} alerts`);
});
socket.on("conflated", ({ channel, dropped }) => print(`too slow: ${dropped} of ${channel} left out`));
socket.on("error", (error) => {
  failure = error;
  print(`${error.code}: ${error.message}`);
  // The subscription failed; come back and ask again.
  if (["unavailable", "internal"].includes(error.code)) {
    socket.disconnect();
    again();
  }
});
socket.on("disconnect", (reason) => {
  print(`disconnected: ${reason}`);
  // The library comes back by itself where the network broke, not where the server closed.
  if (reason === "io server disconnect" && !FINAL.includes(failure?.code)) again();
});
socket.on("connect_error", ({ message, data }) => {
  print(`not connected: ${data?.code ?? "network"}: ${message}`);
  if (data !== undefined && !FINAL.includes(data.code)) again();
});

function again() {
  setTimeout(() => socket.connect(), 500 + Math.random() * 5_000);
}

function isNew(message) {
  const known = seen[message.channel];
  const id = identity[message.channel](message);
  if (known.has(id)) return false;
  known.add(id);
  if (known.size > 50_000) known.delete(known.values().next().value);
  return true;
}
