/** The words as the customer reads them, in their language, and their hand under exactly these. */
import type { Signal } from "@preact/signals"
import type { Language } from "../../core/backup.ts"
import { words } from "../../words.ts"
import { Pad } from "./pad.tsx"

/** What was drawn, and under which words: under others it signs nothing. */
export interface Drawn {
    strokes: string
    under: string
}

export function LanguageChoice({ theirs }: { theirs: Signal<Language> }) {
    const said = words.value.backup
    return (
        <fieldset class="stack">
            <legend>{said.language}</legend>
            {(["zh-CN", "en"] as const).map((one) => (
                <label key={one} class="check">
                    <input
                        type="radio"
                        name="their-language"
                        checked={theirs.value === one}
                        onChange={() => (theirs.value = one)}
                    />
                    {said.languages[one]}
                </label>
            ))}
        </fieldset>
    )
}

export function ShownWords({ text, language }: { text: string; language: Language }) {
    return (
        <div class="backup-text" lang={language}>
            {text.split("\n").map((line) => (
                <p key={line}>{line}</p>
            ))}
        </div>
    )
}

export function PadUnder({ text, drawn }: { text: string; drawn: Signal<Drawn> }) {
    return <Pad key={text} onStrokes={(strokes) => (drawn.value = { strokes, under: text })} />
}

/** What was drawn under these words; empty where nothing was. */
export function strokesUnder(text: string, drawn: Signal<Drawn>): string {
    return drawn.value.under === text ? drawn.value.strokes : ""
}
