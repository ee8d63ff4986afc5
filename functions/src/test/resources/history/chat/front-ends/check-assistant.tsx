// assistant-ui, driven as its components drive it: sends, edits, regenerates, and comes back. What the page shows is what is stored.
import assert from "node:assert/strict";
import { main, reach, until } from "./page";
import { AssistantRuntimeProvider, type AssistantRuntime } from "@assistant-ui/react";
import { createRoot } from "react-dom/client";
import { useAssistant } from "./assistant";
import { call } from "./call";
import { load } from "./Chat";
import { api } from "./session";

let runtime!: AssistantRuntime;
function Page() {
    runtime = useAssistant();
    return <AssistantRuntimeProvider runtime={runtime}>{null}</AssistantRuntimeProvider>;
}

const said = () =>
    runtime.thread
        .getState()
        .messages.map(({ role, content }) => role + ": " + content.map(part => (part.type === "text" ? part.text : "")).join(""));
const thread = () => runtime.threads.mainItem.getState();
const done = (answer: string) => until(() => !runtime.thread.getState().isRunning && said().at(-1) === "assistant: " + answer);

async function send(text: string, answer: string) {
    runtime.thread.composer.setText(text);
    runtime.thread.composer.send();
    await done(answer);
}

async function edit(place: number, text: string, answer: string) {
    const { composer } = runtime.thread.getMessageByIndex(place);
    composer.beginEdit();
    composer.setText(text);
    composer.send();
    await done(answer);
}

async function shows(...messages: string[]) {
    assert.deepEqual(said(), messages);
    const stored = (await load(thread().remoteId!)).map(
        ({ role, parts }) => role + ": " + parts.map(part => (part.type === "text" ? part.text : "")).join(""),
    );
    assert.deepEqual(stored, messages);
}

let root = createRoot(main);
root.render(<Page />);
await until(() => runtime && !runtime.threads.getState().isLoading);
await send("One", "First");
await send("Two", "Second");
await send("Three", "Third");
await shows("user: One", "assistant: First", "user: Two", "assistant: Second", "user: Three", "assistant: Third");
await until(() => thread().title === "One");

await edit(2, "Two, edited", "Second, edited");
await shows("user: One", "assistant: First", "user: Two, edited", "assistant: Second, edited");

runtime.thread.getMessageByIndex(1).reload();
await done("First again");
await shows("user: One", "assistant: First again");

await edit(0, "One, edited", "Edited");
await shows("user: One, edited", "assistant: Edited");
await send("Go on", "Gone on");
await shows("user: One, edited", "assistant: Edited", "user: Go on", "assistant: Gone on");

const id = thread().remoteId!;
root.unmount();
root = createRoot(main);
root.render(<Page />);
await until(() => runtime.threads.getState().threadIds.includes(id));
assert.equal(runtime.threads.getItemById(id).getState().title, "One, edited");
await runtime.threads.switchToThread(id);
await until(() => said().length === 4);
await shows("user: One, edited", "assistant: Edited", "user: Go on", "assistant: Gone on");
await edit(0, "After a reload", "Reloaded");
await shows("user: After a reload", "assistant: Reloaded");

runtime.thread.composer.setText("Breaks");
runtime.thread.composer.send();
await until(() => {
    const { status } = runtime.thread.getState().messages.at(-1)!;
    return status?.type === "incomplete" && status.reason === "error";
});
runtime.thread.getMessageByIndex(3).reload();
await done("Mended");
await shows("user: After a reload", "assistant: Reloaded", "user: Breaks", "assistant: Mended");

runtime.thread.composer.setText("Long");
runtime.thread.composer.send();
await until(() => said().at(-1) === "assistant: Lon");
await call(`${api}/api/chat/${id}/stop`, { method: "POST" });
await done("Lon");
await send("And on", "After a stop");
assert.equal((await load(id)).length, 8);

// An edit of the words leaves the picture.
const pixel = "data:image/png;base64,iVBORw0KGgo=";
const picture = { type: "image" as const, image: pixel };
await runtime.thread.composer.addAttachment({ name: "dot.png", contentType: "image/png", content: [picture] });
await send("Look", "Seen");
const place = said().length - 2;
await edit(place, "Look again", "Seen again");
assert.deepEqual((await load(id))[place]!.parts, [
    { type: "text", text: "Look again" },
    { type: "file", url: pixel, mediaType: "image/png", filename: "dot.png" },
]);

await runtime.threads.getItemById(id).rename("Renamed");
await runtime.threads.getItemById(id).archive();
assert.deepEqual(runtime.threads.getState().archivedThreadIds, [id]);
reach("done");
process.exit(0);
