import { useSignal } from "@preact/signals"
import { api, body } from "../../api/client.ts"
import { aboutOf } from "../../api/problem.ts"
import { Dialog, Field } from "../../design/parts.tsx"
import { words } from "../../words.ts"
import { once, useAct } from "../act.ts"
import { type Filled, Form, TextArea } from "../form.tsx"
import { minorOf } from "../../design/money.ts"
import { say } from "../said.ts"
import type { PriceRequest } from "./price_requests.tsx"

/** Whether it can be done, and for how much; said once. */
export function PriceDialog({ request, onClose }: { request: PriceRequest; onClose: () => void }) {
    const text = words.value.deskAnswers
    const act = useAct()
    const about = aboutOf(act.problem)
    const feasible = useSignal(true)
    const isNoAmount = useSignal(false)
    const destroysData = useSignal(false)
    const answer = async (filled: Filled) => {
        const price_minor = feasible.value ? minorOf(filled.text("price"), request.currency) : undefined
        isNoAmount.value = feasible.value && price_minor === undefined
        if (isNoAmount.value) return
        const unit = feasible.value ? filled.some("unit") : undefined
        const remark = filled.some("remark")
        const input = {
            feasible: feasible.value,
            ...(unit && { unit }),
            ...(remark && { remark }),
            ...(price_minor !== undefined && { price_minor }),
            ...(feasible.value && destroysData.value && { destroys_data: true }),
        }
        const to = { params: { path: { id: request.id } }, headers: once(), body: input }
        if (!(await act.run(() => body(api.POST("/v1/price-requests/{id}/answer", to))))) return
        say(text.sent)
        onClose()
    }
    return (
        <Dialog title={text.answerPrice} onClose={onClose}>
            <p>
                <strong>{request.text}</strong> <span class="soft figures">{text.job(request.number)}</span>
            </p>
            <Form act={act} save={text.answerPrice} onSubmit={answer} onCancel={onClose}>
                <fieldset class="field">
                    <legend>{text.decision}</legend>
                    <div class="row">
                        {[true, false].map((is) => (
                            <label key={String(is)} class="row job-check">
                                <input
                                    type="radio"
                                    name="feasible"
                                    checked={feasible.value === is}
                                    onChange={() => (feasible.value = is)}
                                />
                                {is ? text.feasible : text.notFeasible}
                            </label>
                        ))}
                    </div>
                </fieldset>
                {feasible.value && (
                    <div class="form-two">
                        <Field
                            label={text.price}
                            name="price"
                            inputMode="decimal"
                            required
                            autocomplete="off"
                            error={isNoAmount.value ? text.wrongPrice : about("/price_minor")}
                        />
                        <Field
                            label={text.unit}
                            name="unit"
                            hint={text.unitHint}
                            required
                            autocomplete="off"
                            error={about("/unit")}
                        />
                    </div>
                )}
                {feasible.value && (
                    <label class="row job-check">
                        <input
                            type="checkbox"
                            checked={destroysData.value}
                            onChange={(event) => (destroysData.value = event.currentTarget.checked)}
                        />
                        {text.destroysData}
                    </label>
                )}
                <TextArea
                    label={text.remark}
                    name="remark"
                    hint={text.remarkHint}
                    required={!feasible.value}
                    maxLength={2000}
                    error={about("/remark")}
                />
            </Form>
        </Dialog>
    )
}
