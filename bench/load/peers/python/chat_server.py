"""A chat server as a sensible Python developer would write it, to measure beside Rookery.

asyncio on uvloop, websockets without compression, protobuf, SQLite (WAL, synchronous=FULL) on a thread of its own, bcrypt
in an executor. Messages gather while a commit runs; one transaction stores them, then each channel's members get one
frame with all of them.

    python3 chat_server.py FOLDER

FOLDER has rooms.json, the members of each room by their places; tokens.json, each user's session token, is written there.
Prints its port when it listens.
"""
import asyncio
import hashlib
import json
import secrets
import sqlite3
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import bcrypt
import schema
import uvloop
from websockets.asyncio.server import broadcast, serve
from websockets.exceptions import ConnectionClosed

TEXT_CHARS_MAX = 16384

TABLES = """
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT UNIQUE, hash BLOB);
CREATE TABLE sessions (token BLOB PRIMARY KEY, user INTEGER) WITHOUT ROWID;
CREATE TABLE members (channel INTEGER, user INTEGER, PRIMARY KEY (channel, user)) WITHOUT ROWID;
CREATE INDEX channels_of_user ON members (user);
CREATE TABLE messages (
  id INTEGER PRIMARY KEY, channel INTEGER, author INTEGER, time_ms REAL, text TEXT, client_id TEXT,
  UNIQUE (author, client_id)
);
"""


def open_database(folder):
    db = sqlite3.connect(f"{folder}/chat.db", isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "temp_store=MEMORY", "cache_size=-65536"):
        db.execute(f"PRAGMA {pragma}")
    return db


def digest(token):
    return hashlib.sha256(token.encode()).digest()


def seed(db, folder):
    with open(f"{folder}/rooms.json") as file:
        rooms = json.load(file)
    count = 1 + max(member for members in rooms for member in members)
    hashed = bcrypt.hashpw(b"password of all", bcrypt.gensalt(4))
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]
    db.executescript(TABLES)
    db.execute("BEGIN")
    db.executemany("INSERT INTO users VALUES (?, ?, ?)", [(at + 1, f"user{at}", hashed) for at in range(count)])
    db.executemany("INSERT INTO sessions VALUES (?, ?)", [(digest(token), at + 1) for at, token in enumerate(tokens)])
    places = [(room + 1, member + 1) for room, members in enumerate(rooms) for member in members]
    db.executemany("INSERT INTO members VALUES (?, ?)", places)
    db.execute("COMMIT")
    with open(f"{folder}/tokens.json", "w") as file:
        json.dump(tokens, file)


def refusal(message):
    return schema.ServerFrame(error=schema.Error(message=message)).SerializeToString()


class Server:
    def __init__(self, db):
        self.db = db
        self.writer = ThreadPoolExecutor(1)
        self.hashers = ThreadPoolExecutor(2)
        self.sockets = {}
        self.waiting = []
        self.wake = asyncio.Event()

    def log_in(self, name, password):
        row = self.db.execute("SELECT id, hash FROM users WHERE name = ?", (name,)).fetchone()
        if row is None or not bcrypt.checkpw(password.encode(), row[1]):
            return None
        token = secrets.token_urlsafe(32)
        self.db.execute("INSERT INTO sessions VALUES (?, ?)", (digest(token), row[0]))
        return row[0], token

    async def authenticate(self, auth):
        if auth.token:
            row = self.db.execute("SELECT user FROM sessions WHERE token = ?", (digest(auth.token),)).fetchone()
            return row and (row[0], "")
        return await asyncio.get_running_loop().run_in_executor(self.hashers, self.log_in, auth.name, auth.password)

    async def connection(self, socket):
        user, channels = None, frozenset()
        try:
            async for data in socket:
                frame = schema.ClientFrame.FromString(data)
                if frame.HasField("auth"):
                    known = await self.authenticate(frame.auth)
                    if not known:
                        await socket.send(refusal("wrong password or token"))
                        return
                    user, token = known
                    rows = self.db.execute("SELECT channel FROM members WHERE user = ?", (user,))
                    channels = frozenset(channel for (channel,) in rows)
                    for channel in channels:
                        self.sockets.setdefault(channel, set()).add(socket)
                    ready = schema.ServerFrame(ready=schema.Ready(user=user, token=token))
                    await socket.send(ready.SerializeToString())
                elif frame.HasField("send"):
                    sent = frame.send
                    if user is None or sent.channel not in channels or not 0 < len(sent.text) <= TEXT_CHARS_MAX:
                        await socket.send(refusal("not allowed"))
                        continue
                    self.waiting.append((sent.channel, user, time.time() * 1000, sent.text, sent.client_id))
                    self.wake.set()
        except ConnectionClosed:
            pass
        finally:
            for channel in channels:
                self.sockets[channel].discard(socket)

    def store(self, batch):
        ids = []
        self.db.execute("BEGIN IMMEDIATE")
        for message in batch:
            cursor = self.db.execute(
                "INSERT INTO messages (channel, author, time_ms, text, client_id) VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING",
                message,
            )
            ids.append(cursor.lastrowid if cursor.rowcount else None)
        self.db.execute("COMMIT")
        return ids

    async def commits(self):
        loop = asyncio.get_running_loop()
        while True:
            await self.wake.wait()
            self.wake.clear()
            batch, self.waiting = self.waiting, []
            ids = await loop.run_in_executor(self.writer, self.store, batch)
            frames = {}
            for number, (channel, author, time_ms, text, client_id) in zip(ids, batch):
                if number is None:
                    continue
                frames.setdefault(channel, schema.ServerFrame()).events.add(
                    id=number, channel=channel, author=author, time_ms=time_ms, text=text, client_id=client_id
                )
            for channel, frame in frames.items():
                broadcast(self.sockets.get(channel, ()), frame.SerializeToString())


async def main(folder):
    db = open_database(folder)
    seed(db, folder)
    server = Server(db)
    options = {"compression": None, "ping_interval": 30, "ping_timeout": None, "max_size": 65536, "backlog": 4096}
    async with serve(server.connection, "127.0.0.1", 0, **options) as listening:
        print(listening.sockets[0].getsockname()[1], flush=True)
        await server.commits()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
