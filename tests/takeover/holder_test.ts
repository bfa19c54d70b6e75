/** Holder and heir, step by step, over sockets that are made of nothing. @module */
import assert from "node:assert/strict";
import { Heir } from "../../src/takeover/heir.ts";
import { type Estate, Holder } from "../../src/takeover/holder.ts";
import { Conversation, type FromHolder, PROTOCOL } from "../../src/takeover/message.ts";
import { FakeListener, KeepingLog } from "./fakes.ts";

const SELF = { type: "hello", protocol: PROTOCOL, version: "1.0.0", pid: 7, host: "::1", port: 80 } as const;

/** An estate that remembers what was done with it. */
class FakeEstate implements Estate {
  readonly done: string[] = [];
  /** How often the folder is still the heir's when it is asked for. */
  held = 0;
  failure: Error | undefined;
  readonly #reclaimed = Promise.withResolvers<void>();

  release(): Promise<void> {
    this.done.push("released");
    return this.failure ? Promise.reject(this.failure) : Promise.resolve();
  }

  reclaim(): Promise<boolean> {
    if (this.held-- > 0) return Promise.resolve(false);
    this.done.push("reclaimed");
    this.#reclaimed.resolve();
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(true);
  }

  get reclaimed(): Promise<void> {
    return this.#reclaimed.promise;
  }
}

class World implements Disposable {
  readonly listener = new FakeListener();
  readonly estate = new FakeEstate();
  readonly log = new KeepingLog();
  readonly holder = new Holder({
    listener: this.listener as unknown as Deno.UnixListener,
    self: SELF,
    estate: this.estate,
    log: this.log,
  });

  knock(pid: number): Promise<Heir | undefined> {
    return Heir.greet(new Conversation(this.listener.connect()), { version: "2.0.0", pid });
  }

  /** Knocks again while the one before is not forgotten. */
  async knockUntilHeard(pid: number): Promise<Heir> {
    for (;;) {
      try {
        return (await this.knock(pid))!;
      } catch (error) {
        if (!/already/.test((error as Error).message)) throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    this.holder[Symbol.dispose]();
    this.listener.close();
  }
}

Deno.test("O10 an heir that is done ends its holder", async () => {
  using world = new World();
  using heir = await world.knock(8);
  assert.deepEqual(heir!.holder, SELF);
  await heir!.take();
  assert.deepEqual(world.estate.done, ["released"]);
  const place = { host: "127.0.0.1", port: 8000 };
  await heir!.done(place);
  const over = await world.holder.over;
  assert.ok("by" in over && over.by.pid === 8 && over.by.version === "2.0.0");
  assert.deepEqual(over.place, place);
  await assert.rejects(world.knock(9), /taken over by process 8 already/);
  assert.deepEqual(world.estate.done, ["released"]);
});

for (const end of ["says that it failed", "hangs up"] as const) {
  Deno.test(`O10 when the heir ${end} the holder goes on, as soon as the folder is free`, async () => {
    using world = new World();
    world.estate.held = 3;
    const heir = (await world.knock(8))!;
    await heir.take();
    if (end === "hangs up") heir[Symbol.dispose]();
    else await heir.failed("no room");
    await world.estate.reclaimed;
    assert.deepEqual(world.estate.done, ["released", "reclaimed"]);
    await world.log.until("serving_again");
    heir[Symbol.dispose]();
    assert.match(world.log.text, end === "hangs up" ? /"reason":"it ended"/ : /"reason":"no room"/);
    // The next one has its chance.
    using next = await world.knockUntilHeard(9);
    await next.take();
    assert.equal(world.estate.done.length, 3);
  });
}

Deno.test("O10 an heir that hangs up before it asks disturbs nothing", async () => {
  using world = new World();
  (await world.knock(8))![Symbol.dispose]();
  using next = await world.knockUntilHeard(9);
  await next.take();
  assert.deepEqual(world.estate.done, ["released"]);
});

Deno.test("O10 a holder that cannot let go says so and goes on", async () => {
  using world = new World();
  world.estate.failure = new Error("a commit does not end");
  using heir = (await world.knock(8))!;
  await assert.rejects(heir.take(), /does not hand over: a commit does not end/);
  assert.deepEqual(world.estate.done, ["released"]);
});

Deno.test("O10 a holder that cannot go on ends with an error", async () => {
  using world = new World();
  const heir = (await world.knock(8))!;
  await heir.take();
  world.estate.failure = new Error("The data was changed");
  heir[Symbol.dispose]();
  const over = await world.holder.over;
  assert.ok("error" in over && over.error.message === "The data was changed");
});

Deno.test("O10 a holder that ends frees the heir; one of another protocol, or that talks nonsense, is told", async () => {
  {
    using world = new World();
    using heir = (await world.knock(8))!;
    const taken = heir.take();
    world[Symbol.dispose]();
    await taken;
  }
  using world = new World();
  const stranger = new Conversation(world.listener.connect());
  await stranger.say({ type: "hello", protocol: PROTOCOL + 1, version: "9", pid: 8 });
  const answer = await stranger.hear<FromHolder>();
  assert.ok(answer?.type === "refused" && /speaks protocol \d+/.test(answer.reason));
  const end = world.listener.connect();
  await end.write(new TextEncoder().encode("GET / HTTP/1.1\r\n\r\n"));
  assert.equal(await end.read(new Uint8Array(9)), null);
  assert.deepEqual(world.estate.done, []);
});
