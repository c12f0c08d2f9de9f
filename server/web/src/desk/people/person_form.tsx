/** Who somebody is, what they do and can do: for who is hired, and for who is here. */
import type { Schemas } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { session } from "../../api/session.ts"
import { Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { useAct } from "../act.ts"
import { Choice, Options } from "../choice.tsx"
import { everyOutlet } from "../everybody.ts"
import { type Filled, Form } from "../form.tsx"
import { useLoaded } from "../loaded.ts"
import { GivenPassword } from "./password.tsx"

type Person = Schemas["Person"]
export interface Asked {
    name: string
    phone: string
    role: Schemas["Role"]
    outlet_id: string
    skills: string[]
    language: Schemas["Language"]
    /** None: the next free one, or the one that they have. */
    staff_number: string | undefined
    /** Only for who is hired. */
    login: string
    password: string
}

interface Props {
    person?: Person
    save: string
    onSave: (asked: Asked) => Promise<unknown>
    onCancel: () => void
}

export function PersonForm({ person, save, onSave, onCancel }: Props) {
    const { deskLists, deskStaff, terms } = words.value
    const act = useAct()
    const about = aboutOf(act.problem)
    const isOneself = person?.id === session.value?.person.id
    return (
        <Form
            act={act}
            class="card form-narrow"
            save={save}
            onCancel={onCancel}
            onSubmit={(filled) => act.run(() => onSave(asked(filled)))}
        >
            <div class="form-two">
                <Line name="name" label={deskLists.people.name} person={person} error={about("/name")} required />
                <Line name="phone" label={deskLists.people.phone} person={person} error={about("/phone")} required />
                <Choice
                    label={deskLists.people.role}
                    name="role"
                    disabled={isOneself}
                    hint={isOneself ? deskStaff.notYourself : undefined}
                    error={about("/role")}
                >
                    <Options of={terms.role} chosen={person?.role ?? "technician"} />
                </Choice>
                {isOneself && <input type="hidden" name="role" value={person?.role} />}
                <OutletChoice chosen={person?.outlet_id} error={about("/outlet_id")} />
            </div>
            <Skills skills={person?.skills ?? []} error={about("/skills")} />
            <div class="form-two">
                <Line
                    name="staff_number"
                    label={deskLists.people.number}
                    hint={deskStaff.numberHint}
                    person={person}
                    error={about("/staff_number")}
                />
                <Choice label={deskStaff.language} name="language" error={about("/language")}>
                    <Options of={deskStaff.languages} chosen={person?.language ?? "zh-CN"} />
                </Choice>
            </div>
            {!person && (
                <div class="form-two">
                    <Field
                        label={deskLists.people.login}
                        name="login"
                        hint={deskStaff.loginHint}
                        error={about("/login")}
                        autocomplete="off"
                        autocapitalize="none"
                        spellcheck={false}
                        required
                    />
                    <GivenPassword label={deskStaff.firstPassword} error={about("/password")} />
                </div>
            )}
        </Form>
    )
}

interface LineProps {
    name: "name" | "phone" | "staff_number"
    label: string
    hint?: string
    person: Person | undefined
    error: string | undefined
    required?: boolean
}

function Line({ name, person, ...rest }: LineProps) {
    return (
        <Field
            {...rest}
            name={name}
            defaultValue={person?.[name] ?? ""}
            inputMode={name === "phone" ? "tel" : "text"}
            autocomplete="off"
        />
    )
}

function OutletChoice({ chosen, error }: { chosen: string | undefined; error: string | undefined }) {
    const outlets = useLoaded("outlets", everyOutlet, { movesWith: () => false })
    const own = chosen ?? session.value?.person.outlet_id
    return (
        <Choice label={words.value.deskStaff.outlet} name="outlet_id" error={error}>
            {/* Until the list is here, nothing but what is so stands in it. */}
            {!outlets.data && <option value={own}>…</option>}
            {outlets.data?.map((outlet) => (
                <option key={outlet.id} value={outlet.id} selected={outlet.id === own}>
                    {outlet.name}
                </option>
            ))}
        </Choice>
    )
}

function Skills({ skills, error }: { skills: string[]; error: string | undefined }) {
    const { deskStaff, terms } = words.value
    const others = skills.filter((skill) => !(skill in terms.skill))
    return (
        <fieldset class="field">
            <legend>{deskStaff.allSkills}</legend>
            <div class="form-checks">
                {Object.entries(terms.skill).map(([skill, name]) => (
                    <label key={skill} class="row job-check">
                        <input type="checkbox" name="skills" value={skill} defaultChecked={skills.includes(skill)} />
                        {name}
                    </label>
                ))}
            </div>
            <Field
                label={deskStaff.otherSkills}
                name="other_skills"
                hint={deskStaff.otherSkillsHint}
                defaultValue={others.join(", ")}
                error={error}
                autocomplete="off"
            />
        </fieldset>
    )
}

function asked(filled: Filled): Asked {
    const others = filled.text("other_skills").split(/[,，、\s]+/)
    return {
        name: filled.text("name"),
        phone: filled.text("phone"),
        role: filled.text("role") as Schemas["Role"],
        outlet_id: filled.text("outlet_id"),
        skills: [...filled.all("skills"), ...others].filter(Boolean),
        language: filled.text("language") as Schemas["Language"],
        staff_number: filled.some("staff_number"),
        login: filled.text("login"),
        password: filled.secret("password"),
    }
}
