/**
 * Every word that people see, in both languages: one catalogue, in one shape. Chinese is the one that is written first; English must have
 * the same entries. What depends on a number or a name is a function.
 */
import { computed, signal } from "@preact/signals"
import { en } from "./words/en.ts"
import { zh } from "./words/zh.ts"

export type Language = "zh-CN" | "en"
export type Words = typeof zh

const KEPT_AS = "language"
const catalogue: Record<Language, Words> = { "zh-CN": zh, en }

function preferred(): Language {
    const kept = globalThis.localStorage?.getItem(KEPT_AS)
    if (kept === "zh-CN" || kept === "en") return kept
    const asked = globalThis.navigator?.languages ?? []
    const first = asked.find((tag) => /^(zh|en)\b/i.test(tag))
    return first?.toLowerCase().startsWith("en") ? "en" : "zh-CN"
}

export const language = signal<Language>(preferred())
export const words = computed(() => catalogue[language.value])

/** Speaks this language from now on, on this device. */
export function speak(chosen: Language): void {
    localStorage.setItem(KEPT_AS, chosen)
    language.value = chosen
}

/** The one of two texts that the reader reads. */
export function pick<T>(text: { zh: T; en: T }): T {
    return language.value === "en" ? text.en : text.zh
}
