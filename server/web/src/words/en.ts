import type { Words } from "../words.ts"
import { common } from "./en/common.ts"
import { signIn } from "./en/sign_in.ts"

export const en: Words = { common, signIn }
