import { everywhere } from "./zh/everywhere.ts"
import { signIn } from "./zh/sign_in.ts"

export const zh = { everywhere, signIn }
