//! Ways between places: near ones, far ones, and what no map has.

use super::dice::Dice;
use schema::travel::{Point, Travel, straight_m};
use serde_json::{Value, json};

/// From, to, the outlet's figures; the metres as the crow flies, and the way. A case a line.
pub fn ways() -> String {
    let mut dice = Dice(5);
    let mut rows: Vec<String> = Vec::new();
    for round in 0..80 {
        let reach = *dice.pick(&[2_000, 60_000, 2_000_000, 80_000_000]);
        let from = Point { latitude_e6: 31_230_416 - dice.number(90_000_000), longitude_e6: 121_473_701 };
        let to = Point {
            latitude_e6: (from.latitude_e6 + dice.number(reach) - reach / 2).clamp(-90_000_000, 90_000_000),
            longitude_e6: from.longitude_e6 + dice.number(reach) - reach / 2,
        };
        let base = (round % 3 == 0).then_some(from);
        let (detour_percent, speed_kmh) = (100 + dice.number(200), 1 + dice.number(80));
        let travel = Travel { base, detour_percent, speed_kmh, usual_minutes: 30 };
        rows.push(row(Some(from), Some(to), &travel));
    }
    let travel = Travel { base: None, detour_percent: 140, speed_kmh: 25, usual_minutes: 35 };
    let here = Point { latitude_e6: 31_230_416, longitude_e6: 121_473_701 };
    rows.extend([(None, Some(here)), (Some(here), None), (Some(here), Some(here))].map(|(a, b)| row(a, b, &travel)));
    format!("[\n{}\n]\n", rows.join(",\n"))
}

fn row(from: Option<Point>, to: Option<Point>, travel: &Travel) -> String {
    let straight: Value = from.zip(to).map(|(from, to)| straight_m(from, to)).into();
    json!([from, to, travel, straight, travel.way(from, to)]).to_string()
}
