// A relay on Bun's own server and its publish, to the message's room: no login, nothing stored.
/* global Bun */
const NEWLINE = 10;

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request, server) {
    const rooms = new URL(request.url).searchParams.get("rooms")?.split(",");
    return rooms && server.upgrade(request, { data: { rooms } })
      ? undefined
      : new Response("WebSocket only", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    open(socket) {
      for (const room of socket.data.rooms) socket.subscribe(room);
    },
    message(_socket, data) {
      server.publish(data.toString("latin1", 0, data.indexOf(NEWLINE)), data);
    },
  },
});
console.log(server.port);
