// A browser's globals for React, and how a check waits.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<!doctype html><main></main>", { url: "https://app.example.com/", pretendToBeVisual: true });
for (const name of ["window", "document", "Node", "Element", "HTMLElement", "FormData"]) {
    Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}

export const main = window.document.querySelector("main")!;

export async function until<T>(found: () => T | null | undefined | false): Promise<T> {
    for (const end = Date.now() + 60_000; Date.now() < end; await new Promise(resolve => setTimeout(resolve, 10))) {
        const value = found();
        if (value) {
            return value;
        }
    }
    throw new Error("It never came about: " + found);
}

/** For the test, which lets the model go on. */
export const reach = (step: string) => console.log(step);
