//! Closed words of records, as people say them.

use schema::people::Language;
use schema::record::{HoldKind, ReportField};
use schema::sheet::report_word;
use schema::status::Status;

/// What a job waits for.
pub const fn hold_name(language: Language, kind: HoldKind) -> &'static str {
    let waits = match kind {
        HoldKind::Part => Status::WaitingPart,
        HoldKind::Customer => Status::WaitingCustomer,
        HoldKind::Price => Status::WaitingPrice,
        HoldKind::Workshop => Status::InWorkshop,
        HoldKind::Absent => Status::CustomerAbsent,
        HoldKind::Proof => Status::AwaitingProof,
    };
    waits.name(language)
}

/// A value of the report; whatever somebody typed stays as it is.
pub fn value_name(language: Language, field: ReportField, value: &str) -> &str {
    match field {
        ReportField::Urgency | ReportField::Area => report_word(value, language),
        ReportField::Skill => skill_name(language, value),
        _ => value,
    }
}

/// The skills of the shipped fault classes; an outlet may have others.
fn skill_name(language: Language, skill: &str) -> &str {
    let (zh, en) = match skill {
        "plumbing" => ("管道", "plumbing"),
        "electric" => ("电气", "electric"),
        "appliance" => ("家电", "appliances"),
        "air_conditioning" => ("空调", "air conditioning"),
        "waterproofing" => ("防水", "waterproofing"),
        "carpentry" => ("木工", "carpentry"),
        "pump" => ("水泵", "pumps"),
        "lift" => ("电梯", "lifts"),
        "computer" => ("电脑", "computers"),
        "gas" => ("燃气", "gas"),
        other => (other, other),
    };
    if language == Language::Chinese { zh } else { en }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_the_record_is_shown_as_the_database_writes_it() {
        let chinese = |field, value| value_name(Language::Chinese, field, value);
        assert_eq!(chinese(ReportField::Urgency, "general"), "一般维修");
        assert_eq!(chinese(ReportField::Area, "own"), "自用部位");
        assert_eq!(chinese(ReportField::Skill, "appliance"), "家电");
        assert_eq!(chinese(ReportField::Skill, "煤气"), "煤气");
        assert_eq!(chinese(ReportField::Fault, "own"), "own", "what a customer said is no word of ours");
        for skill in schema::fault::FAULT_CLASSES.iter().filter_map(|class| class.skill) {
            assert_ne!(chinese(ReportField::Skill, skill), skill);
        }
        assert_eq!(hold_name(Language::Chinese, HoldKind::Part), Status::WaitingPart.name(Language::Chinese));
    }
}
