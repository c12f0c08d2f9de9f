/** What one chooses from has to be seen whole. */
import { api, body, type Schemas } from "../api/client.ts"
import { whole } from "./pages.ts"

type Narrowed = { role?: Schemas["Role"]; outlet?: string }

export const everybody = (narrowed: Narrowed = {}) =>
    whole((part) => body(api.GET("/v1/people", { params: { query: { ...narrowed, ...part } } })))

export const everyOutlet = () => whole((part) => body(api.GET("/v1/outlets", { params: { query: part } })))
