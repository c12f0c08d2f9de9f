import { language, words } from "../words.ts"
import type { components } from "../../types/schema.d.ts"

export type ProblemBody = components["schemas"]["ProblemBody"]

/** Why something was not done, as the server or the network said. Its message is a sentence for people, in their language. */
export class Problem extends Error {
    /** None where the server was not reached. */
    readonly body: ProblemBody | undefined

    constructor(body?: ProblemBody) {
        super(body ? inWords(body) : words.value.everywhere.unreachable)
        this.body = body
    }

    get isOffline(): boolean {
        return this.body === undefined
    }

    /** What was wrong with one field, by its pointer as in `/login`. */
    about(at: string): string | undefined {
        const error = this.body?.errors?.find((error) => error.at === at)
        return error && (language.value === "en" ? error.en : error.zh)
    }
}

function inWords(body: ProblemBody): string {
    if (body.status >= 500 && body.status !== 503) return words.value.everywhere.unexpected(body.request_id ?? "–")
    const said = body.detail ?? body.title
    const why = (body.errors ?? []).map((error) => (language.value === "en" ? error.en : error.zh))
    return why.length > 0 ? `${said}${language.value === "en" ? ": " : "："}${why.join("；")}` : said
}

/** What was wrong with each field of what was sent, by its pointer. */
export function aboutOf(problem: unknown): (at: string) => string | undefined {
    return (at) => (problem instanceof Problem ? problem.about(at) : undefined)
}

/** Whatever was thrown, as a sentence. */
export function sentence(error: unknown): string {
    return error instanceof Problem ? error.message : words.value.everywhere.unexpected(String(error))
}
