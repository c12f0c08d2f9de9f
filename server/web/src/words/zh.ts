import { common } from "./zh/common.ts"
import { signIn } from "./zh/sign_in.ts"

export const zh = { common, signIn }
