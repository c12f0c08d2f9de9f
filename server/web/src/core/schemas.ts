/**
 * The types that the server's OpenAPI document gives, under one short name. The record, the checklist and the price list are taken from there
 * and not written down a second time: what changes on the server changes here, or does not compile.
 */
import type { components } from "../../types/schema.d.ts"

export type Schemas = components["schemas"]
