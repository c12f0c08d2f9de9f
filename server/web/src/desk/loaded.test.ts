import { signal } from "@preact/signals"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { Loader, type State } from "./loaded.ts"

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Counts how often it was asked. */
function counting(restMs?: number) {
    const asked = { count: 0 }
    const state = signal<State<number>>({ key: "" })
    return { asked, state, loader: new Loader(state, async () => (asked.count += 1), restMs) }
}

test("notices that come together are one reason to ask", async () => {
    const { asked, state, loader } = counting()
    for (let notice = 0; notice < 5; notice += 1) loader.soon()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(asked.count).toBe(1)
    expect(state.value.data).toBe(1)
})

test("the first notice is heard at once, and those after it once it has rested", async () => {
    const { asked, loader } = counting(10_000)
    loader.soon()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(asked.count).toBe(1)
    for (let second = 0; second < 8; second += 1) {
        loader.soon()
        await vi.advanceTimersByTimeAsync(1_000)
    }
    expect(asked.count).toBe(1)
    await vi.advanceTimersByTimeAsync(2_000)
    expect(asked.count).toBe(2)
})

test("who has gone is told nothing more", async () => {
    const { state, loader } = counting()
    loader.soon()
    loader.stop()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(state.value.data).toBeUndefined()
})
