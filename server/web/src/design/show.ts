/** How a face begins: with its words, and not before. */
import { effect } from "@preact/signals"
import { render, type VNode } from "preact"
import { language, learnFirst, words } from "../words.ts"

/** Draws the page once it can speak; where it can't, the page's own file says so, in both languages. Answers when that is done. */
export async function show(face: VNode): Promise<void> {
    const [app, unloaded] = ["app", "unloaded"].map((id) => document.getElementById(id))
    try {
        await learnFirst()
    } catch {
        unloaded?.removeAttribute("hidden")
        return
    }
    effect(() => {
        document.documentElement.lang = language.value
        document.title = words.value.everywhere.product
    })
    if (app) render(face, app)
}
