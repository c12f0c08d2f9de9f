/**
 * Every word that people see, in both languages: one catalogue, in one shape. Chinese is the one that is written first; English must have
 * the same entries. What depends on a number or a name is a function.
 *
 * A page fetches the language that it speaks, and the other one when it is asked to speak that; nothing is drawn before its words are here. The
 * desk's words come with the desk's pages (`addWords`): the phone's may not use them, and a test holds them to that.
 */
import { computed, signal } from "@preact/signals"
import type { zh } from "./words/zh.ts"
import type { zhDesk } from "./words/zh/desk.ts"

export type Language = "zh-CN" | "en"
export type CommonWords = typeof zh
export type DeskWords = typeof zhDesk
export type Words = CommonWords & DeskWords

/** From where a part of the catalogue comes, in each language. */
type Source = Record<Language, () => Promise<object>>

const KEPT_AS = "language"
const sources: Source[] = [
    {
        "zh-CN": () => import("./words/zh.ts").then(({ zh }) => zh),
        en: () => import("./words/en.ts").then(({ en }) => en),
    },
]
const catalogue = signal<{ [L in Language]?: Words }>({})

function preferred(): Language {
    const kept = globalThis.localStorage?.getItem(KEPT_AS)
    if (kept === "zh-CN" || kept === "en") return kept
    const asked = globalThis.navigator?.languages ?? []
    const first = asked.find((tag) => /^(zh|en)\b/i.test(tag))
    return first?.toLowerCase().startsWith("en") ? "en" : "zh-CN"
}

export const language = signal<Language>(preferred())
/** What is said now; there once `learnFirst` has answered. */
export const words = computed(() => catalogue.value[language.value] as Words)
export const otherLanguage = computed<Language>(() => (language.value === "en" ? "zh-CN" : "en"))

/** The desk's pages say this too; before the first of them is shown. */
export function addWords(more: Source): void {
    sources.push(more)
}

/** Fetches the words of a language, once. */
export async function learn(wanted: Language): Promise<void> {
    if (catalogue.peek()[wanted]) return
    const parts = await Promise.all(sources.map((source) => source[wanted]()))
    catalogue.value = { ...catalogue.peek(), [wanted]: joined(parts) }
}

/** What two parts say of one noun stands together. */
function joined(parts: object[]): Words {
    const all: Record<string, object> = {}
    for (const part of parts) for (const [noun, said] of Object.entries(part)) all[noun] = { ...all[noun], ...said }
    return all as Words
}

/** Learns what this reader reads, or what there is: the other language is better than none. Throws where there is neither. */
export async function learnFirst(): Promise<void> {
    try {
        await learn(language.peek())
    } catch {
        await learn(otherLanguage.peek())
        language.value = otherLanguage.peek()
    }
}

/** Speaks this language from now on, on this device. Throws, and goes on as before, where its words can't be had. */
export async function speak(chosen: Language): Promise<void> {
    await learn(chosen)
    localStorage.setItem(KEPT_AS, chosen)
    language.value = chosen
}

/** The one of two texts that the reader reads. */
export function pick<T>(text: { zh: T; en: T }): T {
    return language.value === "en" ? text.en : text.zh
}
