import type { Words } from "../../words.ts"

export const signIn: Words["signIn"] = {
    title: "Sign in",
    login: "User name",
    password: "Password",
    submit: "Sign in",
    signOut: "Sign out",
    aPhone: "Phone",
    phoneName: "Name of this phone",
    phoneNameHint: "Your supervisor knows it by this name",
    toPhone: "Open the phone page",
}
