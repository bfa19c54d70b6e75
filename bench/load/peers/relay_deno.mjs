// A relay on Deno.serve that passes a message on to its room: no login, nothing stored. What Deno itself costs.
/* global Deno */
const NEWLINE = 10;
const rooms = new Map();

Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: ({ port }) => console.log(port) }, (request) => {
  const names = new URL(request.url).searchParams.get("rooms").split(",");
  const { socket, response } = Deno.upgradeWebSocket(request, { idleTimeout: 0 });
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    for (const name of names) {
      if (!rooms.has(name)) rooms.set(name, new Set());
      rooms.get(name).add(socket);
    }
  };
  socket.onerror = () => {};
  socket.onclose = () => names.forEach((name) => rooms.get(name).delete(socket));
  socket.onmessage = ({ data }) => {
    const bytes = new Uint8Array(data);
    const room = String.fromCharCode(...bytes.subarray(0, bytes.indexOf(NEWLINE)));
    for (const client of rooms.get(room) ?? []) {
      if (client.readyState === WebSocket.OPEN) client.send(bytes);
    }
  };
  return response;
});
