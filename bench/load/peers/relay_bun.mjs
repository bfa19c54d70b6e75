// A broadcast relay on Bun's own server and its publish: no login, nothing stored.
/* global Bun */
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  fetch(request, server) {
    return server.upgrade(request) ? undefined : new Response("WebSocket only", { status: 426 });
  },
  websocket: {
    perMessageDeflate: false,
    open(socket) {
      socket.subscribe("all");
    },
    message(_socket, data) {
      server.publish("all", data);
    },
  },
});
console.log(server.port);
