//! When the customer can sign on their own page, and what is still to be done before: by the gate that a signature must pass, so that
//! nobody is shown a form that would be refused.

use crate::binary::Hash;
use crate::gate::{self, Rule, Violation};
use crate::people::Bilingual;
use crate::record::{JobRecord, SignOff, SignOffKind};
use crate::status::{Status, status};
use crate::template::{Gate, Stage, Template};

/// Whether the customer can sign for the sheet as it stands.
pub enum Signing {
    /// The work is not that far, it is signed for, or it is over.
    No,
    /// When this is done.
    After(Bilingual),
    Now,
}

pub fn signing(record: &JobRecord, template: &Template, sheet_hash: Hash) -> Signing {
    let status = status(record);
    // Who declined may still sign, for the same sheet too.
    let signs_it = |sign_off: &SignOff| sign_off.kind == SignOffKind::Signed && sign_off.sheet_hash == sheet_hash;
    let is_covered = record.sign_offs.values().any(signs_it);
    let lacking = gate::before_signing(record, template);
    match status {
        _ if is_covered => Signing::No,
        Status::Tested | Status::Signed | Status::AwaitingProof if lacking.is_empty() => Signing::Now,
        Status::Tested | Status::Signed | Status::AwaitingProof => Signing::After(still_to_do(template, &lacking)),
        // Where the test failed or was skipped with a reason, the work is as far as it gets on this visit.
        Status::Working if lacking.is_empty() && asks_for_a_test(template) => Signing::Now,
        _ => Signing::No,
    }
}

fn asks_for_a_test(template: &Template) -> bool {
    template.stage_step(Stage::SignOff).is_some_and(|step| step.gates.contains(&Gate::Tested))
}

/// What the gate lacks, for the customer: which things, not how to go about them.
fn still_to_do(template: &Template, lacking: &[Violation]) -> Bilingual {
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for (name_zh, name_en) in lacking.iter().map(|violation| name(template, violation)) {
        if !zh.contains(&name_zh) {
            zh.push(name_zh);
            en.push(name_en);
        }
    }
    Bilingual {
        zh: format!("签字前还需服务工程师完成：{}。完成后即可在此验收签字。", zh.join("、")),
        en: format!("You can sign here once the technician has seen to this: {}.", en.join(", ")),
    }
}

fn name(template: &Template, violation: &Violation) -> (String, String) {
    let step = violation.step.as_deref().and_then(|step| template.step(step)).map(|step| &step.name);
    let (zh, en) = match (violation.rule, step) {
        (Rule::Tested | Rule::CleanedUp, Some(name)) => return (name.zh.clone(), name.en.to_lowercase()),
        (Rule::Evidence, Some(name)) => {
            return (format!("补齐“{}”的记录", name.zh), format!("the records of \"{}\"", name.en.to_lowercase()));
        }
        (Rule::ToolsComplete, _) => ("清点工具", "counting the tools"),
        (Rule::ChargeAgreed, _) => ("填写收费金额", "filling in the charge"),
        (Rule::Consent, _) => ("请您认可报价", "asking you to accept the quote"),
        (Rule::BackupConsent, _) => ("请您确认数据备份", "asking you about the backup of your data"),
        _ => ("补齐服务记录", "the records of the visit"),
    };
    (zh.to_owned(), en.to_owned())
}

#[cfg(test)]
mod tests {
    use crate::binary::Hash;
    use crate::example::{finished, id, template};
    use crate::public::{PublicJob, Stand, public_job};
    use crate::record::{DecisionKind, JobRecord, MarkKind, SignOffKind};

    fn seen(record: &JobRecord) -> PublicJob {
        public_job(record, &template(), &[Hash::of(b"heads")], "400-800-1234")
    }

    #[test]
    fn the_customer_signs_when_the_gate_lets_them_and_hears_before_what_is_still_to_be_done() {
        let mut dirty = finished();
        dirty.marks.remove("cleanup");
        dirty.charges.clear();
        let page = seen(&dirty);
        assert_eq!((page.can_sign, page.stand), (false, Stand::Working));
        let sentence = page.before_signing.unwrap();
        assert_eq!(sentence.zh, "签字前还需服务工程师完成：cleanup、填写收费金额。完成后即可在此验收签字。");
        assert_eq!(
            sentence.en,
            "You can sign here once the technician has seen to this: cleanup, filling in the charge."
        );
        let page = seen(&finished());
        assert_eq!((page.can_sign, page.before_signing, page.stand), (true, None, Stand::ReadyToSign));
    }

    #[test]
    fn a_test_that_was_skipped_with_a_reason_keeps_nobody_from_signing() {
        let mut skipped = finished();
        skipped.marks.get_mut("testing").unwrap().kind = MarkKind::Skipped;
        assert!(!seen(&skipped).can_sign);
        skipped.marks.get_mut("testing").unwrap().reason = Some("停电".to_owned());
        assert!(seen(&skipped).can_sign);
    }

    #[test]
    fn what_is_signed_for_is_not_to_be_signed_again_until_it_changes() {
        let mut signed = finished().with_sign_off(1, SignOffKind::Signed, 120);
        signed.sign_offs.get_mut(&id(1)).unwrap().sheet_hash = seen(&finished()).sheet_hash;
        assert!(!seen(&signed).can_sign);
        signed.diagnosis.cause = Some("阀芯老化".to_owned());
        assert!(seen(&signed).can_sign);
    }

    #[test]
    fn who_declined_may_still_sign_until_the_job_is_closed() {
        let mut declined = finished().with_sign_off(1, SignOffKind::Declined, 120);
        declined.sign_offs.get_mut(&id(1)).unwrap().sheet_hash = seen(&finished()).sheet_hash;
        let page = seen(&declined);
        assert_eq!((page.stand, page.can_sign), (Stand::Declined, true));
        declined.marks.remove("cleanup");
        assert!(!seen(&declined).can_sign, "by the gate, as anybody");
        let closed = declined.with_decision(1, DecisionKind::Closed, 130);
        assert_eq!((seen(&closed).can_sign, seen(&closed).before_signing), (false, None));
    }
}
