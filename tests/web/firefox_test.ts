import assert from "node:assert/strict";
import { Rig } from "../server/rig.ts";
import { FIREFOX, Firefox } from "./firefox.ts";

const [ENTER, ESCAPE, DOWN, CONTROL] = ["\uE007", "\uE00C", "\uE015", "\uE009"];
const NAME = "Firefox: setting up, writing, menus, channels, and a server that comes back";

Deno.test({
  name: FIREFOX ? NAME : `${NAME} (SKIPPED: no Firefox here; apt-get install firefox-esr)`,
  ignore: !FIREFOX,
  async fn() {
    await using rig = await Rig.start();
    await using firefox = await Firefox.start();
    const shows = (selector: string, text: string) =>
      firefox.wait(
        `[...document.querySelectorAll(${JSON.stringify(selector)})].some((element) =>
          element.innerText.includes(${JSON.stringify(text)}))`,
      );
    await firefox.open(rig.app.ownerLink!);
    await shows("h1", "Set up this server");
    await firefox.type("input[autocomplete=username]", "olga");
    await firefox.type("input[type=password]", "correct horse battery");
    await firefox.click("button", "Become the owner");
    await firefox.type("#composer", "hello **from** @olga");
    await firefox.press(ENTER);
    await shows(".message[data-seq] strong", "from");
    const composer = `document.querySelector("#composer").value`;
    for (
      const [typed, taken, completed] of [["x :tada", ENTER, "x 🎉"], ["x :smile:", "", "x 😄"]] as const
    ) {
      await firefox.type("#composer", typed);
      if (taken) await firefox.wait(`document.querySelector("[role=option]") !== null`);
      if (taken) await firefox.press(taken);
      await firefox.wait(`${composer} === "${completed}"`);
      await firefox.chord(CONTROL, "z");
      await firefox.wait(`!${composer}.includes("${completed.slice(2)}")`);
      await firefox.wait(`(document.querySelector("#composer").select(), true)`);
      await firefox.press("\uE003", ESCAPE);
    }
    await firefox.click("button", "Add or browse");
    await firefox.press(DOWN);
    await firefox.wait(`document.activeElement.innerText.trim() === "Browse channels"`);
    await firefox.press(ESCAPE);
    await firefox.wait(`!document.querySelector("[role=menu]")`);
    await firefox.click("button", "Add or browse");
    await firefox.click("[role=menuitem]", "New channel");
    await firefox.type("dialog input", "birds");
    await firefox.click("dialog button", "Create");
    await shows(".room-head h2", "birds");
    await firefox.click(".sidebar h1 button");
    await firefox.click("[role=menuitem]", "Manage people");
    await shows("dialog .entries", "Here now");
    await firefox.press(ESCAPE);
    await firefox.click("button", "Insert an emoji");
    await firefox.wait(`document.querySelector(".emoji-groups section") !== null`);
    await firefox.press(ESCAPE);
    // Whatever it says of a server that is away is no fault of the page's.
    assert.deepEqual(firefox.problems.splice(0), []);
    await rig.stop();
    await shows(".connection", "No connection");
    await firefox.type("#composer", "meanwhile");
    await firefox.press(ENTER);
    await shows(".outgoing", "meanwhile");
    await rig.resume(Number(new URL(String(await firefox.wait("location.href"))).port));
    await shows(".message[data-seq]", "meanwhile");
  },
});
