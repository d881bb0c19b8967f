/**
 * What a user would otherwise write, done well: one Socket.IO server, websocket transport only, no compression,
 * one `emit` to a room for each reading that is posted. No login, no cursors, no history.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { Server } from "socket.io";

const http = createServer(async (request, response) => {
  const received_at = new Date().toISOString();
  for (const line of (await text(request)).split("\n")) {
    if (line === "") continue;
    const { timestamp, ...data } = JSON.parse(line);
    io.to("tenant:demo").emit("sensor_update", {
      type: "sensor_update",
      timestamp,
      data,
      tenant_id: "demo",
      channel: "sensor_data",
      received_at,
    });
  }
  response.writeHead(202).end();
});
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
io.on("connection", (socket) => void socket.join("tenant:demo"));
http.listen(0, "127.0.0.1", () => process.send?.({ port: (http.address() as AddressInfo).port }));
process.on("disconnect", () => process.exit());
