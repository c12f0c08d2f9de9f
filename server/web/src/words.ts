/**
 * Every word that people see, in both languages: one catalogue, in one shape. Chinese is the one that is written first; English must have
 * the same entries. What depends on a number or a name is a function.
 *
 * A phone fetches and keeps its page over bad lines, so the desk's words come with the desk's pages (`addDeskWords`): the phone's may not use
 * them, and a test holds them to that.
 */
import { computed, signal } from "@preact/signals"
import { en } from "./words/en.ts"
import { zh } from "./words/zh.ts"
import type { zhDesk } from "./words/zh/desk.ts"

export type Language = "zh-CN" | "en"
export type CommonWords = typeof zh
export type DeskWords = typeof zhDesk
export type Words = CommonWords & DeskWords

const KEPT_AS = "language"
const catalogue = { "zh-CN": { ...zh }, en: { ...en } } as Record<Language, Words>

function preferred(): Language {
    const kept = globalThis.localStorage?.getItem(KEPT_AS)
    if (kept === "zh-CN" || kept === "en") return kept
    const asked = globalThis.navigator?.languages ?? []
    const first = asked.find((tag) => /^(zh|en)\b/i.test(tag))
    return first?.toLowerCase().startsWith("en") ? "en" : "zh-CN"
}

export const language = signal<Language>(preferred())
export const words = computed(() => catalogue[language.value])

/** The desk's pages say this too; before the first of them is shown. */
export function addDeskWords(more: Record<Language, DeskWords>): void {
    Object.assign(catalogue["zh-CN"], more["zh-CN"])
    Object.assign(catalogue.en, more.en)
}

/** Speaks this language from now on, on this device. */
export function speak(chosen: Language): void {
    localStorage.setItem(KEPT_AS, chosen)
    language.value = chosen
}

/** The one of two texts that the reader reads. */
export function pick<T>(text: { zh: T; en: T }): T {
    return language.value === "en" ? text.en : text.zh
}
