/**
 * Weaknesses that other chat servers had, tried here. SECURITY.md lists those that have no counterpart.
 * CVE-2026-5740 is in `memory_test.ts`, the recursion of protobuf-es in `contents_test.ts`.
 */
import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { login, request, RookeryError } from "../../src/client/mod.ts";
import { COMMAND_NAMES } from "../../src/wire/server_codec.ts";
import { WireSocket } from "../server/wire_socket.ts";
import { exchange, statuses } from "./peer.ts";
import { handshake, RawSocket } from "./raw_socket.ts";
import { siege } from "./siege.ts";
import { signIn, Target } from "./target.ts";

/** Commands that need no session. */
const OPEN_TO_ALL = ["CheckInvite", "GetServerInfo", "Login", "Register"];

/** Texts that are allowed, each of which has broken somebody's software. */
const POISON = [
  "\ufffe\uffff\u{1fffe}",
  "\u202e\u2066evil\u2069",
  "\u0300".repeat(4000),
  "\u200d".repeat(2000) + "x",
  "👨‍👩‍👧‍👦".repeat(300),
  "@".repeat(16_000) + "x",
  "@mallory ".repeat(1700),
  "[".repeat(16_000),
  "`".repeat(16_000),
  "*_~".repeat(5000),
  "<script>alert(1)</script>",
  "'; DROP TABLE message; --",
  "\u2028\u2029",
  "%s%n%x ${jndi:ldap://x} {{7*7}}",
  "\t\n\n\n".repeat(3000) + ".",
  '{"commands":[]}',
  "\ud83e\udd89".repeat(4096),
];

siege("what other chat servers suffered", {
  "CVE-2026-2454 (Mattermost Calls): a list whose length is a lie": async (
    { port, mallory, undisturbed },
  ) => {
    // Watch.ids, packed, with four billion bytes announced; and nested in a frame of the right length.
    const lie = [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3];
    const watch = [0x62, lie.length, ...lie];
    const bytes = Uint8Array.from([0x0a, watch.length, ...watch]);
    for (let at = 0; at < 10; at++) {
      using socket = await RawSocket.open(port, mallory.token);
      await socket.send(bytes);
      equal(await socket.end(), 3502);
    }
    // As many as fit into a frame are not too many to refuse.
    using socket = await RawSocket.open(port, mallory.token);
    await socket.command({ id: 9, body: { case: "watch", value: { ids: new Array(60_000).fill(1) } } });
    const [reply] = (await socket.itemsUntil((item) => item.case === "reply")).slice(-1);
    ok(reply?.case === "reply" && reply.value.result.case === "error");
    await undisturbed();
  },

  "CVE-2026-9162 (Mattermost): a revoked session's socket goes on": async (
    { port, target, mallory, owner, bystanders },
  ) => {
    const { channelId } = bystanders;
    const ways: Record<string, () => Promise<unknown>> = {
      "revoked by oneself": async () => {
        const { token } = await login(target.url, signIn(mallory));
        return await request(target.url, ["revokeSessions", { allOthers: true }], { token });
      },
      "password reset by the owner": () =>
        request(target.url, ["resetPassword", { userId: mallory.userId, password: mallory.password }], owner),
      "account disabled": () =>
        request(target.url, ["setUserDisabled", { userId: mallory.userId, disabled: true }], owner),
    };
    for (const [way, revoke] of Object.entries(ways)) {
      const { token } = await login(target.url, signIn(mallory));
      // A peer that does not answer the close frame, and goes on as if nothing had happened.
      using socket = await RawSocket.open(port, token);
      await socket.command({ id: 1, body: { case: "open", value: {} } });
      await socket.itemsUntil((item) => item.case === "caughtUp");
      await revoke();
      for (let at = 0; at < 5; at++) {
        await socket.command({
          id: 2,
          body: { case: "sendMessage", value: { channelId, text: `ghost, ${way}` } },
        });
      }
      await bystanders.undisturbed();
      // What came before the end is older than the revocation: the newest event is none after it.
      equal(await socket.end(), 3500, way);
      const { messages } = await request(target.url, ["getHistory", { channelId }], owner);
      ok(!messages.some(({ text }) => text.startsWith("ghost")), way);
      await rejects(request(target.url, ["listSessions", {}], { token }), { code: "unauthenticated" });
    }
  },

  "CVE-2026-4635 (Mattermost): deletions that race": async ({ target, mallory, bystanders }) => {
    const { channelId } = bystanders;
    const ask = (command: Parameters<typeof request>[1]) =>
      request(target.url, command, { token: mallory.token });
    for (let round = 0; round < 5; round++) {
      const { seq: messageSeq } = await request(
        target.url,
        ["sendMessage", { channelId, text: `to be deleted ${round}` }],
        { token: mallory.token },
      );
      const at = { channelId, messageSeq };
      const race = await Promise.allSettled([
        ask(["deleteMessage", at]),
        ask(["editMessage", { ...at, text: "edited" }]),
        ask(["deleteMessage", at]),
        ask(["addReaction", { ...at, emoji: "👍" }]),
        ask(["removeReaction", { ...at, emoji: "👍" }]),
        ask(["deleteMessage", at]),
        ask(["sendMessage", { channelId, text: "reply", replyTo: messageSeq }]),
      ]);
      const codes = race.map((one) => one.status === "fulfilled" ? "ok" : (one.reason as RookeryError).code);
      equal([0, 2, 5].filter((which) => codes[which] === "ok").length, 1, codes.join());
      ok(codes.every((code) => code === "ok" || code === "failed_precondition"), codes.join());
    }
  },

  "CVE-2026-2463 (Mattermost): ids of invites reach those who may not see them": async (
    { target, mallory, owner },
  ) => {
    const wire = await WireSocket.open(target.socketUrl, { token: mallory.token, json: true });
    const heard: string[] = [];
    wire.socket.addEventListener("message", ({ data }) => heard.push(data));
    const invite = await request(target.url, ["createInvite", { uses: 7, validS: 7654 }], owner);
    for (const [command, body] of [["listInvites", {}], ["revokeInvite", { inviteId: invite.id }]] as const) {
      await rejects(request(target.url, [command, body], { token: mallory.token }), {
        code: "permission_denied",
      });
    }
    await request(target.url, ["revokeInvite", { inviteId: invite.id }], owner);
    // Whatever was told of the invite has come before this.
    wire.send({ id: 77, body: { case: "ping", value: {} } });
    await wire.reply(77);
    await wire.close();
    const all = heard.join();
    for (const detail of [invite.code, "usesLeft", String(invite.expiresMs)]) ok(!all.includes(detail), all);
  },

  "CVE-2026-23477 (Rocket.Chat): a way in without authorisation": async ({ port }) => {
    for (const name of COMMAND_NAMES) {
      const answer = await exchange(
        port,
        `POST /api/v1/${name} HTTP/1.1\nhost: x\ncontent-type: application/json\ncontent-length: 2\nconnection: close\n\n{}`,
      );
      const [status] = statuses(answer);
      if (OPEN_TO_ALL.includes(name)) ok(status !== 401 || name === "Login", `${name}: ${answer}`);
      else equal(status, 401, `${name}: ${answer}`);
    }
  },

  "CVE-2026-45078 (Synapse): one user's requests take the processor": async (
    { target, mallory, bystanders, undisturbed },
  ) => {
    const { channelId } = bystanders;
    const { token } = mallory;
    for (const text of POISON) {
      await request(target.url, ["sendMessage", { channelId, text }], { token }).catch(() => {});
    }
    const reads = [
      ["getHistory", { channelId }],
      ["listMembers", { channelId }],
      ["listUsers", { prefix: "z".repeat(10_000) }],
      ["listChannels", { prefix: "", after: "z".repeat(10_000) }],
      ["getUsers", { ids: new Array(100).fill(2) }],
      ["getHistory", { channelId, position: { case: "around", value: 4_000_000_000 } }],
    ] as const;
    const work = Array.from(
      { length: 120 },
      (_, at) => request(target.url, reads[at % reads.length]!, { token }),
    );
    await Promise.allSettled(work);
    await undisturbed();
  },

  "CVE-2026-45076 (Synapse): a message that breaks its channel's history": async ({ target, mallory }) => {
    const token = mallory.token;
    const { id: channelId } = await request(target.url, ["createChannel", { name: "poisoned" }], { token });
    const sent: string[] = [];
    for (const text of POISON) {
      const stored = await request(target.url, ["sendMessage", { channelId, text }], { token }).catch(() =>
        undefined
      );
      if (stored) sent.push(text);
    }
    ok(sent.length > POISON.length / 2, `${sent.length} were taken`);
    for (const format of ["proto", "json"] as const) {
      const read: string[] = [];
      for (let after = 0;;) {
        const { messages, moreAfter } = await request(
          target.url,
          ["getHistory", { channelId, limit: 3, position: { case: "after", value: after } }],
          { token, format },
        );
        read.push(...messages.map(({ text }) => text));
        after = messages.at(-1)?.seq ?? 0;
        if (!moreAfter) break;
      }
      deepEqual(read, sent, format);
      const wire = await WireSocket.open(target.socketUrl, { token, json: format === "json" });
      await wire.close();
    }
  },

  "CVE-2026-32301, CVE-2026-49998 (Centrifugo): what a token claims before it is verified, and one of another server":
    async (
      { target, owner, port },
    ) => {
      // Another server with another secret: its tokens and invites are worth nothing here.
      await using other = await Target.start();
      const stranger = await other.owner();
      const { code, id } = await request(other.url, ["createInvite", { uses: 9 }], stranger);
      const ours = await request(target.url, ["createInvite", { uses: 9 }], owner);
      const register = (inviteCode: string) =>
        request(target.url, ["register", { name: "forger", password: "password", inviteCode }]);
      const altered = Uint8Array.fromBase64(ours.code, { alphabet: "base64url" });
      altered[3]! ^= 1;
      const forged = [
        code,
        altered.toBase64({ alphabet: "base64url", omitPadding: true }),
        `${ours.code}A`,
        "A".repeat(27),
      ];
      for (const one of forged) await rejects(register(one), { code: "permission_denied" }, `${id}: ${one}`);
      const none = btoa('{"alg":"none"}').replaceAll("=", "");
      const tokens = [
        stranger.token,
        owner.token.slice(0, -1),
        `${owner.token}A`,
        `${none}.${none}.`,
        "undefined",
        "null",
      ];
      for (const token of tokens) {
        await rejects(
          request(target.url, ["listSessions", {}], { token }),
          { code: "unauthenticated" },
          token,
        );
        const answer = await exchange(
          port,
          handshake({ port, headers: `authorization: Bearer ${token}\n`, close: true }),
        );
        equal(statuses(answer)[0], 401, answer);
      }
    },
});
