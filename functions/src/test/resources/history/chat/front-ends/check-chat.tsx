// useChat as a page has it: a person types, edits, stops, goes away and comes back.
import assert from "node:assert/strict";
import { main, reach, until } from "./page";
import { createRoot } from "react-dom/client";
import { Chat, load } from "./Chat";

const id = "fxdiMJBq7aYLXZRi";
const said = () => [...main.querySelectorAll("article")].map(article => article.className + ": " + article.querySelector("p")!.textContent);
const button = (name: string, place = 0) => () => [...main.querySelectorAll("button")].filter(button => button.textContent === name)[place];
const idle = () => until(() => main.querySelector("form"));

async function type(text: string) {
    const form = await idle();
    form.querySelector("input")!.value = text;
    form.requestSubmit();
    await until(button("Stop"));
}

async function shows(...messages: string[]) {
    await idle();
    assert.deepEqual(said(), messages);
    const stored = (await load(id)).map(({ role, parts }) => role + ": " + parts.map(part => "text" in part && part.text).join(""));
    assert.deepEqual(stored, messages);
}

let root = createRoot(main);
root.render(<Chat id={id} stored={[]} />);
await type("One");
await shows("user: One", "assistant: First");
await type("Two");
await shows("user: One", "assistant: First", "user: Two", "assistant: Second");

(await until(button("Another answer")))!.click();
await until(button("Stop"));
await shows("user: One", "assistant: First again");

globalThis.prompt = () => "One, edited";
(await until(button("Edit")))!.click();
await until(button("Stop"));
await shows("user: One, edited", "assistant: Edited");

await type("Breaks");
await until(() => main.querySelector("[role=alert]")?.textContent?.startsWith("The model"));
(await until(button("Retry")))!.click();
await until(() => !main.querySelector("[role=alert]"));
await shows("user: One, edited", "assistant: Edited", "user: Breaks", "assistant: Mended");

const online = globalThis.fetch;
globalThis.fetch = () => Promise.reject(new TypeError("Failed to fetch"));
const form = (await idle())!;
form.querySelector("input")!.value = "Breaks";
form.requestSubmit();
await until(() => main.querySelector("[role=alert]"));
globalThis.fetch = online;
(await until(button("Retry")))!.click();
await until(() => !main.querySelector("[role=alert]"));
await shows(
    "user: One, edited", "assistant: Edited", "user: Breaks", "assistant: Mended", "user: Breaks", "assistant: Arrived");

await type("Long");
await until(() => said().at(-1) === "assistant: Lon");
(await until(button("Stop")))!.click();
await shows("user: One, edited", "assistant: Edited", "user: Breaks", "assistant: Mended",
    "user: Breaks", "assistant: Arrived", "user: Long", "assistant: Lon");

await type("Resume");
await until(() => said().at(-1) === "assistant: Half");
root.unmount();
root = createRoot(main);
root.render(<Chat id={id} stored={await load(id)} />);
await until(() => said().at(-1) === "assistant: Half");
reach("resumed");
await until(() => said().at(-1) === "assistant: Half and whole");
await idle();
assert.equal(said().length, 10);
reach("done");
process.exit(0);
