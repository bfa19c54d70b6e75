// A broadcast relay on Socket.IO, WebSocket transport only: no login, nothing stored.
import { createServer } from "node:http";
import { Server } from "socket.io";

const http = createServer();
const io = new Server(http, { transports: ["websocket"], perMessageDeflate: false });
io.on("connection", (socket) => {
  socket.on("m", (text) => io.emit("m", text));
});
http.listen(0, "127.0.0.1", () => console.log(http.address().port));
