//! Classes of fault that the desk chooses from. Each says how urgent it is (domain.md §2, 急修 and 一般) and which skill it needs;
//! the agent may say otherwise.

use crate::people::Bilingual;
use crate::record::Urgency;
use serde::Serialize;

/// One class of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultClass {
    pub id: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub urgency: Urgency,
    /// None where anybody can do it.
    pub skill: Option<&'static str>,
}

/// A class of fault as the desk reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FaultClassText {
    pub id: &'static str,
    pub name: Bilingual,
    pub urgency: Urgency,
    pub skill: Option<&'static str>,
}

const fn class(
    id: &'static str,
    (zh, en): (&'static str, &'static str),
    urgency: Urgency,
    skill: Option<&'static str>,
) -> FaultClass {
    FaultClass { id, zh, en, urgency, skill }
}

use Urgency::{General, Urgent};

/// Urgent ones first, as the desk looks for them.
pub const FAULT_CLASSES: &[FaultClass] = &[
    class("shared_danger", ("公共部位或设备有危险", "Danger in shared parts or equipment"), Urgent, None),
    class("power_loss", ("室内停电", "No power indoors"), Urgent, Some("electric")),
    class("current_leak", ("室内线路漏电", "Leakage of current from indoor wiring"), Urgent, Some("electric")),
    class("pump_failure", ("水泵故障", "Pump failure"), Urgent, Some("pump")),
    class("burst_pipe", ("水管爆裂", "Burst pipe"), Urgent, Some("plumbing")),
    class("tap_leaking_badly", ("水龙头严重漏水", "Badly leaking tap"), Urgent, Some("plumbing")),
    class("no_water", ("停水、无水", "No water"), Urgent, Some("plumbing")),
    class("down_pipe_blocked", ("下水管堵塞", "Blocked down-pipe"), Urgent, Some("plumbing")),
    class("basin_leaking", ("地漏、面盆漏水", "Leaking basin or floor drain"), Urgent, Some("plumbing")),
    class("lift_stopped", ("电梯停运", "Lift stopped"), Urgent, Some("lift")),
    class("floor_broken", ("楼板、楼梯踏板断裂", "Broken floor or stair board"), Urgent, Some("carpentry")),
    class(
        "railing_loose",
        ("楼梯、阳台、屋面护栏松动", "Loose railing of stair, balcony or roof terrace"),
        Urgent,
        Some("carpentry"),
    ),
    class("gas_smell", ("燃气异味", "Smell of gas"), Urgent, Some("gas")),
    class("other_danger", ("其他危险情况", "Another danger"), Urgent, None),
    class("door_window", ("门窗、锁具", "Doors, windows, locks"), General, Some("carpentry")),
    class("plumbing", ("给排水、卫生洁具", "Plumbing and sanitary fittings"), General, Some("plumbing")),
    class("lighting", ("灯具、插座、开关", "Lights, sockets, switches"), General, Some("electric")),
    class("roof_seepage", ("屋面、墙面渗水", "Seepage through roof or wall"), General, Some("waterproofing")),
    class("air_conditioner", ("空调故障", "Air conditioner"), General, Some("air_conditioning")),
    class("water_heater", ("热水器、壁挂炉故障", "Water heater or boiler"), General, Some("gas")),
    class("refrigerator", ("冰箱故障", "Refrigerator"), General, Some("appliance")),
    class("washing_machine", ("洗衣机故障", "Washing machine"), General, Some("appliance")),
    class(
        "kitchen_appliance",
        ("油烟机、灶具等厨房电器故障", "Cooker hood, stove, kitchen appliance"),
        General,
        Some("appliance"),
    ),
    class("television", ("电视机故障", "Television"), General, Some("appliance")),
    class("computer", ("电脑、网络设备故障", "Computer or network equipment"), General, Some("computer")),
    class("installation", ("安装、调试", "Installation and setting up"), General, None),
    class("small_repair", ("其他零修、便民服务", "Other small repairs and convenience services"), General, None),
];

/// The class of this id.
pub fn find(id: &str) -> Option<&'static FaultClass> {
    FAULT_CLASSES.iter().find(|class| class.id == id)
}

impl FaultClass {
    pub fn text(&self) -> FaultClassText {
        let name = Bilingual { zh: self.zh.to_owned(), en: self.en.to_owned() };
        FaultClassText { id: self.id, name, urgency: self.urgency, skill: self.skill }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_classes_share_an_id() {
        for class in FAULT_CLASSES {
            assert_eq!(find(class.id), Some(class));
        }
    }

    #[test]
    fn what_endangers_people_is_urgent() {
        for id in ["current_leak", "lift_stopped", "railing_loose", "burst_pipe"] {
            assert_eq!(find(id).map(|class| class.urgency), Some(Urgent), "{id}");
        }
    }
}
