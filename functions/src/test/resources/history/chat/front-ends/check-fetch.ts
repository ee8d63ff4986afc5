// Plain fetch: the blocks of front-ends.md that need no library.
import assert from "node:assert/strict";
import { change, create, list, read, remove } from "./conversations";
import { ask } from "./first";
import { reach } from "./page";
import { send } from "./send";

const made = await create({ title: "By hand" }, "key-1");
assert.equal((await create({ title: "By hand" }, "key-1")).id, made.id);

const texts: string[] = [];
let id = "";
for await (const event of send({ message: "Hello" }, "key-2")) {
    if (event.status === "processing") {
        texts.push(event.delta ?? "");
        if (event.delta === "Hel") {
            reach("streaming");
        }
    } else if (event.status === "completed") {
        id = event.result.conversationId;
        assert.equal(event.result.content, "Hello, Ada");
    }
}
assert.equal(texts.join(""), "Hello, Ada");
assert.equal(await ask([{ role: "user", content: "And now?" }], id), "Second");
assert.deepEqual(
    (await read(id)).messages.map(message => message.content),
    ["Hello", "Hello, Ada", "And now?", "Second"],
);
await change(made.id, { archived: true });
assert.deepEqual((await list()).map(conversation => conversation.title), ["Hello"]);
assert.equal((await list("all")).length, 2);
await remove(made.id);
await assert.rejects(read(made.id), { message: "There is no such conversation." });
await assert.rejects(create({ title: "x".repeat(256) }, "key-3"), /255/);
reach("done");
