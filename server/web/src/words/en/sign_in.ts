import type { Words } from "../../words.ts"

export const signIn: Words["signIn"] = {
    title: "Sign in",
    login: "User name",
    password: "Password",
    submit: "Sign in",
    signOut: "Sign out",
    phoneName: "Name of this phone",
    phoneNameHint: "Your supervisor knows it by this name",
    forOffice: "This page is for dispatch and desk. Technicians use the phone page.",
    forTechnicians: "This page is for technicians. Everybody else uses the dispatch page.",
    toPhone: "Open the phone page",
    toDesk: "Open the dispatch page",
}
