import type { Words } from "../words.ts"
import { everywhere } from "./en/everywhere.ts"
import { signIn } from "./en/sign_in.ts"

export const en: Words = { everywhere, signIn }
