// A relay on the npm package "ws" that passes a message on to its room: no login, nothing stored.
import { WebSocket, WebSocketServer } from "ws";

const NEWLINE = 10;
const rooms = new Map();

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
server.on("listening", () => console.log(server.address().port));
server.on("connection", (socket, request) => {
  const names = new URL(request.url, "http://relay").searchParams.get("rooms").split(",");
  for (const name of names) {
    if (!rooms.has(name)) rooms.set(name, new Set());
    rooms.get(name).add(socket);
  }
  socket.on("error", () => {});
  socket.on("close", () => names.forEach((name) => rooms.get(name).delete(socket)));
  socket.on("message", (data) => {
    const room = data.toString("latin1", 0, data.indexOf(NEWLINE));
    for (const client of rooms.get(room) ?? []) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary: true });
    }
  });
});
