/** The server's operations, as its OpenAPI document names them: `api.GET("/v1/jobs", …)`. Throws a `Problem` for whatever goes wrong. */
import createClient, { type Middleware } from "openapi-fetch"
import { language } from "../words.ts"
import { Problem, type ProblemBody } from "./problem.ts"
import type { components, paths } from "../../types/schema.d.ts"
import { accessToken, forget } from "./session.ts"

export type Schemas = components["schemas"]

const told: Middleware = {
    async onRequest({ request }) {
        const token = await accessToken()
        if (token) request.headers.set("Authorization", `Bearer ${token}`)
        request.headers.set("Accept-Language", language.value)
    },
    async onResponse({ response }) {
        if (response.ok) return
        // The session was ended elsewhere: whoever reads it is asked to sign in.
        if (response.status === 401) forget()
        throw new Problem((await response.json().catch(() => undefined)) as ProblemBody | undefined)
    },
    onError({ error }) {
        return error instanceof Problem ? error : new Problem()
    },
}

export const api = createClient<paths>({ baseUrl: "/" })
api.use(told)

/** The body of an answer that went well. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
    return (await answer).data as T
}

/** A change of some fields. The document names them all; the server changes those that are there. */
export const changing = <T>(some: Partial<T>): T => some as T
