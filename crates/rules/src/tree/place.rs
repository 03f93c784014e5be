//! Where an enterprise is, by the area tree and its overlay zones, and since when.

use serde::{Deserialize, Serialize};

use super::age::Duration;
use super::compare::Operator;
use crate::value::FactKey;

/// `注册地 属于 武汉市`: the place lies in one of the areas.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub fact: FactKey,
    /// 不属于
    pub negated: bool,
    /// Area codes.
    pub areas: Vec<String>,
}

/// `在武汉市注册 满 2年`: held within the area without a break for that long. Moving inside the area is no break.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Residence {
    pub fact: FactKey,
    pub area: String,
    pub operator: Operator,
    pub duration: Duration,
}

/// The verb of each place fact: 在…注册.
pub const VERBS: [(&str, &str); 4] =
    [("place_registered", "注册"), ("place_tax", "纳税"), ("place_statistics", "统计"), ("place_operating", "经营")];
