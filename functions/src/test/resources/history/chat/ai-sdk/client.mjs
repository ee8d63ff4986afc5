// A page with useChat, without the page: the class behind the hook talks to the API, and every step says what it expects.
// node client.mjs <package> <base url> <token>; a line on standard output tells the test that a step has been reached.
import assert from 'node:assert/strict';

const [name, api, token] = process.argv.slice(2);
const { AbstractChat, DefaultChatTransport } = await import(name);
const headers = { authorization: token };

class State {
    status = 'ready';
    error = undefined;
    constructor(messages) {
        this.messages = messages;
    }
    pushMessage = message => {
        this.messages = this.messages.concat(message);
    };
    popMessage = () => {
        this.messages = this.messages.slice(0, -1);
    };
    replaceMessage = (index, message) => {
        this.messages = [...this.messages.slice(0, index), message, ...this.messages.slice(index + 1)];
    };
    snapshot = value => structuredClone(value);
}

class Chat extends AbstractChat {
    constructor({ messages = [], ...rest }) {
        super({ ...rest, state: new State(messages) });
    }
}

let lastBody;
const requests = [];
const data = [];
let offline = false;
const watchingFetch = async (url, options) => {
    if (offline) {
        offline = false;
        throw new TypeError('Failed to fetch');
    }
    if (options.method === 'POST') {
        lastBody = options.body;
    }
    const response = await fetch(url, options);
    requests.push({ method: options.method ?? 'GET', status: response.status });
    return response;
};
const open = (id, messages) =>
    new Chat({
        id,
        messages,
        onData: part => data.push(part),
        onToolCall: ({ toolCall }) => assert.fail('runs ' + toolCall.toolCallId + ' again'),
        transport: new DefaultChatTransport({ api: api + '/api/chat', headers, fetch: watchingFetch }),
    });
const text = message => message.parts.filter(part => part.type === 'text').map(part => part.text).join('');
const said = chat => chat.messages.map(message => message.role + ': ' + text(message));
const reach = step => console.log(step);
const load = async id => {
    const response = await fetch(`${api}/api/conversations/${id}?format=ui-messages`, { headers });
    assert.equal(response.status, 200);
    return response.json();
};
const settled = (chat, error) => {
    assert.equal(chat.status, error ? 'error' : 'ready', String(chat.error));
};

const chat = open('fxdiMJBq7aYLXZRi');

await chat.sendMessage({ text: 'Hello there' });
settled(chat);
assert.deepEqual(said(chat), ['user: Hello there', 'assistant: Hello é😀']);
const conversationId = chat.messages[1].metadata.conversationId;
assert.match(conversationId, /^[0-9a-f-]{36}$/);
assert.deepEqual(chat.messages[1].metadata.usage, { inputTokens: 1, outputTokens: 3 });
assert.deepEqual(data.at(-1), { type: 'data-conversation', data: { id: conversationId, title: 'Hello there' }, transient: true });

await chat.sendMessage({ text: 'Second' });
settled(chat);
assert.equal(said(chat)[3], 'assistant: Second answer');
const second = chat.messages[3].id;

await chat.regenerate();
settled(chat);
assert.equal(said(chat).length, 4);
assert.equal(said(chat)[3], 'assistant: Another answer');
assert.notEqual(chat.messages[3].id, second, 'an answer that is made anew is a message of its own');

await chat.sendMessage({ text: 'Second, edited', messageId: chat.messages[2].id });
settled(chat);
assert.deepEqual(said(chat).slice(2), ['user: Second, edited', 'assistant: Edited answer']);

const again = await fetch(api + '/api/chat', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: lastBody,
});
assert.equal(again.status, 200);
assert.equal(again.headers.get('idempotency-replayed'), 'true');
assert.equal(again.headers.get('x-vercel-ai-ui-message-stream'), 'v1');
assert.match(await again.text(), /"delta":"Edited answer"/);

await chat.sendMessage({ text: 'Third' });
settled(chat, true);
assert.match(chat.error.message, /The model broke/);
assert.equal(said(chat)[5], 'assistant: Thi');
await chat.regenerate();
settled(chat);
assert.deepEqual(said(chat).slice(4), ['user: Third', 'assistant: Third answer']);

const reloaded = await load('fxdiMJBq7aYLXZRi');
assert.equal(reloaded.id, conversationId);
assert.deepEqual(reloaded.messages.map(message => message.id), chat.messages.map(message => message.id));
const page = open('fxdiMJBq7aYLXZRi', reloaded.messages);
assert.deepEqual(said(page), said(chat));
assert.deepEqual((await load(conversationId)).messages, reloaded.messages);
await page.resumeStream();
settled(page);
assert.equal(requests.at(-1).status, 204, 'nothing runs');

await page.regenerate();
settled(page);
assert.deepEqual(said(page).slice(4), ['user: Third', 'assistant: Third again']);

const sending = page.sendMessage({ text: 'Fourth' });
while (text(page.lastMessage) !== 'Fou') {
    await new Promise(resolve => setTimeout(resolve, 20));
}
await page.stop();
await sending;
reach('disconnected');
let half;
do {
    half = await load('fxdiMJBq7aYLXZRi');
} while (half.messages.at(-1).metadata.status !== 'running');
assert.deepEqual(half.messages.at(-1).parts, [], 'what grows is sent by the stream');
const back = open('fxdiMJBq7aYLXZRi', half.messages);
const resuming = back.resumeStream();
while (text(back.lastMessage) !== 'Fou') {
    await new Promise(resolve => setTimeout(resolve, 20));
}
reach('resumed');
await resuming;
settled(back);
assert.deepEqual(said(back).slice(6), ['user: Fourth', 'assistant: Fourth answer']);

const uuid = open(conversationId, (await load(conversationId)).messages);
await uuid.sendMessage({ text: 'Fifth' });
settled(uuid);
assert.deepEqual(said(uuid).slice(8), ['user: Fifth', 'assistant: Fifth answer']);
assert.equal(uuid.lastMessage.metadata.conversationId, conversationId, "the conversation's own id names the same chat");

// A send that fails stays in the list, and arrives with the next one.
const id = 'Zq3TtYVbW8n0LkEa';
const flaky = open(id);
const agrees = async () => {
    const stored = (await load(id)).messages;
    assert.deepEqual(stored.map(message => message.id), flaky.messages.map(message => message.id));
    assert.deepEqual(stored.map(text), flaky.messages.map(text));
    assert.deepEqual(stored.at(-1).metadata, flaky.lastMessage.metadata);
};
await flaky.sendMessage({ text: 'One' });
offline = true;
await flaky.sendMessage({ text: 'Lost?' });
settled(flaky, true);
await flaky.sendMessage({ text: 'Two' });
settled(flaky);
assert.deepEqual(said(flaky), ['user: One', 'assistant: First', 'user: Lost?', 'user: Two', 'assistant: Both']);
await agrees();

// As assistant-ui edits: the list is cut, and the message has a new id.
flaky.messages = flaky.messages.slice(0, 2);
await flaky.sendMessage({ text: 'Two, edited' });
settled(flaky);
assert.deepEqual(said(flaky).slice(2), ['user: Two, edited', 'assistant: After the cut']);
await agrees();

await flaky.regenerate({ messageId: flaky.messages[1].id });
settled(flaky);
assert.deepEqual(said(flaky), ['user: One', 'assistant: Anew']);
await agrees();

await flaky.sendMessage({ text: 'One, edited', messageId: flaky.messages[0].id });
settled(flaky);
assert.deepEqual(said(flaky), ['user: One, edited', 'assistant: Edited']);
await agrees();

const pixel = 'data:image/png;base64,iVBORw0KGgo=';
await flaky.sendMessage({ text: 'Look', files: [{ type: 'file', mediaType: 'image/png', url: pixel }] });
settled(flaky);
assert.deepEqual((await load(id)).messages[2].parts, flaky.messages[2].parts);

const long = flaky.sendMessage({ text: 'Long' });
while (text(flaky.lastMessage) !== 'Lon') {
    await new Promise(resolve => setTimeout(resolve, 20));
}
const stopped = await fetch(`${api}/api/chat/${id}/stop`, { method: 'POST', headers });
assert.equal(stopped.status, 200);
await long;
settled(flaky);
assert.equal(text(flaky.lastMessage), 'Lon');
assert.equal(flaky.lastMessage.metadata.status, 'stopped');
await agrees();

// The page runs a tool, and the answer goes on; the second time it is loaded anew and resumes.
const timed = 'tQ8vLmZ2cXb6NwRy';
const called = async call => {
    let stored;
    do {
        stored = await load(timed);
    } while (!stored.messages.at(-1).parts.some(part => part.toolCallId === call));
    return open(timed, stored.messages);
};
const shown = message => message.parts.map(part => part.text ?? part.output ?? part.type);
const agreesWith = async chat => {
    const stored = (await load(timed)).messages;
    assert.deepEqual(stored.map(message => message.id), chat.messages.map(message => message.id));
    assert.deepEqual(stored.map(shown), chat.messages.map(shown));
    assert.deepEqual(stored.at(-1).metadata, chat.lastMessage.metadata);
};
await open(timed).sendMessage({ text: 'When?' });
reach('calls c1');
const runs = await called('c1');
await runs.addToolResult({ tool: 'time', toolCallId: 'c1', output: '12:00' });
await runs.sendMessage();
settled(runs);
assert.deepEqual(shown(runs.lastMessage), ['Let me see', '12:00', 'step-start', 'Noon']);
await agreesWith(runs);

reach('calls c2');
const leaves = await called('c2');
await leaves.addToolResult({ tool: 'time', toolCallId: 'c2', output: '13:00' });
const continuing = leaves.sendMessage();
while (leaves.lastMessage.parts.at(-1).text !== 'O') {
    await new Promise(resolve => setTimeout(resolve, 20));
}
await leaves.stop();
await continuing;
const reloading = (await load(timed)).messages;
assert.equal(reloading.at(-1).metadata.status, 'running');
assert.deepEqual(reloading.at(-1).parts, [], 'all of it is sent by the stream');
const returns = open(timed, reloading);
const following = returns.resumeStream();
while (returns.lastMessage.parts.at(-1)?.text !== 'O') {
    await new Promise(resolve => setTimeout(resolve, 20));
}
reach('resumed c2');
await following;
settled(returns);
assert.deepEqual(
    shown(returns.lastMessage),
    ['Let me see', '12:00', 'step-start', 'Noon', '13:00', 'step-start', 'One']);
await agreesWith(returns);

reach('done');
process.exit(0);
